// SPDX-License-Identifier: Apache-2.0
/**
 * Host-side tools that turn an application into a sealed unikernel image or into a static Linux binary. Runs on an
 * ordinary JVM and is never part of an image.
 */
package org.unimark.builder;

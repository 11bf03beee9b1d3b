// SPDX-License-Identifier: Apache-2.0
/** The key-value store in booted images. */
package org.unimark.keel.application.kv.boot;

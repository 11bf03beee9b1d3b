// SPDX-License-Identifier: Apache-2.0
/**
 * Parts of Keel at work by themselves, for microbenchmarks: the same code is timed on a JVM and counted in an image. Parts
 * that belong to an application are in its package.
 */
package org.unimark.keel.part;

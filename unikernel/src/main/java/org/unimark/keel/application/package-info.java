// SPDX-License-Identifier: Apache-2.0
/**
 * Ring 6: applications, and the platform they run on. An application sees {@code net}, {@code storage}, {@code kernel} and
 * {@code buffer}, never a device or another application, and is the same on an image, on Linux and on a JVM.
 */
package org.unimark.keel.application;

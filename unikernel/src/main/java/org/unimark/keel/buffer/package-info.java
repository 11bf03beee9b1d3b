// SPDX-License-Identifier: Apache-2.0
/**
 * Ring 1: bounds-checked views of memory outside the garbage-collected heap, and pools of them. May import machine
 * only, and of it only Memory.
 */
package org.unimark.keel.buffer;

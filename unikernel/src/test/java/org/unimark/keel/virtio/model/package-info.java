// SPDX-License-Identifier: Apache-2.0
/** Models of virtio devices, of their two kinds of registers and of an interrupt controller, for tests on a JVM. */
package org.unimark.keel.virtio.model;

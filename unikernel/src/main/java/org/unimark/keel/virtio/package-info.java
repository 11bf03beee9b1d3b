// SPDX-License-Identifier: Apache-2.0
/**
 * Ring 5: what all virtio devices have in common: registers behind {@link org.unimark.keel.virtio.Transport}, bringing a
 * device up, negotiating features, failing. Transports and rings are packages below; drivers are packages of ring 6. May
 * import machine, buffer, memory, cpu, kernel and pci.
 */
package org.unimark.keel.virtio;

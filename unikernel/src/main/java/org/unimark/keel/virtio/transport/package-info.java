// SPDX-License-Identifier: Apache-2.0
/**
 * Ring 5: where the registers of virtio devices lie: PCI (virtio 1.2, section 4.1, modern interface only) and memory
 * mapped I/O (section 4.2, version 2 only), and finding them at boot.
 */
package org.unimark.keel.virtio.transport;

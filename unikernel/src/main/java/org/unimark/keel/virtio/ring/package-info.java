// SPDX-License-Identifier: Apache-2.0
/**
 * Ring 5: the split virtqueue (virtio 1.2, section 2.7) with event index. Knows rings and nothing of what travels in
 * them. May import machine, buffer and kernel's counters.
 */
package org.unimark.keel.virtio.ring;

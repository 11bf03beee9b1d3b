// SPDX-License-Identifier: Apache-2.0
/**
 * Ring 6: the driver of virtio network cards (virtio 1.2, section 5.1) behind {@code net.device.NetworkDevice}: checksum
 * offload both ways, mergeable receive buffers, TCP segmentation on transmit, event index.
 */
package org.unimark.keel.virtio.net;

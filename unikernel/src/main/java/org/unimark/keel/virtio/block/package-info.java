// SPDX-License-Identifier: Apache-2.0
/**
 * Ring 6: the driver of virtio disks (virtio 1.2, section 5.2) behind {@code storage.device.BlockDevice}: many requests in
 * flight, several segments each, flush, discard and write zeroes where offered, event index.
 */
package org.unimark.keel.virtio.block;

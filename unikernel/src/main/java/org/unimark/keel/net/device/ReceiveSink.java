// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.device;

import org.unimark.keel.buffer.Block;

/** Where a device delivers. */
public interface ReceiveSink {
    /**
     * One Ethernet frame in {@code block.bytes[block.start, block.end)}. The device releases its reference after the
     * call; who needs the bytes longer retains the block.
     *
     * @param checksumVerified the device or the host vouches for the transport checksum
     */
    void receive(Block block, boolean checksumVerified);
}

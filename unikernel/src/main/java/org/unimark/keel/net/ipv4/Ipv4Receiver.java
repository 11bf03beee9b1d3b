// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.ipv4;

import org.unimark.keel.buffer.Block;

/** A protocol above IPv4. */
public interface Ipv4Receiver {
    /**
     * Takes the payload {@code block.bytes[at, at + length)} of a packet whose header, from {@code header} on, is sound.
     *
     * @param source a unicast address of another station, or our own
     * @param destination our own address or a broadcast to this link
     * @param checksumVerified somebody below vouches for the checksum of TCP or UDP
     */
    void receive(
            Block block,
            int header,
            int at,
            int length,
            int source,
            int destination,
            boolean checksumVerified,
            long nowNanos);
}

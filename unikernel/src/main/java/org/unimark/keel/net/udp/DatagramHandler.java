// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.udp;

import org.unimark.keel.buffer.Bytes;

/** What the owner of a UDP port does about a datagram. */
public interface DatagramHandler {
    /**
     * The payload {@code data[offset, offset + length)}; the view is valid during the call only.
     *
     * @param address of the sender, IPv4
     */
    void received(UdpSocket socket, int address, int port, Bytes data, int offset, int length, long nowNanos);
}

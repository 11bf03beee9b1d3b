// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.tcp;

import org.unimark.keel.buffer.Block;
import org.unimark.keel.buffer.BlockPool;
import org.unimark.keel.kernel.Counters;
import org.unimark.keel.kernel.RandomSource;
import org.unimark.keel.kernel.Timers;
import org.unimark.keel.net.socket.Connection;
import org.unimark.keel.net.socket.ConnectionHandler;
import org.unimark.keel.net.socket.Network;

/**
 * TCP (RFC 9293) on a {@link SegmentSink}. Received segments go in one by one; what they and the applications cause goes out
 * when {@link #flushOutput} is called at the end of a turn, so that acknowledgements travel with data and several writes
 * share segments.
 */
public final class TcpEngine implements Network {
    private final SegmentSink sink;

    /**
     * An engine without connections.
     *
     * @param sendBlocks copied bytes on their way out; 2 KiB a block is a good size
     * @param receiveBuffers blocks of {@link Connection#RECEIVE_CONTIGUOUS} bytes or more, for handlers that leave bytes
     */
    public TcpEngine(
            TcpParameters parameters,
            BlockPool sendBlocks,
            BlockPool receiveBuffers,
            SegmentSink sink,
            Timers timers,
            Counters counters,
            RandomSource random) {
        this.sink = sink;
    }

    /**
     * Takes one segment from below.
     *
     * @param block where it lies; retained by the engine if it keeps the bytes
     * @param at where the TCP header begins in {@code block.bytes}
     * @param length of header and payload in bytes
     * @param source IPv4 address, which is not a group's
     * @param destination own IPv4 address, which is not a group's either
     * @param checksumVerified somebody below vouches for the checksum
     */
    public void receive(
            Block block, int at, int length, int source, int destination, boolean checksumVerified, long nowNanos) {}

    /**
     * Sends everything that is due, presents bytes that were held back, and tells handlers about ends.
     *
     * @return how much there was to do; 0 if nothing
     */
    public int flushOutput(long nowNanos) {
        return 0;
    }

    /** Whether a full queue below kept segments back: come again soon. */
    public boolean hasPendingOutput() {
        return false;
    }

    /**
     * A router could not forward a packet of ours (RFC 1191).
     *
     * @param ports of the lost segment, as it was sent: own port in the upper half
     * @param sequence of the lost segment
     * @param mtu that would have fitted, in bytes; 0 if the router did not tell
     */
    public void packetTooBig(int source, int destination, int ports, int sequence, int mtu) {}

    /**
     * ICMP says that a packet of ours did not arrive. Ends connections that are not yet established if {@code hard}
     * (protocol or port unreachable, prohibited); everything else is a hint that changes nothing (RFC 5461).
     */
    public void unreachable(int source, int destination, int ports, int sequence, boolean hard) {}

    @Override
    public Listener listen(int port, int backlog, Acceptor acceptor) {
        return null;
    }

    @Override
    public Connection connect(int address, int port, ConnectionHandler handler) {
        return null;
    }
}

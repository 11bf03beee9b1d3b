// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.tcp;

import org.unimark.keel.net.wire.TcpView;

/** How long the segments of a connection may be: what the peer takes and the path carries (RFC 9293, 3.7; RFC 1191). */
final class PathLimits {
    private static final int IP_HEADER_BYTES = 20;
    /** No path of today is narrower (RFC 1191 would allow 68); a forged report must not make segments tiny. */
    private static final int MINIMUM_PATH_MTU = 552;
    /** Payload of the largest frame for segmentation offload: an IP packet of 64 KB with all headers. */
    private static final int MAXIMUM_OFFLOAD_BYTES = 65_535 - IP_HEADER_BYTES - TcpView.MAXIMUM_BYTES;

    private final TcpEngine engine;

    PathLimits(TcpEngine engine) {
        this.engine = engine;
    }

    /** Sets how long segments may be, TCP header included. */
    void setMaximumSegment(TcpConnection connection, int bytes) {
        connection.maximumSegment = bytes;
        int segmentBytes = bytes - connection.headerBytes;
        connection.segmentBytes = segmentBytes;
        // To ourselves, a segment at a time waits for room: of a long frame that finds none, the end would be lost.
        boolean isLocal = connection.localAddress == connection.remoteAddress;
        connection.maximumFrame = isLocal ? segmentBytes : MAXIMUM_OFFLOAD_BYTES / segmentBytes * segmentBytes;
    }

    /** A router tells that packets of more than {@code mtu} bytes do not fit; 0 if it does not tell the size. */
    void narrow(TcpConnection connection, int mtu) {
        reduceSegments(connection, Math.max(mtu, MINIMUM_PATH_MTU) - IP_HEADER_BYTES);
    }

    private void reduceSegments(TcpConnection connection, int bytes) {
        if (bytes >= connection.maximumSegment) {
            return;
        }
        engine.counters.segmentSizeReduced.increment();
        setMaximumSegment(connection, bytes);
        connection.congestion.segmentBytesChanged(connection.segmentBytes);
        connection.sendNext = connection.sendUnacknowledged;
        connection.stopTiming(engine.nowNanos());
        engine.markDirty(connection);
    }

    /** Full segments seem to vanish: try small ones, which every path carries. */
    void suspectBlackHole(TcpConnection connection) {
        reduceSegments(connection, MINIMUM_PATH_MTU - IP_HEADER_BYTES);
    }
}

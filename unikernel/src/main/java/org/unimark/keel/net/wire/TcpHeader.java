// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.wire;

import java.util.List;
import org.unimark.keel.buffer.Bytes;

/**
 * A TCP header apart from its payload and checksum: for tests, tools and tracing; the engine works on views.
 *
 * @param flags or of {@link TcpView#FIN} and so on
 * @param window as on the wire
 */
public record TcpHeader(
        int sourcePort,
        int destinationPort,
        int sequence,
        int acknowledgment,
        int flags,
        int window,
        int urgentPointer,
        Options options) {

    /**
     * Meaningful options.
     *
     * @param maximumSegmentSize in bytes, 0 if absent
     * @param windowScale {@link TcpOptions#ABSENT} if absent
     * @param timestamps null if absent
     * @param sack blocks, at most four (three beside timestamps)
     */
    public record Options(
            int maximumSegmentSize,
            int windowScale,
            boolean sackPermitted,
            Timestamps timestamps,
            List<SackBlock> sack) {
        public static final Options NONE = new Options(0, TcpOptions.ABSENT, false, null, List.of());

        int length() {
            return (maximumSegmentSize != 0 ? TcpOptions.MAXIMUM_SEGMENT_SIZE_BYTES : 0)
                    + (windowScale != TcpOptions.ABSENT ? TcpOptions.WINDOW_SCALE_BYTES : 0)
                    + (sackPermitted ? TcpOptions.SACK_PERMITTED_BYTES : 0)
                    + (timestamps != null ? TcpOptions.TIMESTAMPS_BYTES : 0)
                    + (sack.isEmpty() ? 0 : 4 + 8 * sack.size());
        }
    }

    /** RFC 7323, 3.2. */
    public record Timestamps(int value, int echo) {}

    /** RFC 2018, 3: sequence numbers {@code left} up to but without {@code right}. */
    public record SackBlock(int left, int right) {}

    public static TcpHeader of(int sourcePort, int destinationPort, int sequence, int acknowledgment, int flags) {
        return new TcpHeader(sourcePort, destinationPort, sequence, acknowledgment, flags, 0xffff, 0, Options.NONE);
    }

    public boolean has(int flag) {
        return (flags & flag) != 0;
    }

    /** In bytes, with options: where the payload begins. */
    public int length() {
        return TcpView.MINIMUM_BYTES + options.length();
    }

    /** Returns null if the header or its options are malformed. */
    public static TcpHeader parse(Bytes bytes, int at, int length) {
        int headerLength = TcpView.headerLength(bytes, at, length);
        TcpOptions options = new TcpOptions();
        if (headerLength < 0 || !options.parse(bytes, at + TcpView.MINIMUM_BYTES, at + headerLength)) {
            return null;
        }
        return new TcpHeader(
                TcpView.sourcePort(bytes, at),
                TcpView.destinationPort(bytes, at),
                TcpView.sequence(bytes, at),
                TcpView.acknowledgment(bytes, at),
                TcpView.flags(bytes, at),
                TcpView.window(bytes, at),
                TcpView.urgentPointer(bytes, at),
                freeze(options));
    }

    private static Options freeze(TcpOptions options) {
        SackBlock[] blocks = new SackBlock[options.sackBlocks];
        for (int i = 0; i < blocks.length; i++) {
            blocks[i] = new SackBlock(options.sackLeft[i], options.sackRight[i]);
        }
        return new Options(
                options.maximumSegmentSize,
                options.windowScale,
                options.sackPermitted,
                options.hasTimestamps ? new Timestamps(options.timestampValue, options.timestampEcho) : null,
                List.of(blocks));
    }

    /** Writes header and options with a checksum of zero and returns where the payload belongs. */
    public int emit(Bytes bytes, int at) {
        int ports = TcpView.ports(sourcePort, destinationPort);
        TcpView.put(bytes, at, ports, sequence, acknowledgment, flags, window, length());
        TcpView.putUrgentPointer(bytes, at, urgentPointer);
        int position = at + TcpView.MINIMUM_BYTES;
        if (options.maximumSegmentSize != 0) {
            position = TcpOptions.putMaximumSegmentSize(bytes, position, options.maximumSegmentSize);
        }
        if (options.windowScale != TcpOptions.ABSENT) {
            position = TcpOptions.putWindowScale(bytes, position, options.windowScale);
        }
        if (options.sackPermitted) {
            position = TcpOptions.putSackPermitted(bytes, position);
        }
        if (options.timestamps != null) {
            position = TcpOptions.putTimestamps(bytes, position, options.timestamps.value, options.timestamps.echo);
        }
        if (!options.sack.isEmpty()) {
            position = TcpOptions.putSackHead(bytes, position, options.sack.size());
            for (SackBlock block : options.sack) {
                position = TcpOptions.putSackBlock(bytes, position, block.left, block.right);
            }
        }
        return position;
    }

    /** Computes and sets the checksum of a segment of {@code length} bytes, payload included. */
    public static void putChecksum(Bytes bytes, int at, int length, int sourceAddress, int destinationAddress) {
        long pseudo = InternetChecksum.pseudoHeader(sourceAddress, destinationAddress, Ipv4View.PROTOCOL_TCP, length);
        TcpView.putChecksum(bytes, at, 0);
        TcpView.putChecksum(bytes, at, InternetChecksum.finish(pseudo + InternetChecksum.sum(bytes, at, length)));
    }
}

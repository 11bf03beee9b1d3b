// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.wire;

import org.unimark.keel.buffer.Bytes;

/**
 * An IPv4 header without options.
 *
 * @param payloadLength bytes behind the header
 * @param fragmentOffset where the payload belongs in the whole, in bytes, a multiple of 8
 */
public record Ipv4Header(
        int typeOfService,
        int payloadLength,
        int identification,
        boolean dontFragment,
        boolean moreFragments,
        int fragmentOffset,
        int timeToLive,
        int protocol,
        int source,
        int destination) {

    /** The time to live of everything that Keel sends (RFC 1700). */
    public static final int DEFAULT_TIME_TO_LIVE = 64;

    /** An ordinary packet that must not be cut. */
    public static Ipv4Header of(int source, int destination, int protocol, int payloadLength) {
        return new Ipv4Header(0, payloadLength, 0, true, false, 0, DEFAULT_TIME_TO_LIVE, protocol, source, destination);
    }

    /** Returns null if the header is malformed or its checksum wrong; skips options. */
    public static Ipv4Header parse(Bytes bytes, int at, int length) {
        int headerLength = Ipv4View.headerLength(bytes, at, length);
        if (headerLength < 0 || !Ipv4View.isChecksumCorrect(bytes, at, headerLength)) {
            return null;
        }
        int fragment = Ipv4View.fragment(bytes, at);
        return new Ipv4Header(
                Ipv4View.typeOfService(bytes, at),
                Ipv4View.totalLength(bytes, at) - headerLength,
                Ipv4View.identification(bytes, at),
                (fragment & Ipv4View.DONT_FRAGMENT) != 0,
                (fragment & Ipv4View.MORE_FRAGMENTS) != 0,
                (fragment & Ipv4View.OFFSET_MASK) << 3,
                Ipv4View.timeToLive(bytes, at),
                Ipv4View.protocol(bytes, at),
                Ipv4View.source(bytes, at),
                Ipv4View.destination(bytes, at));
    }

    /** Writes header and checksum and returns the position behind them. */
    public int emit(Bytes bytes, int at) {
        int fragment = fragmentOffset >> 3
                | (dontFragment ? Ipv4View.DONT_FRAGMENT : 0)
                | (moreFragments ? Ipv4View.MORE_FRAGMENTS : 0);
        int totalLength = Ipv4View.HEADER_BYTES + payloadLength;
        Ipv4View.put(bytes, at, totalLength, identification, fragment, timeToLive << 8 | protocol, source, destination);
        if (typeOfService != 0) {
            Ipv4View.putTypeOfService(bytes, at, typeOfService);
        }
        return at + Ipv4View.HEADER_BYTES;
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.tcp;

import org.unimark.keel.kernel.RandomSource;

/**
 * Half-open connections that are kept nowhere but in the numbers that the peer gives back (RFC 4987, 3.6). The initial
 * sequence number carries the segment size and a keyed hash; the low bits of the timestamp carry the options.
 *
 * <pre>
 * sequence  - the peer's:  5 bits time | 3 bits segment size | 24 bits hash
 * timestamp:              26 bits clock | 1 bit SACK | 4 bits window scale (15: none) | 1 bit unused
 * </pre>
 */
final class SynCookies {
    /** Bits of a timestamp that a cookie takes. */
    static final int TIMESTAMP_BITS = 6;

    private static final int TIMESTAMP_MASK = (1 << TIMESTAMP_BITS) - 1;
    private static final int SACK_BIT = 0x20;
    private static final int SCALE_SHIFT = 1;
    private static final int NO_SCALE = 15;

    /** A cookie is good in the period in which it was made and in the next: periods of 69 seconds. */
    private static final int PERIOD_SHIFT = 36;

    private static final int PERIOD_MASK = 0x1f;
    private static final int HASH_MASK = 0xffffff;

    private final SipHash hash;

    SynCookies(RandomSource random) {
        hash = new SipHash(random.nextLong(), random.nextLong());
    }

    /** Sizes that a cookie can remember, in ascending order: those that are common (RFC 4987, 3.6). */
    private static int segmentBytes(int index) {
        switch (index) {
            case 0:
                return 536;
            case 1:
                return 1200;
            case 2:
                return 1300;
            case 3:
                return 1380;
            case 4:
                return 1400;
            case 5:
                return 1440;
            case 6:
                return 1460;
            default:
                return 8960;
        }
    }

    private static int segmentIndex(int segmentBytes) {
        int index = 7;
        while (index > 0 && segmentBytes(index) > segmentBytes) {
            index--;
        }
        return index;
    }

    /** The initial sequence number to answer a SYN with. */
    int make(int localAddress, int remoteAddress, int ports, int remoteSequence, int peerSegmentBytes, long nowNanos) {
        int period = (int) (nowNanos >> PERIOD_SHIFT) & PERIOD_MASK;
        int top = period << 27 | segmentIndex(peerSegmentBytes) << 24;
        return top | mac(localAddress, remoteAddress, ports, remoteSequence, top);
    }

    /**
     * Checks a cookie that came back.
     *
     * @return the peer's maximum segment size in bytes, or 0 if this is none of ours
     */
    int check(int cookie, int localAddress, int remoteAddress, int ports, int remoteSequence, long nowNanos) {
        int period = (int) (nowNanos >> PERIOD_SHIFT);
        int top = cookie & ~HASH_MASK;
        int age = period - (cookie >>> 27) & PERIOD_MASK;
        if (age > 1 || (cookie & HASH_MASK) != mac(localAddress, remoteAddress, ports, remoteSequence, top)) {
            return 0;
        }
        return segmentBytes(cookie >>> 24 & 7);
    }

    private int mac(int localAddress, int remoteAddress, int ports, int remoteSequence, int top) {
        long addresses = TcpSecrets.pair(localAddress, remoteAddress);
        return (int) hash.hash(addresses, TcpSecrets.pair(ports, remoteSequence), top) & HASH_MASK;
    }

    /** A timestamp not later than {@code timestamp} that carries the options; {@code windowScale} negative: none. */
    static int putOptions(int timestamp, boolean sackPermitted, int windowScale) {
        int bits = (sackPermitted ? SACK_BIT : 0) | (windowScale < 0 ? NO_SCALE : windowScale) << SCALE_SHIFT;
        int marked = timestamp & ~TIMESTAMP_MASK | bits;
        return marked - timestamp > 0 ? marked - (1 << TIMESTAMP_BITS) : marked;
    }

    static boolean sackPermitted(int timestampEcho) {
        return (timestampEcho & SACK_BIT) != 0;
    }

    /** -1: none. */
    static int windowScale(int timestampEcho) {
        int scale = timestampEcho >> SCALE_SHIFT & 0xf;
        return scale == NO_SCALE ? -1 : scale;
    }
}

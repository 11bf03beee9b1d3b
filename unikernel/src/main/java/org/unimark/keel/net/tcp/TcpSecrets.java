// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.tcp;

import org.unimark.keel.kernel.RandomSource;

/** Numbers that a stranger must not guess, derived from addresses and keys drawn at start. */
final class TcpSecrets {
    /** The clock of initial sequence numbers ticks every 4.096 microseconds (RFC 6528, 3 says 4). */
    private static final int SEQUENCE_TICK_SHIFT = 12;
    /** The clock of timestamps ticks every 1.048576 ms (RFC 7323, 5.4 allows 1 ms to 1 s). */
    static final int TIMESTAMP_TICK_SHIFT = 20;

    private final SipHash sequenceHash;
    private final SipHash timestampHash;

    TcpSecrets(RandomSource random) {
        sequenceHash = new SipHash(random.nextLong(), random.nextLong());
        timestampHash = new SipHash(random.nextLong(), random.nextLong());
    }

    /** ISN = M + F(addresses, ports, key) (RFC 6528). */
    int initialSequence(int localAddress, int remoteAddress, int ports, long nowNanos) {
        int hidden = (int) sequenceHash.hash(pair(localAddress, remoteAddress), ports);
        return (int) (nowNanos >> SEQUENCE_TICK_SHIFT) + hidden;
    }

    /** What is added to the clock in timestamps sent to one host, so that they do not tell how long we are up. */
    int timestampOffset(int localAddress, int remoteAddress) {
        return (int) timestampHash.hash(pair(localAddress, remoteAddress), 0);
    }

    static int timestampTicks(long nowNanos) {
        return (int) (nowNanos >> TIMESTAMP_TICK_SHIFT);
    }

    static long pair(int upper, int lower) {
        return (long) upper << 32 | lower & 0xffffffffL;
    }
}

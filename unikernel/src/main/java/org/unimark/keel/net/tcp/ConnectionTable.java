// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.tcp;

import org.unimark.keel.kernel.RandomSource;

/**
 * Connections by addresses and ports: open addressing with linear probing, never more than half full, and no tombstones. The
 * hash is multiply-shift with random coefficients (Dietzfelbinger 1996), so that nobody can choose ports that collide.
 */
final class ConnectionTable {
    private final TcpConnection[] slots;
    private final int mask;
    private final int shift;
    private final long multiplier;
    private final long addend;
    private int size;

    ConnectionTable(int maximumConnections, RandomSource random) {
        int bits = 33 - Integer.numberOfLeadingZeros(Math.max(maximumConnections, 8) - 1);
        slots = new TcpConnection[1 << bits];
        mask = slots.length - 1;
        shift = 64 - bits;
        multiplier = random.nextLong() | 1;
        addend = random.nextLong();
    }

    /** Address and ports of the peer's view in one word; the local address is compared besides. */
    static long key(int remoteAddress, int ports) {
        return (long) remoteAddress << 32 | ports & 0xffffffffL;
    }

    private int slot(long key) {
        return (int) ((key * multiplier + addend) >>> shift);
    }

    /** The connection or null. */
    TcpConnection find(long key, int localAddress) {
        TcpConnection[] table = slots;
        int at = slot(key);
        while (true) {
            TcpConnection connection = table[at];
            if (connection == null || connection.key == key && connection.localAddress == localAddress) {
                return connection;
            }
            at = (at + 1) & mask;
        }
    }

    /** Adds a connection that is not in the table. */
    void add(TcpConnection connection) {
        int at = slot(connection.key);
        while (slots[at] != null) {
            at = (at + 1) & mask;
        }
        slots[at] = connection;
        size++;
    }

    /** Removes a connection and moves those up that its slot had pushed away (Knuth, 6.4 algorithm R). */
    void remove(TcpConnection connection) {
        int hole = slot(connection.key);
        while (slots[hole] != connection) {
            hole = (hole + 1) & mask;
        }
        int at = hole;
        while (true) {
            at = (at + 1) & mask;
            TcpConnection candidate = slots[at];
            if (candidate == null) {
                break;
            }
            int home = slot(candidate.key);
            // The candidate may move if its home is not strictly between the hole and where it is.
            if ((at - home & mask) >= (at - hole & mask)) {
                slots[hole] = candidate;
                hole = at;
            }
        }
        slots[hole] = null;
        size--;
    }

    int size() {
        return size;
    }
}

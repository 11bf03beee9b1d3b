// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.http;

/**
 * When connections have waited long enough, to the second. A ring of lists, one for each of the next seconds; a connection
 * whose deadline moved into the future stays where it is and is moved when its list comes up, so that a deadline per
 * request costs one store.
 */
final class Deadlines {
    private static final int RING_SECONDS = 128;

    private final HttpConnection[] ring = new HttpConnection[RING_SECONDS];
    private int now;

    /** Seconds since the start of the server; only differences mean something. */
    int now() {
        return now;
    }

    void set(HttpConnection connection, int seconds) {
        int deadline = now + seconds;
        connection.deadline = deadline;
        if (connection.listedAt - deadline > 0 || !connection.isListed) {
            remove(connection);
            insert(connection);
        }
    }

    void remove(HttpConnection connection) {
        if (!connection.isListed) {
            return;
        }
        if (connection.previousListed == null) {
            ring[connection.listedAt & (RING_SECONDS - 1)] = connection.nextListed;
        } else {
            connection.previousListed.nextListed = connection.nextListed;
        }
        if (connection.nextListed != null) {
            connection.nextListed.previousListed = connection.previousListed;
        }
        connection.previousListed = null;
        connection.nextListed = null;
        connection.isListed = false;
    }

    private void insert(HttpConnection connection) {
        int at = Math.min(connection.deadline, now + RING_SECONDS - 1);
        HttpConnection first = ring[at & (RING_SECONDS - 1)];
        connection.listedAt = at;
        connection.isListed = true;
        connection.previousListed = null;
        connection.nextListed = first;
        if (first != null) {
            first.previousListed = connection;
        }
        ring[at & (RING_SECONDS - 1)] = connection;
    }

    /** Moves on by one second and tells those whose deadline has come. */
    void advance() {
        now++;
        int slot = now & (RING_SECONDS - 1);
        HttpConnection connection = ring[slot];
        while (connection != null) {
            remove(connection);
            if (connection.deadline - now > 0) {
                insert(connection);
            } else {
                connection.deadlinePassed();
            }
            // Whoever is called may remove others: start over at the head, which only loses members.
            connection = ring[slot];
        }
    }

    /** Returns a connection that waits for its next request and is among the next to give up, or null. */
    HttpConnection oldestIdle(int looksAtMost) {
        int looks = 0;
        for (int second = 1; second <= RING_SECONDS && looks < looksAtMost; second++) {
            HttpConnection connection = ring[(now + second) & (RING_SECONDS - 1)];
            while (connection != null && looks++ < looksAtMost) {
                if (connection.isIdle()) {
                    return connection;
                }
                connection = connection.nextListed;
            }
        }
        return null;
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.tcp;

/** What only connections with losses need, in both directions. Objects are made as they are needed, up to a limit. */
final class RecoveryPools {
    private final RetentionLimit retention;
    private final int maximumBlocks;
    private int reassembliesLeft;
    private int scoreboardsLeft;
    private OutOfOrderQueue freeReassembly;
    private SackScoreboard freeScoreboard;

    RecoveryPools(TcpParameters parameters, RetentionLimit retention) {
        this.retention = retention;
        maximumBlocks = parameters.maximumOutOfOrderBlocks;
        reassembliesLeft = parameters.maximumReassemblies;
        scoreboardsLeft = parameters.maximumScoreboards;
    }

    /** Null if too many connections wait for lost segments. */
    OutOfOrderQueue takeReassembly() {
        OutOfOrderQueue queue = freeReassembly;
        if (queue != null) {
            freeReassembly = queue.next;
            queue.next = null;
            return queue;
        }
        if (reassembliesLeft == 0) {
            return null;
        }
        reassembliesLeft--;
        return new OutOfOrderQueue(retention, maximumBlocks);
    }

    void put(OutOfOrderQueue queue) {
        queue.clear();
        queue.next = freeReassembly;
        freeReassembly = queue;
    }

    /** Null if too many connections have losses: NewReno is the fall-back. */
    SackScoreboard takeScoreboard() {
        SackScoreboard scoreboard = freeScoreboard;
        if (scoreboard != null) {
            freeScoreboard = scoreboard.next;
            scoreboard.next = null;
            return scoreboard;
        }
        if (scoreboardsLeft == 0) {
            return null;
        }
        scoreboardsLeft--;
        return new SackScoreboard();
    }

    void put(SackScoreboard scoreboard) {
        scoreboard.next = freeScoreboard;
        freeScoreboard = scoreboard;
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.tcp;

/** What only connections with losses need, in both directions. {@link PoolGrowth} makes more, up to a limit. */
final class RecoveryPools {
    private final RetentionLimit retention;
    private final int maximumBlocks;
    private final int reassemblyLimit;
    private final int scoreboardLimit;
    private OutOfOrderQueue freeReassembly;
    private SackScoreboard freeScoreboard;
    private int reassembliesMade;
    private int scoreboardsMade;

    RecoveryPools(TcpParameters parameters, RetentionLimit retention) {
        this.retention = retention;
        maximumBlocks = parameters.maximumOutOfOrderBlocks;
        reassemblyLimit = parameters.maximumReassemblies;
        scoreboardLimit = parameters.maximumScoreboards;
    }

    /** Null if too many connections wait for lost segments. */
    OutOfOrderQueue takeReassembly() {
        OutOfOrderQueue queue = freeReassembly;
        if (queue != null) {
            freeReassembly = queue.next;
            queue.next = null;
        }
        return queue;
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
        }
        return scoreboard;
    }

    void put(SackScoreboard scoreboard) {
        scoreboard.next = freeScoreboard;
        freeScoreboard = scoreboard;
    }

    /** Whether one of the two ran out and more may be made. */
    boolean wantsGrowth() {
        return freeReassembly == null && reassembliesMade < reassemblyLimit
                || freeScoreboard == null && scoreboardsMade < scoreboardLimit;
    }

    /** Makes as many as there are already, at least {@code fewest}, of what ran out. */
    void grow(int fewest) {
        if (freeReassembly == null) {
            int more = Math.min(reassemblyLimit - reassembliesMade, Math.max(reassembliesMade, fewest));
            for (int i = 0; i < more; i++) {
                put(new OutOfOrderQueue(retention, maximumBlocks));
            }
            reassembliesMade += more;
        }
        if (freeScoreboard == null) {
            int more = Math.min(scoreboardLimit - scoreboardsMade, Math.max(scoreboardsMade, fewest));
            for (int i = 0; i < more; i++) {
                put(new SackScoreboard());
            }
            scoreboardsMade += more;
        }
    }
}

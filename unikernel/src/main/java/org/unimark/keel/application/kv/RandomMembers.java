// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import org.unimark.keel.kernel.Rare;

/**
 * Chooses members at random: with repetitions one by one; without by a walk over all of them that takes each with the
 * probability that is left, which needs no memory.
 */
@Rare
final class RandomMembers {
    private final Members members;
    private int header;
    private boolean repeats;
    private int wanted;
    private int left;
    private int node;

    RandomMembers(KvServer server, Members members) {
        this.members = members;
    }

    /** Begins to choose {@code count}, or with repetitions {@code -count}; returns how many there will be. */
    int begin(int newHeader, long count) {
        header = newHeader;
        repeats = count < 0;
        left = members.count(header);
        wanted = (int) (repeats ? -count : Math.min(count, left));
        node = repeats ? 0 : members.firstNode(header);
        return wanted;
    }

    int next(long random) {
        if (repeats) {
            return members.random(header, random);
        }
        long state = random;
        while (true) {
            int current = node;
            node = left > 1 ? members.after(header, current) : 0;
            boolean take = Math.floorMod(state >>> 16, left) < wanted;
            left--;
            if (take) {
                wanted--;
                return current;
            }
            state = state * 0x5851_f42d_4c95_7f2dL + 0x1405_7b7e_f767_814fL;
        }
    }
}

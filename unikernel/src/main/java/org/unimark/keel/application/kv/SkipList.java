// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Rare;

/**
 * The order of a sorted set: a skip list through the nodes of its {@link Members}, whose links know how many nodes they
 * pass, so that ranks take logarithmic time.
 *
 * <pre>
 * header: 32 levels in use   36 last node   40 head   44 levels that the head has room for
 * node:   16 score           24 node before 28 for each level: next node, nodes passed   then the member
 * </pre>
 *
 * The head is a cell of links only, which grows with the list; its handle is that of a node with these links.
 */
@Rare
final class SkipList {
    private static final int MAXIMUM_LEVELS = 20;
    private static final int LINK_BYTES = 8;
    private static final int LEVELS = 32;
    private static final int TAIL = 36;
    private static final int SCORE = 16;
    private static final int BACKWARD = 24;
    private static final int LINKS = 28;
    private static final int HEAD = 40;
    private static final int HEAD_LEVELS = 44;

    static final int HEADER_BYTES = 48;

    private final Slabs slabs;
    private final Bytes memory;
    private final Members members;
    private final Chance random;
    private final int[] path = new int[MAXIMUM_LEVELS];
    private final int[] ranks = new int[MAXIMUM_LEVELS];

    SkipList(Slabs slabs, Members members, Chance random) {
        this.slabs = slabs;
        memory = slabs.memory();
        this.members = members;
        this.random = random;
    }

    static int memberAt(int node, int levels) {
        return node + LINKS + levels * LINK_BYTES;
    }

    /** A height for a new node: each level is a quarter as likely as the one below; 0 if there is no memory. */
    int randomLevels(int header) {
        int levels = 1 + Math.min(MAXIMUM_LEVELS - 1, Long.numberOfTrailingZeros(random.nextLong()) >> 1);
        int possible = memory.i32Little(header + HEAD_LEVELS);
        return levels <= possible || growHead(header, possible, levels) ? levels : possible;
    }

    private boolean growHead(int header, int oldLevels, int levels) {
        int oldBytes = oldLevels * LINK_BYTES;
        int bytes = levels * LINK_BYTES;
        int cell = oldLevels == 0 ? slabs.allocate(bytes) : slabs.resize(head(header) + LINKS, oldBytes, bytes);
        if (cell != 0) {
            memory.put32Little(header + HEAD, cell - LINKS);
            memory.put32Little(header + HEAD_LEVELS, levels);
        }
        return cell != 0;
    }

    /** Gives back what belongs to the order of a sorted set whose nodes are gone. */
    static void release(Slabs slabs, int header) {
        Bytes memory = slabs.memory();
        int levels = memory.i32Little(header + HEAD_LEVELS);
        if (levels != 0) {
            slabs.free(memory.i32Little(header + HEAD) + LINKS, levels * LINK_BYTES);
        }
    }

    private int head(int header) {
        return memory.i32Little(header + HEAD);
    }

    double score(int node) {
        return Double.longBitsToDouble(memory.i64Little(node + SCORE));
    }

    int first(int header) {
        return memory.i32Little(header + LEVELS) == 0 ? 0 : next(head(header));
    }

    int last(int header) {
        return memory.i32Little(header + TAIL);
    }

    int next(int node) {
        return memory.i32Little(node + LINKS);
    }

    int previous(int node) {
        return memory.i32Little(node + BACKWARD);
    }

    private int forward(int node, int level) {
        return memory.i32Little(node + LINKS + level * LINK_BYTES);
    }

    private int span(int node, int level) {
        return memory.i32Little(node + LINKS + level * LINK_BYTES + 4);
    }

    private void setLink(int node, int level, int next, int span) {
        memory.put32Little(node + LINKS + level * LINK_BYTES, next);
        memory.put32Little(node + LINKS + level * LINK_BYTES + 4, span);
    }

    /** Compares members as strings of unsigned bytes. */
    static int compare(Bytes left, int leftAt, int leftLength, Bytes right, int rightAt, int rightLength) {
        int common = Math.min(leftLength, rightLength);
        for (int i = 0; i < common; i++) {
            int difference = left.u8(leftAt + i) - right.u8(rightAt + i);
            if (difference != 0) {
                return difference;
            }
        }
        return leftLength - rightLength;
    }

    int compareMember(int node, Bytes data, int at, int length) {
        return compare(memory, memberAt(node, members.extra(node)), members.length(node), data, at, length);
    }

    private boolean isBefore(int node, double score, int other) {
        double mine = score(node);
        if (mine != score) {
            return mine < score;
        }
        return compareMember(node, memory, memberAt(other, members.extra(other)), members.length(other)) < 0;
    }

    /** Fills path and ranks with the nodes before where {@code node} is or belongs with that score. */
    private void findPath(int header, double score, int node) {
        int at = head(header);
        int rank = 0;
        for (int level = memory.i32Little(header + LEVELS) - 1; level >= 0; level--) {
            int next = forward(at, level);
            while (next != 0 && isBefore(next, score, node)) {
                rank += span(at, level);
                at = next;
                next = forward(at, level);
            }
            path[level] = at;
            ranks[level] = rank;
        }
    }

    /** Links a node that was just inserted into the members, or was unlinked. */
    void link(int header, int node, double score) {
        memory.put64Little(node + SCORE, Double.doubleToRawLongBits(score));
        findPath(header, score, node);
        int head = head(header);
        int levels = members.extra(node);
        int inUse = memory.i32Little(header + LEVELS);
        for (int level = inUse; level < levels; level++) {
            path[level] = head;
            ranks[level] = 0;
            setLink(head, level, 0, members.count(header) - 1);
        }
        if (levels > inUse) {
            memory.put32Little(header + LEVELS, levels);
            inUse = levels;
        }
        int rank = ranks[0];
        for (int level = 0; level < levels; level++) {
            int before = path[level];
            int passed = rank - ranks[level];
            setLink(node, level, forward(before, level), span(before, level) - passed);
            setLink(before, level, node, passed + 1);
        }
        for (int level = levels; level < inUse; level++) {
            setLink(path[level], level, forward(path[level], level), span(path[level], level) + 1);
        }
        memory.put32Little(node + BACKWARD, path[0] == head ? 0 : path[0]);
        int next = next(node);
        memory.put32Little(next == 0 ? header + TAIL : next + BACKWARD, node);
    }

    /** Takes a node out of the order; it is still a member. */
    void unlink(int header, int node) {
        findPath(header, score(node), node);
        int inUse = memory.i32Little(header + LEVELS);
        for (int level = 0; level < inUse; level++) {
            int before = path[level];
            if (forward(before, level) == node) {
                setLink(before, level, forward(node, level), span(before, level) + span(node, level) - 1);
            } else {
                setLink(before, level, forward(before, level), span(before, level) - 1);
            }
        }
        int next = next(node);
        memory.put32Little(next == 0 ? header + TAIL : next + BACKWARD, previous(node));
        while (inUse > 1 && forward(head(header), inUse - 1) == 0) {
            inUse--;
        }
        memory.put32Little(header + LEVELS, inUse);
    }

    /** Gives a member another score; zeros of either sign have one place. */
    void move(int header, int node, double score) {
        int next = next(node);
        int previous = previous(node);
        boolean stays = score == score(node)
                || ((next == 0 || score < score(next)) && (previous == 0 || score > score(previous)));
        if (stays) {
            memory.put64Little(node + SCORE, Double.doubleToRawLongBits(score));
            return;
        }
        unlink(header, node);
        link(header, node, score);
    }

    /** Makes zeros positive, which changes no order: for what Redis would keep as integers. */
    void dropNegativeZeros(int header) {
        for (int node = first(header); node != 0; node = next(node)) {
            if (score(node) == 0) {
                memory.put64Little(node + SCORE, 0);
            }
        }
    }

    /** 0 for the first. */
    int rank(int header, int node) {
        findPath(header, score(node), node);
        return ranks[0];
    }

    /** The node of that rank, or 0. */
    int atRank(int header, int rank) {
        if (rank < 0 || rank >= members.count(header)) {
            return 0;
        }
        int at = head(header);
        int left = rank + 1;
        for (int level = memory.i32Little(header + LEVELS) - 1; level >= 0; level--) {
            while (forward(at, level) != 0 && span(at, level) <= left) {
                left -= span(at, level);
                at = forward(at, level);
            }
        }
        return at;
    }

    /** How many nodes lie before the range. */
    int countBefore(int header, Range range) {
        return count(header, range, false);
    }

    /** How many nodes lie before the end of the range. */
    int countUpTo(int header, Range range) {
        return count(header, range, true);
    }

    private int count(int header, Range range, boolean isEnd) {
        int at = head(header);
        int rank = 0;
        for (int level = memory.i32Little(header + LEVELS) - 1; level >= 0; level--) {
            int next = forward(at, level);
            while (next != 0 && (isEnd ? range.endsBehind(this, next) : !range.beginsBefore(this, next))) {
                rank += span(at, level);
                at = next;
                next = forward(at, level);
            }
        }
        return rank;
    }
}

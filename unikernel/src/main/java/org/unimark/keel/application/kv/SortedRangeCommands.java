// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import org.unimark.keel.kernel.Rare;
import org.unimark.keel.text.FloatText;

/** Sorted sets: ranges by rank, by score and by member. */
@Rare
final class SortedRangeCommands extends SortedCommands {
    private static final String[] COMMANDS = {
        "zrange -4 r 1 1 1",
        "zrevrange -4 r 1 1 1",
        "zrangebyscore -4 r 1 1 1",
        "zrevrangebyscore -4 r 1 1 1",
        "zrangebylex -4 r 1 1 1",
        "zrevrangebylex -4 r 1 1 1",
        "zrangestore -5 wm 1 2 1",
        "zcount 4 rF 1 1 1",
        "zlexcount 4 rF 1 1 1",
        "zremrangebyrank 4 w 1 1 1",
        "zremrangebyscore 4 w 1 1 1",
        "zremrangebylex 4 w 1 1 1",
    };

    private static final int AUTO = 0;
    private static final int BY_RANK = 1;
    private static final int BY_SCORE = 2;
    private static final int BY_MEMBER = 3;

    private final Range range;
    private int by;
    private boolean isReverse;
    private boolean withScores;
    private long offset;
    private long limit;
    private long firstRank;
    private long lastRank;

    SortedRangeCommands(KvServer server, SortedSetValues sorted, FloatText floats) {
        super(server, sorted, floats);
        range = new Range(floats);
    }

    @Override
    String[] commands() {
        return COMMANDS;
    }

    @Override
    void execute(int number, KvClient client, Arguments arguments, Reply reply) {
        switch (number) {
            case 0 -> range(client, arguments, AUTO, false, reply);
            case 1 -> range(client, arguments, BY_RANK, true, reply);
            case 2 -> range(client, arguments, BY_SCORE, false, reply);
            case 3 -> range(client, arguments, BY_SCORE, true, reply);
            case 4 -> range(client, arguments, BY_MEMBER, false, reply);
            case 5 -> range(client, arguments, BY_MEMBER, true, reply);
            case 6 -> store(client, arguments, reply);
            case 7 -> count(client, arguments, BY_SCORE, reply);
            case 8 -> count(client, arguments, BY_MEMBER, reply);
            case 9 -> remove(client, arguments, BY_RANK, reply);
            case 10 -> remove(client, arguments, BY_SCORE, reply);
            default -> remove(client, arguments, BY_MEMBER, reply);
        }
    }

    /** Reads options behind word {@code keyIndex + 2}, then the range itself; false if an error has been composed. */
    private boolean readRange(
            Arguments arguments, int keyIndex, int fixedBy, boolean reverse, boolean stores, Reply reply) {
        by = fixedBy;
        isReverse = reverse;
        withScores = false;
        offset = 0;
        limit = -1;
        for (int i = keyIndex + 3; i < arguments.count(); i++) {
            if (!stores && arguments.is(i, "withscores")) {
                withScores = true;
            } else if (arguments.is(i, "limit") && i + 2 < arguments.count()) {
                if (!integer(arguments, i + 1, reply)) {
                    return false;
                }
                offset = numbers.value();
                if (!integer(arguments, i + 2, reply)) {
                    return false;
                }
                limit = numbers.value();
                i += 2;
            } else if (fixedBy == AUTO && !reverse && arguments.is(i, "rev")) {
                isReverse = true;
            } else if (fixedBy == AUTO && arguments.is(i, "bylex")) {
                by = by == AUTO ? BY_MEMBER : -1;
            } else if (fixedBy == AUTO && arguments.is(i, "byscore")) {
                by = by == AUTO ? BY_SCORE : -1;
            } else {
                by = -1;
            }
            if (by < 0) {
                reply.error(SYNTAX);
                return false;
            }
        }
        by = by == AUTO ? BY_RANK : by;
        return isSensible(reply) && readBounds(arguments, keyIndex + 1, reply);
    }

    private boolean isSensible(Reply reply) {
        if (limit != -1 && by == BY_RANK) {
            reply.error("ERR syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX");
            return false;
        }
        if (withScores && by == BY_MEMBER) {
            reply.error("ERR syntax error, WITHSCORES not supported in combination with BYLEX");
            return false;
        }
        return true;
    }

    private boolean readBounds(Arguments arguments, int index, Reply reply) {
        int low = isReverse ? index + 1 : index;
        int high = isReverse ? index : index + 1;
        if (by == BY_SCORE) {
            if (!range.readScores(arguments, low, high)) {
                reply.error(BAD_SCORES);
                return false;
            }
            return true;
        }
        if (by == BY_MEMBER) {
            if (!range.readMembers(arguments, low, high)) {
                reply.error(BAD_MEMBERS);
                return false;
            }
            return true;
        }
        if (!integer(arguments, index, reply)) {
            return false;
        }
        firstRank = numbers.value();
        if (!integer(arguments, index + 1, reply)) {
            return false;
        }
        lastRank = numbers.value();
        return true;
    }

    /** Turns what was read into ranks in the direction of the range: {@link #firstRank} and {@link #lastRank}. */
    private void resolve(int header) {
        int count = members.count(header);
        if (by == BY_RANK) {
            // Kept near the set, so that the difference of the two does not overflow.
            firstRank = Math.min(count, Math.max(0, firstRank < 0 ? firstRank + count : firstRank));
            lastRank = Math.min(count - 1, Math.max(-1, lastRank < 0 ? lastRank + count : lastRank));
            return;
        }
        long before = list.countBefore(header, range);
        long upTo = list.countUpTo(header, range);
        firstRank = isReverse ? count - upTo : before;
        lastRank = (isReverse ? count - before : upTo) - 1;
        if (offset < 0 || offset > count) {
            lastRank = firstRank - 1;
            return;
        }
        firstRank += offset;
        if (limit >= 0 && limit <= count) {
            lastRank = Math.min(lastRank, firstRank + limit - 1);
        }
    }

    private int resolvedCount(int header) {
        resolve(header);
        return (int) Math.max(0, lastRank - firstRank + 1);
    }

    private int firstNode(int header) {
        return list.atRank(header, (int) (isReverse ? members.count(header) - 1 - firstRank : firstRank));
    }

    private int following(int node) {
        return isReverse ? list.previous(node) : list.next(node);
    }

    private void range(KvClient client, Arguments arguments, int fixedBy, boolean reverse, Reply reply) {
        if (!readRange(arguments, 1, fixedBy, reverse, false, reply)) {
            return;
        }
        int entry = read(client, arguments, 1);
        if (isWrongType(entry, Entry.SORTED_SET, reply)) {
            return;
        }
        int header = header(entry);
        int count = entry == 0 ? 0 : resolvedCount(header);
        boolean nests = withScores && reply.isResp3();
        reply.array(withScores && !nests ? 2 * count : count);
        int node = count == 0 ? 0 : firstNode(header);
        for (int i = 0; i < count; i++) {
            memberAndScore(header, node, withScores, nests, reply);
            node = following(node);
        }
    }

    private void store(KvClient client, Arguments arguments, Reply reply) {
        if (!readRange(arguments, 2, AUTO, false, true, reply)) {
            return;
        }
        int entry = read(client, arguments, 2);
        if (isWrongType(entry, Entry.SORTED_SET, reply)) {
            return;
        }
        int header = header(entry);
        int count = entry == 0 ? 0 : resolvedCount(header);
        int result = members.create(Members.SORTED_SET);
        boolean ok = result != 0;
        int node = count == 0 ? 0 : firstNode(header);
        for (int i = 0; ok && i < count; i++) {
            ok = sorted.copyNode(header, node, result);
            node = following(node);
        }
        if (!ok) {
            if (result != 0) {
                members.destroy(result, Integer.MAX_VALUE);
            }
            outOfMemory(reply);
            return;
        }
        storeResult(client, arguments, 1, result, reply);
    }

    private void count(KvClient client, Arguments arguments, int fixedBy, Reply reply) {
        isReverse = false;
        by = fixedBy;
        if (!readBounds(arguments, 2, reply)) {
            return;
        }
        int entry = read(client, arguments, 1);
        if (!isWrongType(entry, Entry.SORTED_SET, reply)) {
            offset = 0;
            limit = -1;
            reply.integer(entry == 0 ? 0 : resolvedCount(header(entry)));
        }
    }

    private void remove(KvClient client, Arguments arguments, int fixedBy, Reply reply) {
        isReverse = false;
        by = fixedBy;
        if (!readBounds(arguments, 2, reply)) {
            return;
        }
        int entry = lookup(client, arguments, 1);
        if (isWrongType(entry, Entry.SORTED_SET, reply)) {
            return;
        }
        offset = 0;
        limit = -1;
        int header = header(entry);
        int count = entry == 0 ? 0 : resolvedCount(header);
        int node = count == 0 ? 0 : firstNode(header);
        for (int i = 0; i < count; i++) {
            int next = list.next(node);
            sorted.remove(header, node);
            node = next;
        }
        if (count > 0) {
            deleteIfEmpty(client, entry);
            changed(client, arguments, 1);
        }
        reply.integer(count);
    }
}

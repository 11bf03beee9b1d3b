// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import org.unimark.keel.kernel.Rare;
import org.unimark.keel.text.FloatText;

/** Sorted sets, and sets with scores of 1: unions, intersections, differences. */
@Rare
final class SortedAlgebraCommands extends SortedCommands {
    private static final String[] COMMANDS = {
        "zunion -3 rx 0 0 0",
        "zinter -3 rx 0 0 0",
        "zdiff -3 rx 0 0 0",
        "zunionstore -4 wmx 1 1 1",
        "zinterstore -4 wmx 1 1 1",
        "zdiffstore -4 wmx 1 1 1",
        "zintercard -3 rx 0 0 0",
    };

    private static final String[] NAMES = {
        "zunion", "zinter", "zdiff", "zunionstore", "zinterstore", "zdiffstore", "zintercard"
    };
    private static final int UNION = 0;
    private static final int INTERSECTION = 1;
    private static final int DIFFERENCE = 2;
    private static final int MAXIMUM_KEYS = 1024;

    private static final int SUM = 0;
    private static final int MINIMUM = 1;
    private static final int MAXIMUM = 2;

    /** Tables of the keys, smallest first, for unions and intersections; 0 where there is no such key. */
    private final int[] headers = new int[MAXIMUM_KEYS];

    private final double[] weights = new double[MAXIMUM_KEYS];
    private int keys;
    private int aggregate;
    private boolean withScores;
    private long limit;

    SortedAlgebraCommands(KvServer server, SortedSetValues sorted, FloatText floats) {
        super(server, sorted, floats);
    }

    @Override
    String[] commands() {
        return COMMANDS;
    }

    @Override
    void execute(int number, KvClient client, Arguments arguments, Reply reply) {
        boolean stores = number >= 3 && number < 6;
        boolean counts = number == 6;
        int how = counts ? INTERSECTION : number % 3;
        int first = stores ? 3 : 2;
        if (!readKeys(client, arguments, first, NAMES[number], reply)
                || !readOptions(arguments, first + keys, how, stores, counts, reply)) {
            return;
        }
        if (how != DIFFERENCE) {
            sort();
        }
        int result = members.create(Members.SORTED_SET);
        if (result == 0 || !combine(result, how)) {
            if (result != 0) {
                members.destroy(result, Integer.MAX_VALUE);
            }
            outOfMemory(reply);
        } else if (stores) {
            storeResult(client, arguments, 1, result, reply);
        } else {
            if (counts) {
                reply.integer(members.count(result));
            } else {
                replyAll(result, reply);
            }
            members.destroy(result, Integer.MAX_VALUE);
        }
    }

    private boolean readKeys(KvClient client, Arguments arguments, int first, String name, Reply reply) {
        if (!integer(arguments, first - 1, reply)) {
            return false;
        }
        long count = numbers.value();
        if (count < 1) {
            reply.beginError("ERR at least 1 input key is needed for '");
            reply.raw(name);
            reply.raw("' command");
            reply.endError();
            return false;
        }
        if (count > arguments.count() - first) {
            reply.error(SYNTAX);
            return false;
        }
        if (count > MAXIMUM_KEYS) {
            reply.error("ERR too many keys");
            return false;
        }
        keys = (int) count;
        for (int i = 0; i < keys; i++) {
            int entry = read(client, arguments, first + i);
            if (entry != 0 && Entry.type(memory, entry) != Entry.SET && isWrongType(entry, Entry.SORTED_SET, reply)) {
                return false;
            }
            headers[i] = header(entry);
            weights[i] = 1;
        }
        return true;
    }

    private boolean readOptions(Arguments arguments, int from, int how, boolean stores, boolean counts, Reply reply) {
        aggregate = SUM;
        withScores = false;
        limit = 0;
        int end = arguments.count();
        boolean combines = how != DIFFERENCE && !counts;
        for (int i = from; i < end; i++) {
            if (combines && end - i > keys && arguments.is(i, "weights")) {
                for (int j = 0; j < keys; j++) {
                    if (!readFloat(arguments, ++i)) {
                        reply.error("ERR weight value is not a float");
                        return false;
                    }
                    weights[j] = floats.value();
                }
            } else if (combines && i + 1 < end && arguments.is(i, "aggregate")) {
                i++;
                aggregate = arguments.is(i, "sum")
                        ? SUM
                        : arguments.is(i, "min") ? MINIMUM : arguments.is(i, "max") ? MAXIMUM : -1;
            } else if (!stores && !counts && arguments.is(i, "withscores")) {
                withScores = true;
            } else if (counts && i + 1 < end && arguments.is(i, "limit")) {
                if (!arguments.number(++i, numbers) || numbers.value() < 0) {
                    reply.error("ERR LIMIT can't be negative");
                    return false;
                }
                limit = numbers.value();
            } else {
                aggregate = -1;
            }
            if (aggregate < 0) {
                reply.error(SYNTAX);
                return false;
            }
        }
        return true;
    }

    /** By size, as Redis does: the order decides how sums are rounded. */
    private void sort() {
        for (int i = 1; i < keys; i++) {
            int header = headers[i];
            double weight = weights[i];
            int at = i;
            for (; at > 0 && size(headers[at - 1]) > size(header); at--) {
                headers[at] = headers[at - 1];
                weights[at] = weights[at - 1];
            }
            headers[at] = header;
            weights[at] = weight;
        }
    }

    private int size(int header) {
        return header == 0 ? 0 : members.count(header);
    }

    private double score(int header, int node) {
        return members.kind(header) == Members.SET ? 1 : list.score(node);
    }

    private static double weighted(double weight, double score) {
        double product = weight * score;
        return Double.isNaN(product) ? 0 : product;
    }

    private double aggregated(double first, double second) {
        if (aggregate == MINIMUM) {
            return second < first ? second : first;
        }
        if (aggregate == MAXIMUM) {
            return second > first ? second : first;
        }
        // Infinities of both signs add up to nothing.
        double sum = first + second;
        return Double.isNaN(sum) ? 0 : sum;
    }

    private boolean combine(int result, int how) {
        int sources = how == UNION ? keys : 1;
        for (int i = 0; i < sources; i++) {
            int from = headers[i];
            int node = from == 0 ? 0 : members.firstNode(from);
            for (; node != 0; node = members.after(from, node)) {
                if (!take(result, how, i, node)) {
                    return false;
                }
                if (limit > 0 && members.count(result) >= limit) {
                    return true;
                }
            }
        }
        return true;
    }

    /** Takes one node of source {@code source} into account; false if there is no memory. */
    private boolean take(int result, int how, int source, int node) {
        int header = headers[source];
        int at = members.memberAt(header, node);
        int length = members.length(node);
        double score = how == DIFFERENCE ? score(header, node) : weighted(weights[source], score(header, node));
        if (how == UNION) {
            int there = members.find(result, memory, at, length);
            if (there != 0) {
                list.move(result, there, aggregated(list.score(there), score));
                return true;
            }
        } else {
            for (int i = 1; i < keys; i++) {
                int other = headers[i] == 0 ? 0 : members.find(headers[i], memory, at, length);
                if ((other == 0) != (how == DIFFERENCE)) {
                    return true;
                }
                if (other != 0) {
                    // What is no number is none here: only that of the first set becomes 0.
                    score = aggregated(score, weights[i] * score(headers[i], other));
                }
            }
            members.find(result, memory, at, length);
        }
        return sorted.add(result, memory, at, length, score);
    }

    private void replyAll(int result, Reply reply) {
        int count = members.count(result);
        boolean nests = withScores && reply.isResp3();
        reply.array(withScores && !nests ? 2 * count : count);
        for (int node = list.first(result); node != 0; node = list.next(node)) {
            memberAndScore(result, node, withScores, nests, reply);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Rare;

/** Lists, as far as nobody waits: that is in {@link BlockingPops}. */
@Rare
final class ListCommands extends DataCommands implements PopFromMany.Values {
    private static final String[] COMMANDS = {
        "lpush -3 wmF 1 1 1",
        "rpush -3 wmF 1 1 1",
        "lpushx -3 wmF 1 1 1",
        "rpushx -3 wmF 1 1 1",
        "lpop -2 wF 1 1 1",
        "rpop -2 wF 1 1 1",
        "llen 2 rF 1 1 1",
        "lrange 4 r 1 1 1",
        "lindex 3 r 1 1 1",
        "lset 4 wm 1 1 1",
        "linsert 5 wm 1 1 1",
        "lrem 4 w 1 1 1",
        "ltrim 4 w 1 1 1",
        "lpos -3 r 1 1 1",
        "lmove 5 wm 1 2 1",
        "rpoplpush 3 wm 1 2 1",
        "lmpop -4 wx 0 0 0",
    };

    private final ListValues lists;
    private final PopFromMany popFromMany;

    ListCommands(KvServer server, ListValues lists) {
        super(server);
        this.lists = lists;
        popFromMany = new PopFromMany(this, Entry.LIST, "left", "right", this);
        server.table.add(new BlockingPops(this, popFromMany, this));
    }

    @Override
    String[] commands() {
        return COMMANDS;
    }

    @Override
    String group() {
        return "list";
    }

    @Override
    void execute(int number, KvClient client, Arguments arguments, Reply reply) {
        switch (number) {
            case 0, 1, 2, 3 -> push(client, arguments, (number & 1) == 0, number >= 2, reply);
            case 4, 5 -> pop(client, arguments, number == 4, reply);
            case 6 -> length(client, arguments, reply);
            case 7 -> range(client, arguments, reply);
            case 8 -> index(client, arguments, reply);
            case 9 -> set(client, arguments, reply);
            case 10 -> insert(client, arguments, reply);
            case 11 -> remove(client, arguments, reply);
            case 12 -> trim(client, arguments, reply);
            case 13 -> findPositions(client, arguments, reply);
            case 14 -> move(client, arguments, reply);
            case 15 -> moveElement(client, arguments, false, true, reply);
            default -> popFromMany.execute(client, arguments, 1, reply);
        }
    }

    private void deleteIfEmpty(KvClient client, int entry) {
        if (lists.count(header(entry)) == 0) {
            client.database.delete(entry);
        }
    }

    private void push(KvClient client, Arguments arguments, boolean front, boolean onlyIfThere, Reply reply) {
        int entry = lookup(client, arguments, 1);
        if (isWrongType(entry, Entry.LIST, reply)) {
            return;
        }
        if (entry == 0) {
            if (onlyIfThere) {
                reply.integer(0);
                return;
            }
            entry = lists.create(client.database, arguments.data(), arguments.at(1), arguments.length(1));
        }
        int header = header(entry);
        Bytes data = arguments.data();
        boolean ok = entry != 0;
        int pushed = 2;
        for (; ok && pushed < arguments.count(); pushed++) {
            ok = lists.push(header, front, data, arguments.at(pushed), arguments.length(pushed));
        }
        if (pushed > 2) {
            changed(client, arguments, 1);
        }
        if (ok) {
            reply.integer(lists.count(header));
        } else {
            if (entry != 0) {
                deleteIfEmpty(client, entry);
            }
            outOfMemory(reply);
        }
    }

    private void pop(KvClient client, Arguments arguments, boolean front, Reply reply) {
        boolean hasCount = arguments.count() == 3;
        if (arguments.count() > 3) {
            reply.error(
                    front
                            ? "ERR wrong number of arguments for 'lpop' command"
                            : "ERR wrong number of arguments for 'rpop' command");
            return;
        }
        if (hasCount && (!arguments.number(2, numbers) || numbers.value() < 0)) {
            reply.error(CollectionCommands.NOT_POSITIVE);
            return;
        }
        long count = hasCount ? numbers.value() : 1;
        int entry = lookup(client, arguments, 1);
        if (isWrongType(entry, Entry.LIST, reply)) {
            return;
        }
        if (entry == 0) {
            if (hasCount) {
                reply.nilArray();
            } else {
                reply.nil();
            }
            return;
        }
        int pops = (int) Math.min(count, lists.count(header(entry)));
        if (hasCount) {
            reply.array(pops);
        }
        popSome(client, arguments, 1, entry, pops, !front, false, reply);
    }

    @Override
    public int count(int header) {
        return lists.count(header);
    }

    @Override
    public void popSome(
            KvClient client,
            Arguments arguments,
            int keyIndex,
            int entry,
            int pops,
            boolean fromEnd,
            boolean nests,
            Reply reply) {
        int header = header(entry);
        for (int i = 0; i < pops; i++) {
            seekEnd(header, !fromEnd);
            reply.bulk(memory, lists.at(), lists.length());
            lists.remove(header);
        }
        if (pops > 0) {
            deleteIfEmpty(client, entry);
            changed(client, arguments, keyIndex);
        }
    }

    private void seekEnd(int header, boolean front) {
        if (front) {
            lists.seekFirst(header);
        } else {
            lists.seekLast(header);
        }
    }

    private void length(KvClient client, Arguments arguments, Reply reply) {
        int entry = read(client, arguments, 1);
        if (!isWrongType(entry, Entry.LIST, reply)) {
            reply.integer(entry == 0 ? 0 : lists.count(header(entry)));
        }
    }

    private void range(KvClient client, Arguments arguments, Reply reply) {
        if (!integer(arguments, 2, reply)) {
            return;
        }
        long first = numbers.value();
        if (!integer(arguments, 3, reply)) {
            return;
        }
        long last = numbers.value();
        int entry = read(client, arguments, 1);
        if (isWrongType(entry, Entry.LIST, reply)) {
            return;
        }
        int header = header(entry);
        int length = entry == 0 ? 0 : lists.count(header);
        first = Math.min(length, Math.max(0, first < 0 ? first + length : first));
        last = Math.min(length - 1, Math.max(-1, last < 0 ? last + length : last));
        int count = (int) Math.max(0, last - first + 1);
        reply.array(count);
        boolean more = count > 0 && lists.seek(header, first);
        for (int i = 0; more && i < count; i++) {
            reply.bulk(memory, lists.at(), lists.length());
            more = lists.next();
        }
    }

    private void index(KvClient client, Arguments arguments, Reply reply) {
        int entry = read(client, arguments, 1);
        if (isWrongType(entry, Entry.LIST, reply)) {
            return;
        }
        if (entry == 0) {
            reply.nil();
        } else if (integer(arguments, 2, reply)) {
            if (lists.seek(header(entry), numbers.value())) {
                reply.bulk(memory, lists.at(), lists.length());
            } else {
                reply.nil();
            }
        }
    }

    private void set(KvClient client, Arguments arguments, Reply reply) {
        int entry = lookup(client, arguments, 1);
        if (entry == 0) {
            reply.error(NO_SUCH_KEY);
            return;
        }
        if (isWrongType(entry, Entry.LIST, reply) || !integer(arguments, 2, reply)) {
            return;
        }
        int header = header(entry);
        if (!lists.seek(header, numbers.value())) {
            reply.error("ERR index out of range");
        } else if (lists.replace(header, arguments.data(), arguments.at(3), arguments.length(3))) {
            changed(client, arguments, 1);
            reply.ok();
        } else {
            outOfMemory(reply);
        }
    }

    private void insert(KvClient client, Arguments arguments, Reply reply) {
        boolean behind = arguments.is(2, "after");
        if (!behind && !arguments.is(2, "before")) {
            reply.error(SYNTAX);
            return;
        }
        int entry = lookup(client, arguments, 1);
        if (isWrongType(entry, Entry.LIST, reply)) {
            return;
        }
        if (entry == 0) {
            reply.integer(0);
            return;
        }
        int header = header(entry);
        boolean found = false;
        for (boolean more = lists.seekFirst(header); more && !found; more = !found && lists.next()) {
            found = lists.matches(arguments.data(), arguments.at(3), arguments.length(3));
        }
        if (!found) {
            reply.integer(-1);
        } else if (lists.insert(header, behind, arguments.data(), arguments.at(4), arguments.length(4))) {
            changed(client, arguments, 1);
            reply.integer(lists.count(header));
        } else {
            outOfMemory(reply);
        }
    }

    private void remove(KvClient client, Arguments arguments, Reply reply) {
        if (!integer(arguments, 2, reply)) {
            return;
        }
        long count = numbers.value();
        int entry = lookup(client, arguments, 1);
        if (isWrongType(entry, Entry.LIST, reply)) {
            return;
        }
        int header = header(entry);
        int removed = 0;
        if (entry != 0) {
            removed = count < 0 ? removeBackwards(header, arguments, count) : removeForwards(header, arguments, count);
        }
        if (removed > 0) {
            deleteIfEmpty(client, entry);
            changed(client, arguments, 1);
        }
        reply.integer(removed);
    }

    private int removeForwards(int header, Arguments arguments, long count) {
        int removed = 0;
        boolean more = lists.seekFirst(header);
        while (more && (count == 0 || removed < count)) {
            if (lists.matches(arguments.data(), arguments.at(3), arguments.length(3))) {
                removed++;
                more = lists.remove(header);
            } else {
                more = lists.next();
            }
        }
        return removed;
    }

    /** Up to {@code -count}, of which the largest is no number; no list is so long. */
    private int removeBackwards(int header, Arguments arguments, long count) {
        int removed = 0;
        boolean more = lists.seekLast(header);
        while (more && removed != -count) {
            if (lists.matches(arguments.data(), arguments.at(3), arguments.length(3))) {
                removed++;
                // What followed is the position now, unless there was nothing.
                more = lists.remove(header) ? lists.previous() : lists.seekLast(header);
            } else {
                more = lists.previous();
            }
        }
        return removed;
    }

    private void trim(KvClient client, Arguments arguments, Reply reply) {
        if (!integer(arguments, 2, reply)) {
            return;
        }
        long first = numbers.value();
        if (!integer(arguments, 3, reply)) {
            return;
        }
        long last = numbers.value();
        int entry = lookup(client, arguments, 1);
        if (isWrongType(entry, Entry.LIST, reply)) {
            return;
        }
        if (entry != 0) {
            int header = header(entry);
            int length = lists.count(header);
            first = Math.min(length, Math.max(0, first < 0 ? first + length : first));
            last = Math.min(length - 1, Math.max(-1, last < 0 ? last + length : last));
            boolean isEmpty = first > last;
            int fromFront = isEmpty ? length : (int) first;
            int fromEnd = isEmpty ? 0 : (int) (length - 1 - last);
            for (int i = 0; i < fromFront; i++) {
                lists.seekFirst(header);
                lists.remove(header);
            }
            for (int i = 0; i < fromEnd; i++) {
                lists.seekLast(header);
                lists.remove(header);
            }
            deleteIfEmpty(client, entry);
            changed(client, arguments, 1);
        }
        reply.ok();
    }

    private long rank;
    private long wanted;
    private long longest;

    private boolean positionOptions(Arguments arguments, Reply reply) {
        rank = 1;
        wanted = -1;
        longest = 0;
        for (int i = 3; i < arguments.count(); i += 2) {
            boolean hasValue = i + 1 < arguments.count();
            if (hasValue && arguments.is(i, "rank")) {
                if (!integer(arguments, i + 1, reply)) {
                    return false;
                }
                rank = numbers.value();
                if (rank == 0) {
                    reply.error(
                            "ERR RANK can't be zero: use 1 to start from the first match, 2 from the second ... or use"
                                    + " negative to start from the end of the list");
                    return false;
                }
            } else if (hasValue && arguments.is(i, "count")) {
                if (!arguments.number(i + 1, numbers) || numbers.value() < 0) {
                    reply.error("ERR COUNT can't be negative");
                    return false;
                }
                wanted = numbers.value();
            } else if (hasValue && arguments.is(i, "maxlen")) {
                if (!arguments.number(i + 1, numbers) || numbers.value() < 0) {
                    reply.error("ERR MAXLEN can't be negative");
                    return false;
                }
                longest = numbers.value();
            } else {
                reply.error(SYNTAX);
                return false;
            }
        }
        return true;
    }

    private void findPositions(KvClient client, Arguments arguments, Reply reply) {
        if (!positionOptions(arguments, reply)) {
            return;
        }
        int entry = read(client, arguments, 1);
        if (isWrongType(entry, Entry.LIST, reply)) {
            return;
        }
        int header = header(entry);
        if (wanted < 0) {
            long found = entry == 0 ? -1 : walk(header, arguments, 1, null);
            if (found < 0) {
                reply.nil();
            } else {
                reply.integer(found);
            }
            return;
        }
        long limit = wanted == 0 ? Long.MAX_VALUE : wanted;
        reply.array(entry == 0 ? 0 : (int) -(walk(header, arguments, limit, null) + 1));
        if (entry != 0) {
            walk(header, arguments, limit, reply);
        }
    }

    /**
     * Looks for matches in the direction of the rank; replies with each if {@code reply} is given. Returns the position of the
     * first if only one is wanted and found, otherwise {@code -1 -} matches.
     */
    private long walk(int header, Arguments arguments, long limit, Reply reply) {
        boolean forwards = rank > 0;
        // The smallest number is its own absolute value: Redis 7.0 skips none then.
        long skip = rank == Long.MIN_VALUE ? 0 : Math.abs(rank) - 1;
        long matches = 0;
        long index = forwards ? 0 : lists.count(header) - 1;
        boolean more = forwards ? lists.seekFirst(header) : lists.seekLast(header);
        for (long seen = 0; more && matches < limit && (longest == 0 || seen < longest); seen++) {
            if (lists.matches(arguments.data(), arguments.at(2), arguments.length(2)) && skip-- <= 0) {
                if (wanted < 0) {
                    return index;
                }
                matches++;
                if (reply != null) {
                    reply.integer(index);
                }
            }
            index += forwards ? 1 : -1;
            more = forwards ? lists.next() : lists.previous();
        }
        return -1 - matches;
    }

    private void move(KvClient client, Arguments arguments, Reply reply) {
        if (saysEnds(arguments, reply)) {
            moveElement(client, arguments, arguments.is(3, "left"), arguments.is(4, "left"), reply);
        }
    }

    /** Whether words 3 and 4 are ends of lists; composes the error if not. */
    static boolean saysEnds(Arguments arguments, Reply reply) {
        for (int i = 3; i <= 4; i++) {
            if (!arguments.is(i, "left") && !arguments.is(i, "right")) {
                reply.error(SYNTAX);
                return false;
            }
        }
        return true;
    }

    /** Moves an element from the list of word 1 to that of word 2, and composes it, or nil or an error. */
    void moveElement(KvClient client, Arguments arguments, boolean fromFront, boolean toFront, Reply reply) {
        int source = lookup(client, arguments, 1);
        if (isWrongType(source, Entry.LIST, reply)) {
            return;
        }
        if (source == 0) {
            reply.nil();
            return;
        }
        int target = lookup(client, arguments, 2);
        if (isWrongType(target, Entry.LIST, reply)) {
            return;
        }
        boolean isNew = target == 0;
        if (isNew) {
            target = lists.create(client.database, arguments.data(), arguments.at(2), arguments.length(2));
        }
        int header = header(source);
        seekEnd(header, fromFront);
        if (target == 0 || !lists.push(header(target), toFront, memory, lists.at(), lists.length())) {
            if (target != 0) {
                deleteIfEmpty(client, target);
            }
            outOfMemory(reply);
            return;
        }
        if (source == target && fromFront == toFront) {
            // The element would only be put where it is: what was pushed goes again.
            seekEnd(header, toFront);
        }
        reply.bulk(memory, lists.at(), lists.length());
        lists.remove(header);
        deleteIfEmpty(client, source);
        changed(client, arguments, 1);
        changed(client, arguments, 2);
    }
}

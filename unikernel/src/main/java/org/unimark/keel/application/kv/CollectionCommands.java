// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import org.unimark.keel.kernel.Rare;

/** What commands about members of a hash, set or sorted set have in common. */
@Rare
abstract class CollectionCommands extends DataCommands {
    static final String NOT_A_FLOAT = "ERR value is not a valid float";
    static final String NOT_POSITIVE = "ERR value is out of range, must be positive";
    static final String OUT_OF_RANGE = "ERR value is out of range";
    static final String NOT_A_CHOICE =
            "ERR value is out of range, value must between -9223372036854775807 and 9223372036854775807";

    private static final int LONGEST_PAGE = 2048;

    final Members members;
    private final int type;
    private final int stride;
    private final int[] page = new int[LONGEST_PAGE];
    private int patternIndex;
    private long wanted;

    /** Whether Redis would pack what is being scanned. */
    private boolean isPacked;

    /** @param stride replies of one member in a page of a scan */
    CollectionCommands(KvServer server, Members members, int type, int stride) {
        super(server);
        this.members = members;
        this.type = type;
        this.stride = stride;
    }

    final int find(int header, Arguments arguments, int index) {
        return members.find(header, arguments.data(), arguments.at(index), arguments.length(index));
    }

    /** Deletes the key if it has no member left. */
    final boolean deleteIfEmpty(KvClient client, int entry) {
        if (members.count(Entry.value(memory, entry)) > 0) {
            return false;
        }
        client.database.delete(entry);
        return true;
    }

    final void wrongNumber(String name, Reply reply) {
        reply.beginError("ERR wrong number of arguments for '");
        reply.raw(name);
        reply.raw("' command");
        reply.endError();
    }

    /** Reads a count that must not be negative; -1 if an error has been composed. */
    final long positive(Arguments arguments, int index, Reply reply) {
        if (!arguments.number(index, numbers)) {
            reply.error(NOT_POSITIVE);
            return -1;
        }
        long value = numbers.value();
        if (value < 0) {
            reply.error(NOT_POSITIVE);
            return -1;
        }
        return value;
    }

    /** HSCAN, SSCAN, ZSCAN. */
    final void scan(KvClient client, Arguments arguments, Reply reply) {
        long cursor = cursor(arguments, 2);
        if (cursor < 0) {
            reply.error("ERR invalid cursor");
            return;
        }
        int entry = read(client, arguments, 1);
        if (isWrongType(entry, type, reply)) {
            return;
        }
        if (entry == 0) {
            reply.array(2);
            reply.bulk("0");
            reply.array(0);
            return;
        }
        if (readScanOptions(arguments, reply)) {
            isPacked = Entry.encoding(memory, entry) == MemberValues.COMPACT;
            if (isPacked) {
                // What Redis packs comes at once, whatever the count.
                wanted = LONGEST_PAGE;
            }
            scanFrom(Entry.value(memory, entry), (int) cursor, arguments, reply);
        }
    }

    private boolean readScanOptions(Arguments arguments, Reply reply) {
        patternIndex = 0;
        wanted = 10;
        for (int i = 3; i < arguments.count(); i += 2) {
            if (i + 1 < arguments.count() && arguments.is(i, "count")) {
                if (!integer(arguments, i + 1, reply)) {
                    return false;
                }
                wanted = numbers.value();
                if (wanted < 1) {
                    reply.error(SYNTAX);
                    return false;
                }
            } else if (i + 1 < arguments.count() && arguments.is(i, "match")) {
                patternIndex = i + 1;
            } else {
                reply.error(SYNTAX);
                return false;
            }
        }
        return true;
    }

    /** As strtoul reads it, sign and all; nothing is 0, and -1 is what is no number. */
    static long cursor(Arguments arguments, int index) {
        int length = arguments.length(index);
        int at = arguments.at(index);
        int sign = length > 1 ? arguments.data().u8(at) : 0;
        int from = sign == '-' || sign == '+' ? 1 : 0;
        long value = 0;
        for (int i = from; i < length; i++) {
            int digit = arguments.data().u8(at + i) - '0';
            if (digit < 0 || digit > 9 || Long.compareUnsigned(value, -1L >>> 1) > 0 || value > (-1L >>> 1) / 5) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return (from == 1 && sign == '-' ? -value : value) & Long.MAX_VALUE;
    }

    private void scanFrom(int header, int start, Arguments arguments, Reply reply) {
        int cursor = start;
        int found = 0;
        long visits = Math.min(wanted, LONGEST_PAGE) * 10;
        do {
            int node = members.first(header, members.bucketAtCursor(header, cursor));
            for (; node != 0 && found < LONGEST_PAGE; node = members.next(node)) {
                if (isWanted(header, node, arguments)) {
                    page[found++] = node;
                }
            }
            cursor = members.cursorBehind(header, cursor);
            visits--;
        } while (cursor != 0 && found < wanted && found < LONGEST_PAGE / 2 && visits > 0);
        reply.array(2);
        reply.bulk(cursor & 0xffffffffL);
        reply.array(found * stride);
        for (int i = 0; i < found; i++) {
            scanned(header, page[i], reply);
        }
    }

    private boolean isWanted(int header, int node, Arguments arguments) {
        return patternIndex == 0
                || Glob.matches(
                        arguments.data(),
                        arguments.at(patternIndex),
                        arguments.length(patternIndex),
                        memory,
                        members.memberAt(header, node),
                        members.length(node));
    }

    /** Replies with a member as a page of a scan shows it. */
    abstract void scanned(int header, int node, Reply reply);

    final boolean isPacked() {
        return isPacked;
    }

    final void member(int header, int node, Reply reply) {
        reply.bulk(memory, members.memberAt(header, node), members.length(node));
    }
}

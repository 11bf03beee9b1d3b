// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import org.unimark.keel.kernel.Rare;

/** Walks over all keys. */
@Rare
final class ScanCommands extends DataCommands {
    private static final String[] COMMANDS = {"keys 2 r 0 0 0", "scan -2 r 0 0 0"};
    private static final int DEFAULT_COUNT = 10;
    /** Empty buckets that are passed for each key asked for. */
    private static final int BUCKETS_PER_KEY = 10;

    /** Keys found in a bucket or more, before it is known how many they are. */
    private final int[] found = new int[4096];

    private int foundCount;

    // Options of SCAN.
    private long count;
    private int patternIndex;
    private int type;

    ScanCommands(KvServer server) {
        super(server);
    }

    @Override
    String[] commands() {
        return COMMANDS;
    }

    @Override
    String group() {
        return "generic";
    }

    @Override
    void execute(int number, KvClient client, Arguments arguments, Reply reply) {
        if (number == 0) {
            keys(client, arguments, reply);
        } else {
            scan(client, arguments, reply);
        }
    }

    /** Two walks: one counts what the other lists. */
    private void keys(KvClient client, Arguments arguments, Reply reply) {
        Dictionary keys = client.database.keys;
        int matching = 0;
        for (int pass = 0; pass < 2; pass++) {
            if (pass == 1) {
                reply.array(matching);
            }
            for (int bucket = 0; bucket < keys.buckets(); bucket++) {
                for (int entry = keys.first(bucket); entry != 0; entry = Entry.next(memory, entry)) {
                    if (!isOver(entry) && matches(entry, arguments, 1)) {
                        matching++;
                        if (pass == 1) {
                            reply.bulk(memory, Entry.keyAt(memory, entry), Entry.keyLength(memory, entry));
                        }
                    }
                }
            }
        }
    }

    private boolean isOver(int entry) {
        return Entry.isVolatile(memory, entry) && Entry.expiry(memory, entry) <= keyspace.nowMillis();
    }

    private boolean matches(int entry, Arguments arguments, int index) {
        return Glob.matches(
                arguments.data(),
                arguments.at(index),
                arguments.length(index),
                memory,
                Entry.keyAt(memory, entry),
                Entry.keyLength(memory, entry));
    }

    private void scan(KvClient client, Arguments arguments, Reply reply) {
        long start = CollectionCommands.cursor(arguments, 1);
        if (start < 0) {
            reply.error("ERR invalid cursor");
            return;
        }
        int cursor = (int) start;
        if (!options(arguments, reply)) {
            return;
        }
        Dictionary keys = client.database.keys;
        foundCount = 0;
        long visits = Math.min(count, Integer.MAX_VALUE) * BUCKETS_PER_KEY;
        if (keys.size() == 0) {
            cursor = 0;
        } else {
            do {
                collect(keys.first(keys.bucketAtCursor(cursor)), arguments);
                cursor = keys.cursorBehind(cursor);
            } while (cursor != 0 && --visits > 0 && visited < count && foundCount < found.length >> 1);
        }
        reply.array(2);
        reply.bulk(cursor & 0xffffffffL);
        reply.array(foundCount);
        for (int i = 0; i < foundCount; i++) {
            reply.bulk(memory, Entry.keyAt(memory, found[i]), Entry.keyLength(memory, found[i]));
        }
    }

    /** Entries seen in this call, whether they match or not. */
    private int visited;

    private boolean options(Arguments arguments, Reply reply) {
        count = DEFAULT_COUNT;
        patternIndex = 0;
        type = -1;
        visited = 0;
        for (int i = 2; i < arguments.count(); i += 2) {
            boolean hasValue = i + 1 < arguments.count();
            if (hasValue && arguments.is(i, "count")) {
                if (!integer(arguments, i + 1, reply)) {
                    return false;
                }
                count = numbers.value();
                if (count < 1) {
                    reply.error(SYNTAX);
                    return false;
                }
            } else if (hasValue && arguments.is(i, "match")) {
                patternIndex = i + 1;
            } else if (hasValue && arguments.is(i, "type")) {
                type = typeNumber(arguments, i + 1);
            } else {
                reply.error(SYNTAX);
                return false;
            }
        }
        return true;
    }

    /** A type that nobody knows matches nothing. */
    private int typeNumber(Arguments arguments, int index) {
        for (int i = 0; i < keyspace.types.length; i++) {
            if (keyspace.types[i] != null && arguments.is(index, keyspace.types[i].name())) {
                return i;
            }
        }
        return keyspace.types.length;
    }

    private void collect(int first, Arguments arguments) {
        for (int entry = first; entry != 0; entry = Entry.next(memory, entry)) {
            visited++;
            if (isOver(entry)
                    || (type >= 0 && Entry.type(memory, entry) != type)
                    || (patternIndex != 0 && !matches(entry, arguments, patternIndex))) {
                continue;
            }
            // Far more than a bucket ever holds is left free before one is entered.
            if (foundCount < found.length) {
                found[foundCount++] = entry;
            }
        }
    }
}

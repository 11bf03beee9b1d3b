// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.text.Numbers;

/** What commands about keys need all the time. */
abstract class DataCommands extends CommandFamily {
    static final String WRONG_TYPE = "WRONGTYPE Operation against a key holding the wrong kind of value";
    static final String SYNTAX = "ERR syntax error";
    static final String NOT_AN_INTEGER = "ERR value is not an integer or out of range";
    static final String NO_SUCH_KEY = "ERR no such key";
    static final String TOO_LONG = "ERR string exceeds maximum allowed size (proto-max-bulk-len)";

    static final String NO_SUCH_DATABASE = "ERR DB index is out of range";

    final KvServer server;
    final Keyspace keyspace;
    final Slabs slabs;
    final Bytes memory;
    final Numbers numbers;
    final Effects effects;

    DataCommands(KvServer server) {
        this.server = server;
        keyspace = server.keyspace;
        slabs = server.slabs;
        memory = slabs.memory();
        numbers = server.numbers;
        effects = server.effects;
    }

    /** The value of an entry, or 0 without one. */
    final int header(int entry) {
        return entry == 0 ? 0 : Entry.value(memory, entry);
    }

    /** The entry of word {@code index} for reading, or 0. */
    final int read(KvClient client, Arguments arguments, int index) {
        return client.database.read(arguments.data(), arguments.at(index), arguments.length(index));
    }

    /** The entry of word {@code index} for a change, or 0. */
    final int lookup(KvClient client, Arguments arguments, int index) {
        return client.database.lookup(arguments.data(), arguments.at(index), arguments.length(index));
    }

    /** Whether there is an entry of another type; then the error has been composed. */
    final boolean isWrongType(int entry, int type, Reply reply) {
        if (entry == 0 || Entry.type(memory, entry) == type) {
            return false;
        }
        reply.error(WRONG_TYPE);
        return true;
    }

    /**
     * The first word from {@code from} to {@code end - 1} whose key there is; 0 without one, or -1 if that is of another
     * type: then the error has been composed.
     */
    final int firstPresent(KvClient client, Arguments arguments, int from, int end, int type, Reply reply) {
        for (int i = from; i < end; i++) {
            int entry = lookup(client, arguments, i);
            if (isWrongType(entry, type, reply)) {
                return -1;
            }
            if (entry != 0) {
                return i;
            }
        }
        return 0;
    }

    /** The key of word {@code index} has changed. */
    final void changed(KvClient client, Arguments arguments, int index) {
        if (keyspace.countChange()) {
            keyspace.tell(client.database, arguments.data(), arguments.at(index), arguments.length(index));
        }
    }

    /** Reads word {@code index} as a number; composes the error if it is none. */
    final boolean integer(Arguments arguments, int index, Reply reply) {
        if (arguments.number(index, numbers)) {
            return true;
        }
        reply.error(NOT_AN_INTEGER);
        return false;
    }

    /** Reads word {@code index} as the number of a database; -1 if it is none, and then the error has been composed. */
    final int databaseNumber(Arguments arguments, int index, Reply reply) {
        if (!integer(arguments, index, reply)) {
            return -1;
        }
        long number = numbers.value();
        if (number != (int) number) {
            reply.error("ERR value is out of range, value must between -2147483648 and 2147483647");
            return -1;
        }
        if (number < 0 || number >= keyspace.databases.length) {
            reply.error(NO_SUCH_DATABASE);
            return -1;
        }
        return (int) number;
    }

    /** Appends word {@code index} to an effect. */
    final void effect(Arguments arguments, int index) {
        effects.bytes(arguments.data(), arguments.at(index), arguments.length(index));
    }

    final void outOfMemory(Reply reply) {
        reply.error(Dispatcher.OUT_OF_MEMORY);
    }
}

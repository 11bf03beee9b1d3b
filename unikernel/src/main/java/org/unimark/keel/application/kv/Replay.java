// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Rare;
import org.unimark.keel.storage.RecordLog;

/** Executes the units of a log, at boot. A unit whose end is missing is not executed, whatever follows it. */
@Rare
final class Replay implements RecordLog.Visitor {
    private static final int SMALLEST_CELL = 256 * 1024;
    private static final String NO_MEMORY = "kv: the log does not fit into memory";
    private static final String TOO_FEW_DATABASES =
            "kv: the log has keys in a database that there is none of: set databases to what it was";

    private final KvServer server;
    private final Slabs slabs;
    private final Bytes memory;
    private final KvClient client;
    /** The unit's parts, while there are several. */
    private int cell;

    private int capacity;
    private int collected;
    private long units;
    private String problem;

    Replay(KvServer server) {
        this.server = server;
        slabs = server.slabs;
        memory = slabs.memory();
        client = new KvClient(server, -1);
        server.reply.begin(client, false);
        server.reply.setMuted(true);
    }

    long units() {
        return units;
    }

    /** Returns what went wrong, or null. */
    String end() {
        drop();
        server.reply.setMuted(false);
        return problem;
    }

    private void drop() {
        if (cell != 0) {
            slabs.free(cell, capacity);
            cell = 0;
        }
    }

    @Override
    public void record(Bytes data, int offset, int length) {
        if (problem != null) {
            return;
        }
        if (length < RecordWriter.HEADER_BYTES) {
            problem = "kv: the log holds a record that nobody wrote";
            return;
        }
        boolean isLast = (data.u8(offset) & RecordWriter.LAST) != 0;
        boolean isFirst = (data.u8(offset) & RecordWriter.FIRST) != 0;
        int bodyAt = offset + RecordWriter.HEADER_BYTES;
        int bodyLength = length - RecordWriter.HEADER_BYTES;
        if (isFirst) {
            drop();
        }
        if (cell == 0) {
            begin(data.u16(offset + 1));
        }
        if (problem != null) {
            return;
        }
        if (isLast && cell == 0) {
            execute(data, bodyAt, bodyAt + bodyLength);
        } else if (!collect(data, bodyAt, bodyLength)) {
            problem = NO_MEMORY;
        } else if (isLast) {
            execute(memory, cell, cell + collected);
            drop();
        }
    }

    private void begin(int database) {
        if (database < server.keyspace.databases.length) {
            client.database = server.keyspace.databases[database];
        } else {
            problem = TOO_FEW_DATABASES;
        }
    }

    /** Those commands name one; others that fail did so, too, when they were logged. */
    private static boolean namesDatabase(Arguments arguments) {
        return arguments.is(0, "select")
                || arguments.is(0, "move")
                || arguments.is(0, "copy")
                || arguments.is(0, "swapdb");
    }

    private boolean collect(Bytes data, int at, int length) {
        if (cell == 0) {
            capacity = SMALLEST_CELL;
            collected = 0;
            cell = slabs.allocate(capacity);
        }
        if (cell != 0 && collected + length > capacity) {
            int moved = slabs.resize(cell, capacity, 2 * capacity);
            if (moved == 0) {
                return false;
            }
            cell = moved;
            capacity *= 2;
        }
        if (cell == 0) {
            return false;
        }
        memory.copyFrom(cell + collected, data, at, length);
        collected += length;
        return true;
    }

    private void execute(Bytes data, int from, int end) {
        units++;
        int at = from;
        while (at < end) {
            int used = server.parser.parse(server.arguments, data, at, end, false);
            if (used <= 0) {
                problem = "kv: the log holds a unit that is no RESP";
                return;
            }
            at += used;
            long errors = server.reply.errors();
            server.dispatcher.replay(client);
            server.background.finish();
            if (server.reply.ranOutOfMemory()) {
                problem = NO_MEMORY;
            } else if (server.reply.errors() != errors && namesDatabase(server.arguments)) {
                problem = TOO_FEW_DATABASES;
            }
            server.arguments.release();
            if (problem != null) {
                return;
            }
        }
    }
}

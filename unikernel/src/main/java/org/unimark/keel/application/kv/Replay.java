// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Rare;
import org.unimark.keel.storage.RecordLog;

/** Executes the units of a log, at boot. A unit whose end is missing is not executed. */
@Rare
final class Replay implements RecordLog.Visitor {
    private static final int SMALLEST_CELL = 256 * 1024;

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
        if (cell != 0) {
            slabs.free(cell, capacity);
            cell = 0;
        }
        server.reply.setMuted(false);
        return problem;
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
        int kind = data.u8(offset);
        int bodyAt = offset + RecordWriter.HEADER_BYTES;
        int bodyLength = length - RecordWriter.HEADER_BYTES;
        if (cell == 0) {
            Database[] databases = server.keyspace.databases;
            client.database = databases[data.u16(offset + 1) % databases.length];
        }
        if (kind == RecordWriter.LAST && cell == 0) {
            execute(data, bodyAt, bodyAt + bodyLength);
        } else if (!collect(data, bodyAt, bodyLength)) {
            problem = "kv: the log does not fit into memory";
        } else if (kind == RecordWriter.LAST) {
            execute(memory, cell, cell + collected);
            slabs.free(cell, capacity);
            cell = 0;
        }
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
            server.dispatcher.replay(client);
            server.arguments.release();
            if (server.reply.ranOutOfMemory()) {
                problem = "kv: the log does not fit into memory";
                return;
            }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Rare;
import org.unimark.keel.storage.RecordLog;
import org.unimark.keel.storage.StorageException;

/**
 * Makes a new log that says what the keyspace is, while it changes. Keys are visited bucket by bucket, and what each one is
 * at that moment goes into the new log, between the commands that go into both. A command about a key that has not been
 * visited means nothing in the new log, and is made good when the key is; but a command that makes one key from others
 * would read what is not there. Therefore its keys are visited before it is executed.
 */
@Rare
final class LogRewrite extends BackgroundTask {
    private static final long SMALLEST_LOG = 1 << 20;
    private static final int BUCKETS_A_STEP = 8;

    private final KvServer server;
    private final Keyspace keyspace;
    private final Bytes memory;
    private final Effects effects;
    private final RecordLog log;
    private final LogQueue queue;
    private final RecordLog.Outcome committed = this::committed;
    private boolean isRunning;
    private boolean wantsAbandoning;
    private boolean isCommitting;
    private int database;
    private int cursor;
    private long baseBytes;

    LogRewrite(KvServer server, RecordLog log, LogQueue queue) {
        this.server = server;
        this.log = log;
        this.queue = queue;
        keyspace = server.keyspace;
        memory = keyspace.memory;
        effects = server.effects;
        baseBytes = log.length();
    }

    boolean isRunning() {
        return isRunning;
    }

    long baseBytes() {
        return baseBytes;
    }

    /** When the log has doubled, or has little room left and has grown since it was rewritten. */
    void considerBeginning() {
        long length = log.length();
        if (!isRunning
                && length > SMALLEST_LOG
                && (length > 2 * baseBytes || hasLeftLessThan(4) && length - baseBytes > log.capacity() / 16)) {
            begin();
        }
    }

    /** Whether what is written meanwhile could fill the log before it is rewritten. */
    boolean needsTime() {
        return isRunning && hasLeftLessThan(8);
    }

    private boolean hasLeftLessThan(int share) {
        return log.length() > log.capacity() - log.capacity() / share;
    }

    boolean begin() {
        effects.finish();
        server.durability.pump();
        if (isRunning || !queue.isEmpty() || queue.hasFailed() || !log.beginRewrite()) {
            return false;
        }
        isRunning = true;
        isCommitting = false;
        database = 0;
        cursor = 0;
        server.background.add(this, keyspace.nowNanos());
        return true;
    }

    void abandon() {
        if (isRunning && !isCommitting) {
            isRunning = false;
            wantsAbandoning = true;
            queue.dropRewrite();
        }
    }

    /** Before anything more is appended. */
    void abandonIfWanted() {
        if (wantsAbandoning) {
            wantsAbandoning = false;
            log.abandonRewrite();
        }
    }

    @Override
    boolean step() {
        if (!isRunning || isCommitting) {
            return false;
        }
        effects.finish();
        server.durability.pump();
        if (!isRunning || !queue.isEmpty()) {
            return isRunning;
        }
        if (database == keyspace.databases.length) {
            isCommitting = true;
            log.commitRewrite(committed);
            return false;
        }
        for (int i = 0; i < BUCKETS_A_STEP && database < keyspace.databases.length; i++) {
            visitBucket();
        }
        server.durability.pump();
        return true;
    }

    private void visitBucket() {
        Dictionary keys = keyspace.databases[database].keys;
        if (keys.size() > 0) {
            int entry = keys.first(keys.bucketAtCursor(cursor));
            while (entry != 0) {
                write(database, entry);
                entry = Entry.next(memory, entry);
            }
            cursor = keys.cursorBehind(cursor);
        } else {
            cursor = 0;
        }
        if (cursor == 0) {
            database++;
        }
    }

    /** Says in the new log what a key is now, whatever was said about it before. */
    private void write(int ofDatabase, int entry) {
        effects.beginRewritten(ofDatabase);
        int keyAt = Entry.keyAt(memory, entry);
        int keyLength = Entry.keyLength(memory, entry);
        effects.begin(2);
        effects.text("DEL");
        effects.bytes(memory, keyAt, keyLength);
        keyspace.types[Entry.type(memory, entry)].rewrite(entry, effects);
        if (Entry.isVolatile(memory, entry)) {
            effects.begin(3);
            effects.text("PEXPIREAT");
            effects.bytes(memory, keyAt, keyLength);
            effects.number(Entry.expiry(memory, entry));
        }
        effects.endRewritten();
    }

    /** Visits the keys of a command that reads some and writes others. */
    void beforeWrite(KvClient client, Command command, Arguments arguments) {
        if (isCommitting) {
            return;
        }
        if (command.has(Command.MOVABLE_KEYS) || command.isWholesale()) {
            // Which keys it reads is not known here. It is tried again when the log is looked at next time.
            abandon();
            return;
        }
        int last = command.lastKey < 0 ? arguments.count() + command.lastKey : command.lastKey;
        if (command.firstKey == 0 || last == command.firstKey) {
            return;
        }
        if (effects.isInUnit()) {
            // What the transaction has done so far comes later in the log than what is said about a key now.
            abandon();
            return;
        }
        for (int i = command.firstKey; i <= last && i < arguments.count(); i += command.keyStep) {
            int entry = client.database.keys.find(arguments.data(), arguments.at(i), arguments.length(i));
            if (entry != 0) {
                write(client.database.number, entry);
            }
        }
    }

    private void committed(StorageException failure) {
        isRunning = false;
        isCommitting = false;
        if (failure != null) {
            server.platform.log().line("kv: the log was not rewritten: " + failure.getMessage());
        }
        baseBytes = log.length();
        server.durability.logHasRoom();
    }
}

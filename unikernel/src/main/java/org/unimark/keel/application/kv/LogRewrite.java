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
 *
 * <p>A large value is written in parts, one in each step. A command that is about to change it waits until it is complete.
 */
@Rare
final class LogRewrite extends BackgroundTask {
    private static final long SMALLEST_LOG = 1 << 20;
    private static final int BUCKETS_A_STEP = 8;
    /** Of the keys of one bucket. */
    private static final int MOST_UNFINISHED = 16;

    private final KvServer server;
    private final Keyspace keyspace;
    private final Bytes memory;
    private final Effects effects;
    private final RecordLog log;
    private final LogQueue queue;
    private final RecordLog.Outcome committed = this::committed;
    private boolean isDemanded;
    private boolean isRunning;
    private boolean wantsAbandoning;
    private boolean isCommitting;
    private int database;
    private int cursor;
    private long baseBytes;
    /** {@link Keyspace#changes} when the last one ended. */
    private long changesAtEnd;
    /** Keys of the database that is being visited whose first parts are written, and where their next ones begin. */
    private final int[] unfinished = new int[MOST_UNFINISHED];

    private final int[] nextPart = new int[MOST_UNFINISHED];
    private int unfinishedCount;
    private int unfinishedDatabase;

    LogRewrite(KvServer server, RecordLog log, LogQueue queue) {
        this.server = server;
        this.log = log;
        this.queue = queue;
        keyspace = server.keyspace;
        memory = keyspace.memory;
        effects = server.effects;
        // One that is nearly full has no room for growth to tell that it should be shorter.
        baseBytes = hasLeftLessThan(4) ? 0 : log.length();
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

    /** Within a second. */
    void demand() {
        isDemanded = true;
    }

    /** The same, if another one could be shorter than the last. */
    void wish() {
        isDemanded |= !isRunning && keyspace.changes != changesAtEnd;
    }

    void beginIfDemanded() {
        if (isDemanded) {
            isDemanded = false;
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
        queue.beginRewrite();
        unfinishedCount = 0;
        database = 0;
        cursor = 0;
        server.background.add(this, keyspace.nowNanos());
        return true;
    }

    void abandon() {
        if (isRunning && !isCommitting) {
            isRunning = false;
            wantsAbandoning = true;
            unfinishedCount = 0;
            queue.dropRewrite();
        }
    }

    /** A key is about to be gone, and the log says so. */
    void forget(int entry) {
        int index = indexOf(entry);
        if (index >= 0) {
            removeUnfinished(index);
        }
    }

    /** Before anything more is appended. */
    void abandonIfWanted() {
        if (wantsAbandoning) {
            wantsAbandoning = false;
            log.abandonRewrite();
            if (queue.rewriteHasFailed()) {
                server.platform.log().line("kv: the log was not rewritten: there is no memory for what waits for it");
                // Not again before it has doubled.
                baseBytes = log.length();
            }
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
        if (unfinishedCount > 0) {
            int index = unfinishedCount - 1;
            nextPart[index] = writePart(unfinishedDatabase, unfinished[index], nextPart[index]);
            if (nextPart[index] == 0) {
                unfinishedCount = index;
            }
        } else {
            for (int i = 0; i < BUCKETS_A_STEP && database < keyspace.databases.length && unfinishedCount == 0; i++) {
                visitBucket();
            }
        }
        if (queue.rewriteHasFailed()) {
            abandon();
        }
        server.durability.pump();
        return isRunning;
    }

    private void visitBucket() {
        Dictionary keys = keyspace.databases[database].keys;
        if (keys.size() > 0) {
            int entry = keys.first(keys.bucketAtCursor(cursor));
            while (entry != 0) {
                int part = writePart(database, entry, 0);
                if (part != 0 && unfinishedCount < MOST_UNFINISHED) {
                    unfinished[unfinishedCount] = entry;
                    nextPart[unfinishedCount++] = part;
                    unfinishedDatabase = database;
                } else {
                    finish(database, entry, part);
                }
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
        forget(entry);
        finish(ofDatabase, entry, writePart(ofDatabase, entry, 0));
    }

    private void finish(int ofDatabase, int entry, int from) {
        int part = from;
        while (part != 0 && !queue.rewriteHasFailed()) {
            part = writePart(ofDatabase, entry, part);
        }
    }

    /** Says a part of what a key is now; returns where the next part begins, or 0. */
    private int writePart(int ofDatabase, int entry, int from) {
        effects.beginRewritten(ofDatabase);
        int keyAt = Entry.keyAt(memory, entry);
        int keyLength = Entry.keyLength(memory, entry);
        if (from == 0) {
            effects.begin(2);
            effects.text("DEL");
            effects.bytes(memory, keyAt, keyLength);
        }
        int next = keyspace.types[Entry.type(memory, entry)].rewrite(entry, from, effects);
        if (from == 0 && Entry.isVolatile(memory, entry)) {
            effects.begin(3);
            effects.text("PEXPIREAT");
            effects.bytes(memory, keyAt, keyLength);
            effects.number(Entry.expiry(memory, entry));
        }
        effects.endRewritten();
        return next;
    }

    private int indexOf(int entry) {
        for (int i = 0; i < unfinishedCount; i++) {
            if (unfinished[i] == entry) {
                return i;
            }
        }
        return -1;
    }

    private void removeUnfinished(int index) {
        unfinishedCount--;
        unfinished[index] = unfinished[unfinishedCount];
        nextPart[index] = nextPart[unfinishedCount];
    }

    /** Visits the keys of a command that reads some and writes others. */
    void beforeWrite(KvClient client, Command command, Arguments arguments) {
        if (isCommitting) {
            return;
        }
        boolean isFlush = command.firstKey == 0;
        if (command.has(Command.MOVABLE_KEYS)
                || command.isWholesale()
                || (unfinishedCount > 0 && (isFlush || command.mayReplaceElsewhere(arguments)))) {
            // Which keys it reads or deletes is not known here. It is tried again when the log is looked at next time.
            abandon();
            return;
        }
        int last = command.lastKey < 0 ? arguments.count() + command.lastKey : command.lastKey;
        boolean isSingle = last == command.firstKey && !command.isMove();
        if (isFlush || (isSingle && unfinishedCount == 0)) {
            return;
        }
        for (int i = command.firstKey; isRunning && i <= last && i < arguments.count(); i += command.keyStep) {
            int entry = client.database.keys.find(arguments.data(), arguments.at(i), arguments.length(i));
            if (entry != 0) {
                complete(client.database.number, entry, isSingle);
            }
        }
        if (queue.rewriteHasFailed()) {
            abandon();
        }
    }

    private void complete(int ofDatabase, int entry, boolean onlyIfUnfinished) {
        int index = indexOf(entry);
        if (index < 0 && onlyIfUnfinished) {
            return;
        }
        if (effects.isInUnit()) {
            // What the transaction has done so far comes later in the log than what is said about a key now.
            abandon();
        } else if (index >= 0) {
            int part = nextPart[index];
            removeUnfinished(index);
            finish(ofDatabase, entry, part);
        } else {
            write(ofDatabase, entry);
        }
    }

    private void committed(StorageException failure) {
        isRunning = false;
        isCommitting = false;
        if (failure != null) {
            server.platform.log().line("kv: the log was not rewritten: " + failure.getMessage());
        }
        baseBytes = log.length();
        changesAtEnd = keyspace.changes;
        server.durability.logHasRoom();
    }
}

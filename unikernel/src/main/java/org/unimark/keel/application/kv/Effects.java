// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Rare;

/**
 * What goes into the log. A command that changed something is logged as it came, unless it says what is to be logged
 * instead: nothing that depends on time or chance may be logged as it came.
 */
final class Effects {
    /** Null without a log. */
    private RecordWriter log;

    private RecordWriter rewrite;
    private LogRewrite running;
    /** Where {@link #begin} and its like write. */
    private RecordWriter current;

    private boolean isReplaying;
    private boolean isReplaced;
    private int database;
    /** Transactions that are open: their commands are one unit. */
    private int depth;

    void attach(RecordWriter toLog, RecordWriter toRewrite, LogRewrite logRewrite) {
        log = toLog;
        rewrite = toRewrite;
        running = logRewrite;
        current = toLog;
    }

    void setReplaying(boolean replaying) {
        isReplaying = replaying;
    }

    /** Whether anything is logged at all: before an effect is put together, ask. */
    boolean isOn() {
        return log != null && !isReplaying;
    }

    /** Whether keys expire now: not while the log is replayed, which says itself what had expired. */
    boolean mayExpire() {
        return !isReplaying;
    }

    /** What {@link #begin} and its like mean until the next call. */
    void setDatabase(int number) {
        database = number;
    }

    /** The command at hand is not logged as it came; what {@link #begin} to {@link #end} say is, if anything. */
    void instead() {
        isReplaced = true;
    }

    /** Begins a command of {@code words} words, for the database of the command at hand. */
    void begin(int words) {
        if (isOn()) {
            current.begin(database, words);
        }
    }

    void text(String word) {
        if (isOn()) {
            current.text(word);
        }
    }

    void bytes(Bytes source, int at, int length) {
        if (isOn()) {
            current.bytes(source, at, length);
        }
    }

    void number(long value) {
        if (isOn()) {
            current.number(value);
        }
    }

    /** Ends what {@link #begin} began. */
    void end() {}

    /** A key is about to be gone that no command deleted: it expired or was evicted. */
    void deleted(int ofDatabase, Bytes memory, int entry) {
        if (isOn()) {
            running.forget(entry);
            log.begin(ofDatabase, 2);
            log.text("DEL");
            log.bytes(memory, Entry.keyAt(memory, entry), Entry.keyLength(memory, entry));
        }
    }

    /** What happens until {@link #endUnit} takes effect as a whole or not at all. */
    void beginUnit() {
        depth++;
    }

    boolean isInUnit() {
        return depth > 0;
    }

    void endUnit() {
        depth--;
        finish();
    }

    /** The command at hand changed something; logs it, unless something else was logged instead. */
    void commit(boolean isWrite, Arguments arguments) {
        if (isOn()) {
            if (isWrite && !isReplaced) {
                if (arguments.areRaw()) {
                    int at = arguments.commandAt();
                    log.command(database, arguments.data(), at, arguments.commandEnd() - at);
                } else {
                    compose(arguments);
                }
            }
            finish();
        }
    }

    @Rare
    private void compose(Arguments arguments) {
        log.begin(database, arguments.count());
        for (int i = 0; i < arguments.count(); i++) {
            log.bytes(arguments.data(), arguments.at(i), arguments.length(i));
        }
    }

    /** A command is about to be executed for a database. */
    void beginCommand(int ofDatabase) {
        database = ofDatabase;
        isReplaced = false;
    }

    /** Ends a unit that has begun, if it is not part of a transaction. */
    void finish() {
        if (depth == 0 && log != null) {
            log.finish();
        }
    }

    /** Until {@link #endRewritten}, effects are for the new log. */
    void beginRewritten(int ofDatabase) {
        current = rewrite;
        database = ofDatabase;
    }

    void endRewritten() {
        rewrite.finish();
        current = log;
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.sql.postgres;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Rare;

/** Simple and extended queries of one session: which message does what, and what goes on after a pause. */
@Rare
final class Queries {
    private static final int NOTHING = 0;
    private static final int SCRIPT = 1;
    private static final int EXECUTE = 2;
    private static final int SYNC = 3;
    private static final int COPY = 4;
    private static final int DESCRIBE = 5;
    /** Opens the database, before the first message is read. */
    private static final int OPEN = 6;
    /** A message that met a lock, and will be presented once more. */
    private static final int AGAIN = 7;

    private static final int SYNC_BYTES = 5;

    final Session session;
    private final Backend backend;
    private final Script script;
    private final ExtendedQueries extended;
    private int task;
    private boolean syncFollows;
    private boolean holdsOutput;
    private int takenBesides;
    /** The task that COPY FROM STDIN belongs to. */
    private int copyTask;

    /** Of what the connection has presented, behind the message that is being handled. */
    int presentedEnd;

    /** @param script for the text of simple queries, if it is not longer */
    Queries(Session session, Bytes script) {
        this.session = session;
        this.backend = session.backend;
        this.script = new Script(session, script);
        extended = new ExtendedQueries(session);
    }

    /** What it was given for the text of queries. */
    Bytes memory() {
        return script.memory();
    }

    boolean isBusy() {
        return task != NOTHING && (task != COPY || backend.copyIn.isWaiting());
    }

    /** The client was let in. */
    void open() {
        begin(OPEN);
    }

    /** Handles a message; false if it must come again when there is room for its answer, or a lock may be free. */
    boolean handle(int type, Bytes data, int at, int length) {
        if (task == COPY) {
            copyMessage(type, data, at, length);
            return true;
        }
        if (extended.skipsToSync() && type != 'S' && type != 'X') {
            return true;
        }
        backend.prepareResult = Backend.DONE;
        switch (type) {
            case 'Q' -> query(data, at, length);
            case 'P' -> extended.parse(data, at, at + length);
            case 'B' -> extended.bind(data, at, at + length);
            case 'D' -> {
                boolean isDone = extended.describe(data, at, at + length);
                if (extended.isPreviewDue()) {
                    begin(DESCRIBE);
                }
                return isDone;
            }
            case 'E' -> {
                boolean syncs = isSync(data, at + length);
                if (extended.execute(data, at, at + length, syncs)) {
                    takeSync(syncs && presentedEnd - at - length >= SYNC_BYTES);
                    begin(EXECUTE);
                }
            }
            case 'C' -> extended.close(data, at, at + length);
            case 'H' -> backend.out.flush();
            case 'S' -> sync();
            case 'X' -> session.finish();
            case 'c', 'f' -> {
                // COPY has failed already; its sender did not know yet.
            }
            default -> session.fatal(SqlState.PROTOCOL_VIOLATION, "this kind of message is not expected here");
        }
        if (backend.prepareResult == Backend.WAITING) {
            task = AGAIN;
            session.server.wait(session);
            return false;
        }
        return true;
    }

    /** A message that was too long. */
    void refuse(int type, String state, String message) {
        if (extended.skipsToSync()) {
            return;
        }
        backend.fail(state, message, 0);
        if (type == 'Q') {
            backend.out.ready(backend.transaction.status());
        } else {
            extended.skipToSync();
        }
    }

    private void query(Bytes data, int at, int length) {
        if (Ascii.behindText(data, at, at + length) != at + length) {
            session.fatal(SqlState.PROTOCOL_VIOLATION, "invalid string in message");
            return;
        }
        extended.forgetUnnamed();
        if (script.begin(data, at, length)) {
            begin(SCRIPT);
        } else {
            refuse('Q', SqlState.OUT_OF_MEMORY, "out of memory for long queries");
        }
    }

    /** Whether Sync follows at once: then the statement is a transaction of its own, and SQLite need not be told. */
    private boolean isSync(Bytes data, int at) {
        return at < presentedEnd && data.u8(at) == 'S';
    }

    /** Sync is answered together with what it follows: one packet instead of two. */
    private void takeSync(boolean isWhole) {
        syncFollows = isWhole;
        takenBesides = isWhole ? SYNC_BYTES : 0;
    }

    /** How many bytes behind a message were taken together with it; asked once for each. */
    int takenBesides() {
        int taken = takenBesides;
        takenBesides = 0;
        return taken;
    }

    private void begin(int newTask) {
        task = newTask;
        session.server.execute(session);
    }

    /** Whether what is to be sent waits for more: a description alone is of no use to anybody. */
    boolean holdsOutput() {
        boolean holds = holdsOutput;
        holdsOutput = false;
        return holds;
    }

    private void sync() {
        task = SYNC;
        resume();
    }

    /** Does as much of the task as is possible now. */
    void resume() {
        if (task == COPY) {
            // The client may have read, too, while a COPY has no row to insert.
            if (backend.copyIn.isWaiting()) {
                copyResult(backend.copyIn.retry());
            }
            return;
        }
        int result = switch (task) {
            case OPEN -> session.startUp.open();
            case SCRIPT -> script.run();
            case EXECUTE -> extended.run();
            case DESCRIBE -> extended.describeByPreview();
            case SYNC -> backend.transaction.commitImplied();
            default -> Backend.DONE;
        };
        if (result == Backend.WAITING) {
            session.server.wait(session);
        } else if (result == Backend.YIELDED) {
            session.server.execute(session);
        } else if (result == Backend.COPYING) {
            copyTask = task;
            task = COPY;
            // Without effect during COPY (manual, 55.2.6): there will be another one.
            syncFollows = false;
        } else if (result != Backend.BLOCKED) {
            finished(result);
        }
    }

    private void finished(int result) {
        int ended = task;
        task = NOTHING;
        holdsOutput = ended == DESCRIBE;
        switch (ended) {
            case EXECUTE -> {
                extended.executed(result == Backend.FAILED);
                if (syncFollows) {
                    syncFollows = false;
                    sync();
                }
            }
            case SYNC -> {
                extended.synced();
                backend.out.ready(backend.transaction.status());
            }
            case SCRIPT -> {
                script.end();
                backend.out.ready(backend.transaction.status());
            }
            default -> {
                // Nothing was going on.
            }
        }
    }

    /** Returns how many bytes of COPY's data were taken; what nobody waits for is dropped. */
    int copyData(Bytes data, int at, int length) {
        if (task != COPY) {
            return length;
        }
        int taken = backend.copyIn.take(data, at, length);
        copyResult(backend.copyIn.result());
        return taken;
    }

    private void copyMessage(int type, Bytes data, int at, int length) {
        switch (type) {
            case 'c' -> copyResult(backend.copyIn.finish());
            case 'f' -> {
                int behind = Ascii.behindText(data, at, at + length);
                String reason = behind < 0 ? "" : Ascii.string(data, at, Math.min(behind - 1 - at, 500));
                copyResult(backend.copyIn.fail(SqlState.QUERY_CANCELED, "COPY from stdin failed: " + reason));
            }
            case 'H', 'S' -> {
                // Allowed during COPY, and without effect (manual, 55.2.6).
            }
            case 'X' -> session.finish();
            default -> copyResult(backend.copyIn.fail(SqlState.PROTOCOL_VIOLATION, "unexpected message during COPY"));
        }
    }

    /** Goes on with the task that COPY was part of, when COPY has ended. */
    private void copyResult(int result) {
        if (result == Backend.COPYING) {
            return;
        }
        if (result == Backend.WAITING) {
            session.server.wait(session);
            return;
        }
        task = copyTask;
        if (result == Backend.DONE && task == SCRIPT) {
            script.closePortal();
            session.server.execute(session);
        } else {
            finished(result);
        }
    }

    /** The connection ends. */
    void end() {
        task = NOTHING;
        syncFollows = false;
        backend.copyIn.end();
        script.end();
        extended.end();
        backend.end();
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.sql.postgres;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Rare;
import org.unimark.keel.net.socket.CloseReason;
import org.unimark.keel.net.socket.Connection;
import org.unimark.keel.net.socket.ConnectionHandler;

/**
 * One client's messages: takes them from the connection one by one, and none while one is being worked at. Longer ones than
 * the connection holds together are collected in memory of which the server has little; the longest are read and refused.
 */
@Rare
final class Session implements ConnectionHandler {
    static final int STARTING = 0;
    static final int AUTHENTICATING = 1;
    static final int READY = 2;
    static final int CLOSED = 3;

    private static final int HEADER = 5;
    private static final int LONGEST_HELD = Connection.RECEIVE_CONTIGUOUS;
    /** Lengths beyond PostgreSQL's own limits are refused: one more than the largest number would be the smallest. */
    static final int LONGEST_SHORT = 10_000;

    private static final int LONGEST = 0x3fffffff;

    /** In the server's list of those who have not begun. */
    Session nextStarting;

    Session previousStarting;
    boolean isListed;
    long startedNanos;

    final PostgresServer server;
    final StartUp startUp;
    Connection connection;
    Backend backend;
    Queries queries;
    int phase;
    private boolean isPaused;
    private boolean peerHasFinished;
    /** In the server's list of those who have something to execute. */
    boolean isRunnable;
    /** In the server's list of those who wait for the end of a step. */
    boolean isDeferred;

    /** A long message that is being collected: its memory, or null while it is skipped. */
    private Bytes collected;

    private int collectedBytes;
    private int collectedLength;
    private long collectedSinceNanos;
    private int skippedBytes;
    private int skippedType;
    /** Of CopyData, which may be as long as it likes. */
    private int copyBytes;

    Session(PostgresServer server, Connection connection) {
        this.server = server;
        this.connection = connection;
        this.startUp = new StartUp(this);
    }

    @Override
    public int received(Connection from, Bytes data, int offset, int length) {
        if (server.isListening() && phase != STARTING && phase != CLOSED) {
            defer();
            return 0;
        }
        int end = offset + length;
        int at = offset;
        while (at < end && takesInput()) {
            int next = phase == READY ? message(data, at, end) : startUp.message(data, at, end);
            if (next == at) {
                break;
            }
            at = next;
        }
        if (at < end && !takesInput()) {
            pause();
        }
        settle();
        return phase == CLOSED ? length : at - offset;
    }

    /** Reads on when the step is over that the engine is working at. */
    void defer() {
        pause();
        server.defer(this);
    }

    private void pause() {
        if (!isPaused && phase != CLOSED) {
            isPaused = true;
            connection.pauseReceiving();
        }
    }

    /** The step is over. */
    void goOn() {
        isDeferred = false;
        if (phase == CLOSED) {
            // The connection ended during the step, which used what belonged to it.
            release();
        } else if (phase == READY) {
            server.execute(this);
        } else {
            settle();
        }
    }

    private boolean takesInput() {
        return phase != CLOSED && (backend == null || (!queries.isBusy() && !backend.out.isBlocked()));
    }

    /** After any work: sends what there is, and reads on or not. */
    private void settle() {
        if (phase == CLOSED || isDeferred) {
            return;
        }
        if (backend != null && !queries.holdsOutput()) {
            backend.out.flush();
        }
        if (!takesInput()) {
            return;
        }
        if (isPaused) {
            isPaused = false;
            connection.resumeReceiving();
        } else if (peerHasFinished) {
            finish();
        }
    }

    private int message(Bytes data, int at, int end) {
        if (skippedBytes > 0) {
            return skip(at, end);
        }
        if (collected != null) {
            return collect(data, at, end);
        }
        if (copyBytes > 0) {
            return copy(data, at, end);
        }
        if (end - at < HEADER) {
            return at;
        }
        int type = data.u8(at);
        int length = data.i32(at + 1);
        if (length < 4 || length > longest(type)) {
            fatal(SqlState.PROTOCOL_VIOLATION, "invalid message type or length");
            return end;
        }
        if (!backend.out.reserve(Outbox.ROOM_FOR_OTHERS)) {
            return at;
        }
        if (type == 'd') {
            copyBytes = length - 4;
            return at + HEADER;
        }
        if (length + 1 > LONGEST_HELD) {
            return beginLong(type, length, data, at, end);
        }
        if (end - at < length + 1) {
            return at;
        }
        queries.presentedEnd = end;
        if (!queries.handle(type, data, at + HEADER, length - 4)) {
            return at;
        }
        return at + length + 1 + queries.takenBesides();
    }

    /** What the length of a message of this type may say; 0 if there is no such type. */
    private static int longest(int type) {
        return "BFPQd".indexOf(type) >= 0 ? LONGEST : "CDEHSXcfp".indexOf(type) >= 0 ? LONGEST_SHORT : 0;
    }

    private int copy(Bytes data, int at, int end) {
        int size = Math.min(copyBytes, end - at);
        int taken = queries.copyData(data, at, size);
        copyBytes -= taken;
        return at + taken;
    }

    private int beginLong(int type, int length, Bytes data, int at, int end) {
        Bytes memory = length < server.maximumMessageBytes ? server.takeLarge() : null;
        if (memory == null) {
            skippedBytes = length - 4;
            skippedType = type;
            return at + HEADER;
        }
        collected = memory;
        collectedBytes = 0;
        collectedLength = length + 1;
        collectedSinceNanos = server.platform.clock().nanos();
        server.tick();
        return collect(data, at, end);
    }

    private int collect(Bytes data, int at, int end) {
        int size = Math.min(collectedLength - collectedBytes, end - at);
        collected.copyFrom(collectedBytes, data, at, size);
        collectedBytes += size;
        if (collectedBytes == collectedLength) {
            queries.presentedEnd = 0;
            if (!backend.out.reserve(Outbox.ROOM_FOR_OTHERS)
                    || !queries.handle(collected.u8(0), collected, HEADER, collectedLength - HEADER)) {
                // Once more when there is room: the last byte stays with the connection.
                collectedBytes--;
                return at + size - 1;
            }
            server.giveLarge(collected);
            collected = null;
        }
        return at + size;
    }

    /** Whether there is a long message of which the client owes the rest; one that waits for a lock is nobody's fault. */
    boolean isCollecting() {
        return collected != null && !queries.isBusy();
    }

    /** Ends the connection if that has lasted too long. */
    boolean endIfLate(long nowNanos, long limitNanos) {
        boolean isLate = nowNanos - collectedSinceNanos >= limitNanos;
        if (isLate) {
            fatal(SqlState.MESSAGE_TIMEOUT, "terminating connection because a message did not come to its end in time");
        }
        return isLate;
    }

    private int skip(int at, int end) {
        int size = Math.min(skippedBytes, end - at);
        skippedBytes -= size;
        if (skippedBytes == 0) {
            queries.refuse(skippedType, SqlState.PROGRAM_LIMIT, "message is too long, or there is no memory for it");
        }
        return at + size;
    }

    /** Executes what was read, or goes on with it. */
    void resume() {
        if (phase == READY) {
            queries.resume();
            settle();
        }
    }

    @Override
    public void writable(Connection from) {
        if (backend != null && phase == READY && backend.out.flush()) {
            server.execute(this);
        }
    }

    @Override
    public void peerFinished(Connection from) {
        peerHasFinished = true;
        if (server.isListening()) {
            server.defer(this);
        } else if (phase != CLOSED && takesInput()) {
            finish();
        }
    }

    /** Ends the connection after an error that leaves nothing to say. */
    void fatal(String state, String message) {
        if (backend == null) {
            startUp.sendFatal(state, message);
        } else {
            if (backend.out.reserve(Outbox.ROOM_FOR_OTHERS)) {
                backend.out.error("FATAL", state, message, 0);
                backend.out.flush();
            }
        }
        finish();
    }

    void finish() {
        if (phase != CLOSED) {
            phase = CLOSED;
            release();
            connection.close();
        }
    }

    private void release() {
        server.unlist(this);
        if (collected != null) {
            server.giveLarge(collected);
            collected = null;
        }
        if (backend != null) {
            queries.end();
            server.release(this);
        }
    }

    @Override
    public void closed(Connection from, CloseReason reason) {
        if (phase == CLOSED) {
            return;
        }
        phase = CLOSED;
        if (backend != null && server.isListening()) {
            backend.isCancelled = true;
            backend.out.disconnect();
            server.defer(this);
        } else {
            release();
        }
    }
}

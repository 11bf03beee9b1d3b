// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.net.socket.CloseReason;
import org.unimark.keel.net.socket.Connection;
import org.unimark.keel.net.socket.ConnectionHandler;

/**
 * One connection. Commands are executed where they lie in the receive buffer; one that is too long for it is collected in
 * {@link LongRequest}. While something holds the client, no command of it is looked at, so that one that does not read its
 * replies is slowed down by its own window.
 */
final class KvClient implements ConnectionHandler {
    // Reasons why no command is executed now.
    static final int OUTPUT_WAITS = 1;
    /** A blocking command waits for its key. */
    static final int BLOCKED = 2;
    /** Its replies wait until the log is on the disk. */
    static final int LOG_WAITS = 4;

    static final int CLOSING = 8;
    /** {@code CLIENT PAUSE}. */
    static final int PAUSED = 16;

    // Reasons why the dispatcher has to look twice before it executes a command.
    static final int STRANGER = 1;
    static final int IN_TRANSACTION = 2;
    static final int SUBSCRIBED = 4;
    static final int REPLIES_OFF = 8;
    static final int SKIP_REPLY = 16;
    static final int NO_TOUCH = 32;
    /** The command at hand is not answered. */
    static final int SKIPPING = 128;

    /** A command of the transaction was refused: it will not be executed. */
    static final int SPOILED = 64;

    /** {@code CLIENT PAUSE}: commands that may write have to wait. */
    static final int WRITES_PAUSED = 256;

    private static final int MUCH_OUTPUT = 128 * 1024;

    /** For the server's pool and its list of connections. */
    KvClient next;

    KvClient previous;

    /** Of this object, whatever connection it has: subscriptions know clients by it. */
    final int number;

    /** First subscription of each kind: see {@link Subscriptions}. */
    final int[] subscriptions = new int[Subscriptions.KINDS];

    final int[] subscriptionCounts = new int[Subscriptions.KINDS];

    /** For a command that waits; made here because commands allocate nothing. */
    final BlockedClients.Wait wait;

    final OutputQueue output;
    final Transaction transaction;
    final LongRequest longRequest;
    long id;
    /** What its commands are about. */
    Database database;

    int modes;
    boolean isResp3;
    /** Handles of texts: {@code CLIENT SETNAME}, {@code CLIENT SETINFO}; 0 is none. */
    final int[] texts = new int[3];

    boolean isSparedFromEviction;
    long connectedAtMillis;
    long usedAtMillis;
    Command lastCommand;

    /** For the list of those who wait for the log. */
    KvClient nextWaiting;

    /** It waits for the sync that is running, and not for the next one. */
    boolean isCovered;

    private final KvServer server;
    private Connection connection;
    private int holds;
    private boolean peerHasFinished;
    /** Nothing more is said, not even what was composed already. */
    private boolean isCutOff;

    /** Our side is finished. */
    private boolean isClosed;

    /** The command at hand has to be looked at again. */
    private boolean isPostponed;

    private boolean wantsResumption;
    /** In the server's list of clients to {@link #transmit}. */
    boolean needsAttention;

    KvClient nextAttended;

    KvClient(KvServer server, int number) {
        this.server = server;
        this.number = number;
        output = new OutputQueue(server.slabs);
        transaction = new Transaction(server.slabs);
        longRequest = new LongRequest(server.slabs);
        wait = server.blocked.new Wait(this);
    }

    void begin(Connection established, long newId, int firstModes) {
        connection = established;
        id = newId;
        modes = firstModes;
        database = server.keyspace.databases[0];
        isResp3 = false;
        holds = 0;
        peerHasFinished = false;
        isCutOff = false;
        isClosed = false;
        isPostponed = false;
        wantsResumption = false;
        isSparedFromEviction = false;
        lastCommand = null;
    }

    Connection connection() {
        return connection;
    }

    int remoteAddress() {
        return connection == null ? 0 : connection.remoteAddress();
    }

    int remotePort() {
        return connection == null ? 0 : connection.remotePort();
    }

    /** {@code CLIENT REPLY}: the command at hand is not answered. */
    boolean isMuted() {
        return (modes & (REPLIES_OFF | SKIPPING)) != 0;
    }

    boolean isHeld() {
        return holds != 0;
    }

    boolean isHeldBy(int reason) {
        return (holds & reason) != 0;
    }

    void hold(int reason) {
        holds |= reason;
    }

    /** One reason less; when none is left, what has arrived meanwhile is executed soon. */
    void release(int reason) {
        if ((holds & reason) != 0) {
            holds &= ~reason;
            wantsResumption |= holds == 0;
            server.attend(this);
        }
    }

    @Override
    public int received(Connection from, Bytes data, int offset, int length) {
        if (holds != 0) {
            return (holds & CLOSING) != 0 ? length : 0;
        }
        server.beginTurn(this);
        int end = offset + length;
        int at = offset;
        if (longRequest.isActive() && !postponesLong()) {
            at = longRequest.take(server, this, data, at, end);
        }
        RequestParser parser = server.parser;
        int used = 0;
        while (at < end && (holds & ~LOG_WAITS) == 0) {
            used = parser.parse(server.arguments, data, at, end, (modes & STRANGER) != 0);
            if (used <= RequestParser.INCOMPLETE) {
                at = incomplete(used, data, at, end);
                break;
            }
            server.dispatcher.execute(this);
            at += used;
        }
        if (isPostponed) {
            isPostponed = false;
            at -= used;
        }
        server.endTurn(this);
        return (holds & CLOSING) != 0 ? length : at - offset;
    }

    private int incomplete(int result, Bytes data, int at, int end) {
        if (result == RequestParser.BROKEN) {
            refuse();
            return end;
        }
        if ((end - at >= LongRequest.WORTHWHILE || server.parser.needed() > LongRequest.WORTHWHILE)
                && !postponesLong()) {
            longRequest.begin();
            return longRequest.take(server, this, data, at, end);
        }
        return at;
    }

    /** While commands that may write have to wait, a long one does: it hardly does anything else. */
    private boolean postponesLong() {
        if ((modes & WRITES_PAUSED) == 0) {
            return false;
        }
        hold(PAUSED);
        return true;
    }

    /** The command at hand is not executed before the end of the pause. */
    void postpone() {
        hold(PAUSED);
        isPostponed = true;
    }

    /** Answers a breach of the protocol and closes. */
    void refuse() {
        Reply reply = server.reply;
        reply.beginError("ERR Protocol error: ");
        reply.raw(server.parser.error());
        if (server.parser.errorCharacter() != 0) {
            server.oneByte.put8(0, server.parser.errorCharacter());
            reply.textOf(server.oneByte, 0, 1);
            reply.raw("'");
        }
        reply.endError();
        closeAfterReply();
    }

    /** A command was refused before it was executed. */
    void spoilTransaction() {
        if ((modes & IN_TRANSACTION) != 0) {
            modes |= SPOILED;
        }
    }

    /** Closes when all replies are sent. */
    void closeAfterReply() {
        hold(CLOSING);
    }

    /**
     * Queues bytes that {@link #transmit} sends; a client for which there is no memory is cut off. Commands never write to a
     * connection: that may allocate Java objects, and every command would pay for it.
     */
    void send(Bytes source, int at, int length) {
        if (connection == null || isCutOff) {
            return;
        }
        if (!output.append(source, at, length)) {
            cutOff();
        } else if (output.bytes() > MUCH_OUTPUT) {
            // No further command of this turn.
            holds |= OUTPUT_WAITS;
        }
        server.attend(this);
    }

    /**
     * Part of something that is no reply: may come at any time, but not in the midst of the reply to EXEC. A client that is
     * too slow for it is cut off.
     */
    void push(Bytes source, int at, int length) {
        if (isCutOff) {
            return;
        }
        if (server.transactions.executesFor(this)) {
            server.transactions.defer(source, at, length);
            return;
        }
        if (server.reply.client() == this) {
            server.reply.flush();
        }
        send(source, at, length);
        if (isCutOff || output.bytes() > server.pushLimitBytes) {
            server.statistics.outputLimitDisconnections++;
            cutOff();
        }
    }

    /** Ends the connection at once, whatever was promised. */
    void cutOff() {
        hold(CLOSING);
        isCutOff = true;
        output.clear();
        server.attend(this);
    }

    /** What was waiting for the log may go. */
    void logIsDurable() {
        release(LOG_WAITS);
    }

    /** At the end of its turn: sends what was composed last, straight from where it was composed if nothing waits. */
    void finishTurn(Bytes composed, int length) {
        int written = 0;
        if (output.isEmpty() && length > 0 && !isCutOff && (holds & LOG_WAITS) == 0) {
            written = connection.write(composed, 0, length);
        }
        if (written < length) {
            send(composed, written, length - written);
        }
        if (needsAttention || holds != 0) {
            transmit();
        }
    }

    /** Does with the connection what commands, of whatever client, have left to do. */
    void transmit() {
        if (connection == null) {
            return;
        }
        if (isCutOff) {
            connection.abort();
            return;
        }
        if ((holds & LOG_WAITS) == 0 && !output.isEmpty()) {
            if (output.drain(connection)) {
                wantsResumption |= holds == OUTPUT_WAITS;
                holds &= ~OUTPUT_WAITS;
            } else {
                holds |= OUTPUT_WAITS;
            }
        }
        closeIfDone();
        if (wantsResumption && holds == 0) {
            connection.resumeReceiving();
            if (peerHasFinished) {
                finish();
            }
        }
        wantsResumption = false;
    }

    /** After a turn: the replies are on their way. */
    void closeIfDone() {
        if ((holds & CLOSING) != 0 && output.isEmpty() && connection != null && !isCutOff && !isClosed) {
            finish();
        }
    }

    @Override
    public void writable(Connection from) {
        transmit();
    }

    @Override
    public void peerFinished(Connection from) {
        peerHasFinished = true;
        if (holds == 0 || (holds & BLOCKED) != 0) {
            finish();
        }
    }

    private void finish() {
        hold(CLOSING);
        isClosed = true;
        connection.close();
    }

    @Override
    public void closed(Connection from, CloseReason reason) {
        if (this == server.turnedAway) {
            return;
        }
        connection = null;
        output.clear();
        server.neglect(this);
        longRequest.end();
        server.blocked.forget(this);
        server.transactions.end(this);
        server.pubSub.end(this);
        server.texts.clearAll(this);
        server.forget(this);
    }
}

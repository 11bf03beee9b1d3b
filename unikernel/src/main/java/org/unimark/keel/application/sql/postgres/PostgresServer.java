// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.sql.postgres;

import java.util.ArrayList;
import org.unimark.keel.application.Platform;
import org.unimark.keel.application.SealedSettings;
import org.unimark.keel.application.sql.SqlConnection;
import org.unimark.keel.application.sql.SqlEngine;
import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Poller;
import org.unimark.keel.kernel.Timer;
import org.unimark.keel.net.socket.Connection;
import org.unimark.keel.net.socket.ConnectionHandler;
import org.unimark.keel.net.socket.Network;

/** Listens for clients of PostgreSQL's protocol: limits, shared memory, and who waits for whom. */
public final class PostgresServer implements Network.Acceptor {
    private static final int SCRIPT_BYTES = 8 * 1024;
    private static final int SCRATCH_BYTES = 16 * 1024;
    private static final int LEAST_MESSAGE_BYTES = 16 * 1024;
    /** 0 is any port, for tests. */
    private static final int LEAST_PORT = 0;

    private static final long RETRY_NANOS = 4_000_000L;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    /**
     * Executes what sessions have read. Not within the network's callbacks: so the network can be served while a step of the
     * engine lasts, and a request to cancel it is heard.
     */
    private final class Worker implements Poller {
        @Override
        public int poll(long nowNanos) {
            boolean isDue = isWaitingTried() || !runnable.isEmpty();
            return isDue && !isExecuting ? execute() : 0;
        }

        @Override
        public boolean prepareToSleep() {
            return runnable.isEmpty() && !isWaitingTried();
        }
    }

    /** Tries again those who wait for a lock. */
    private final class Retry extends Timer {
        @Override
        protected void expired(long nowNanos) {
            mayBeFree = true;
        }
    }

    /** Ends connections that do not begin, or not finish what they have begun. */
    private final class SecondHand extends Timer {
        @Override
        protected void expired(long nowNanos) {
            endLateStarters(nowNanos);
            if (areMessagesDue(nowNanos) || firstStarting != null) {
                tick();
            }
        }
    }

    final Platform platform;
    final Translator translator;
    final TextBuffer text;
    final RowEncoder encoder;
    final CopyOut copyOut;
    final Parameters parameters;
    final Bytes copyScratch;
    /** One byte, which may be in no other use while a step lasts. */
    final Bytes refusal;

    final int maximumMessageBytes;
    final long lockTimeoutMillis;
    /** Null: everybody is trusted. */
    final String scramUser;

    final ScramVerifier verifier;
    /** Behind the statement that was translated last. */
    int scanned;

    private final SqlEngine engine;
    private final int maximumConnections;
    private final int maximumStarting;
    private final long startNanos;
    private final long messageNanos;
    private final int maximumLarge;
    private final ArrayList<Bytes> freeLarge = new ArrayList<>();
    private final ArrayList<Backend> freeBackends = new ArrayList<>();
    private final ArrayList<Bytes> freeScripts = new ArrayList<>();
    private final ArrayList<Session> admitted = new ArrayList<>();
    /** For a lock. */
    private ArrayList<Session> waiting = new ArrayList<>();
    /** With something to execute. */
    private ArrayList<Session> runnable = new ArrayList<>();

    private ArrayList<Session> spare = new ArrayList<>();
    /** Heard of while a step lasted. */
    private final ArrayList<Session> deferred = new ArrayList<>();

    private final Retry retry = new Retry();
    private final SecondHand secondHand = new SecondHand();
    private Session firstStarting;
    private Session lastStarting;
    private int starting;
    private int large;
    private int nextProcessId = 1;
    private boolean mayBeFree;
    private boolean isExecuting;
    private boolean isListening;

    private PostgresServer(Platform platform, SqlEngine engine, SealedSettings settings) {
        this.platform = platform;
        this.engine = engine;
        maximumMessageBytes = (int) settings.number("max_message_bytes", 1 << 20, LEAST_MESSAGE_BYTES, 1 << 29);
        maximumConnections = (int) settings.number("max_connections", 100, 1, 1 << 20);
        maximumStarting = (int) settings.number("max_starting", 16 * 1024, 1, 1 << 20);
        startNanos = settings.number("startup_timeout_seconds", 60, 1, 1 << 20) * NANOS_PER_SECOND;
        messageNanos = settings.number("message_timeout_seconds", 60, 1, 1 << 20) * NANOS_PER_SECOND;
        maximumLarge = (int) settings.number("long_messages", 4, 0, 1024);
        lockTimeoutMillis = settings.number("lock_timeout_millis", 10_000, 0, 1L << 40);
        boolean trusts = settings.isFirst("authentication", "trust", "scram-sha-256", true);
        scramUser = trusts ? null : settings.text("user", Settings.OWNER);
        verifier = trusts ? null : new ScramVerifier(settings, platform.random());
        translator = new Translator(platform.allocate(maximumMessageBytes + SCRATCH_BYTES));
        text = new TextBuffer(platform.allocate(maximumMessageBytes + SCRATCH_BYTES));
        Bytes scratch = platform.allocate(SCRATCH_BYTES);
        encoder = new RowEncoder(scratch);
        parameters = new Parameters(text.bytes);
        copyScratch = platform.allocate(Math.max(maximumMessageBytes, Outbox.CAPACITY));
        refusal = platform.allocate(1);
        refusal.put8(0, 'N');
        engine.watchSteps(this::listen);
        platform.setPoller(new Worker());
        copyOut = new CopyOut(scratch, copyScratch, text.bytes);
    }

    /** For those who bring connections of their own. */
    static PostgresServer create(Platform platform, SqlEngine engine, SealedSettings settings) {
        return new PostgresServer(platform, engine, settings);
    }

    /** Begins to serve, or says why not and ends the system. */
    public static void start(Platform platform, SqlEngine engine, SealedSettings settings) {
        int port = (int) settings.number("port", 5432, LEAST_PORT, 65_535);
        PostgresServer server = new PostgresServer(platform, engine, settings);
        if (platform.network().listen(port, (int) settings.number("backlog", 1024, 1, 1 << 20), server) == null) {
            platform.log().line("sql: cannot listen on port " + port);
            platform.exit(1);
        }
    }

    @Override
    public ConnectionHandler accepted(Connection connection) {
        if (starting >= maximumStarting) {
            return null;
        }
        Session session = new Session(this, connection);
        session.startedNanos = platform.clock().nanos();
        session.previousStarting = lastStarting;
        if (lastStarting == null) {
            firstStarting = session;
            tick();
        } else {
            lastStarting.nextStarting = session;
        }
        lastStarting = session;
        session.isListed = true;
        starting++;
        return session;
    }

    void unlist(Session session) {
        if (!session.isListed) {
            return;
        }
        session.isListed = false;
        starting--;
        if (session.previousStarting == null) {
            firstStarting = session.nextStarting;
        } else {
            session.previousStarting.nextStarting = session.nextStarting;
        }
        if (session.nextStarting == null) {
            lastStarting = session.previousStarting;
        } else {
            session.nextStarting.previousStarting = session.previousStarting;
        }
        session.nextStarting = null;
        session.previousStarting = null;
    }

    private void endLateStarters(long nowNanos) {
        while (firstStarting != null && nowNanos - firstStarting.startedNanos >= startNanos) {
            Session late = firstStarting;
            unlist(late);
            late.phase = Session.CLOSED;
            late.connection.abort();
        }
    }

    /** Looks after a second whether somebody is late. */
    void tick() {
        if (!secondHand.isScheduled()) {
            platform.timers().schedule(secondHand, platform.clock().nanos() + NANOS_PER_SECOND);
        }
    }

    /** A long message that stops on its way holds memory that others need; true if some have not come to their end. */
    private boolean areMessagesDue(long nowNanos) {
        boolean areDue = false;
        for (int i = admitted.size() - 1; i >= 0; i--) {
            Session session = admitted.get(i);
            areDue |= session.isCollecting() && (isListening || !session.endIfLate(nowNanos, messageNanos));
        }
        return areDue;
    }

    boolean hasRoom() {
        return admitted.size() < maximumConnections;
    }

    /** Gives a client that may enter what it needs; false if there is no more of it. */
    boolean admit(Session session) {
        unlist(session);
        SqlConnection connection = engine.connect();
        if (connection == null) {
            return false;
        }
        Backend backend = freeBackends.isEmpty() ? new Backend(this) : freeBackends.remove(freeBackends.size() - 1);
        backend.sql = connection;
        backend.secretKey = (int) platform.random().nextLong();
        backend.processId = nextProcessId++;
        backend.out.begin(session.connection);
        session.backend = backend;
        Bytes script =
                freeScripts.isEmpty() ? platform.allocate(SCRIPT_BYTES) : freeScripts.remove(freeScripts.size() - 1);
        session.queries = new Queries(session, script);
        admitted.add(session);
        return true;
    }

    void release(Session session) {
        admitted.remove(session);
        waiting.remove(session);
        runnable.remove(session);
        freeBackends.add(session.backend);
        freeScripts.add(session.queries.memory());
        session.backend = null;
    }

    /** A cancel request names a client by its number and its secret. */
    void cancel(int processId, int secretKey) {
        for (int i = 0; i < admitted.size(); i++) {
            Backend backend = admitted.get(i).backend;
            // One comparison of all bits: its time tells nothing about the secret.
            if (((backend.processId ^ processId) | (backend.secretKey ^ secretKey)) == 0
                    && admitted.get(i).queries.isBusy()) {
                backend.isCancelled = true;
                backend.sql.interrupt();
                mayBeFree = true;
                return;
            }
        }
    }

    /** Memory for one long message, or null if all is in use. */
    Bytes takeLarge() {
        if (!freeLarge.isEmpty()) {
            return freeLarge.remove(freeLarge.size() - 1);
        }
        if (large == maximumLarge || platform.availableBytes() < 2L * maximumMessageBytes) {
            return null;
        }
        large++;
        return platform.allocate(maximumMessageBytes);
    }

    void giveLarge(Bytes memory) {
        freeLarge.add(memory);
    }

    void lockMayBeFree() {
        mayBeFree = true;
    }

    boolean someoneCommits() {
        for (int i = 0; i < admitted.size(); i++) {
            if (admitted.get(i).backend.transaction.waitsForCommit) {
                return true;
            }
        }
        return false;
    }

    void wait(Session session) {
        if (!waiting.contains(session)) {
            waiting.add(session);
        }
        if (!retry.isScheduled()) {
            platform.timers().schedule(retry, platform.clock().nanos() + RETRY_NANOS);
        }
    }

    /** The session goes on in the next turn of the event loop. */
    void execute(Session session) {
        if (!session.isRunnable) {
            session.isRunnable = true;
            runnable.add(session);
        }
    }

    private boolean isWaitingTried() {
        return mayBeFree && !waiting.isEmpty();
    }

    /** Those who wait try again in their order, before others; whoever still waits keeps its place in the queue. */
    private int execute() {
        int work = 0;
        if (isWaitingTried()) {
            mayBeFree = false;
            ArrayList<Session> now = waiting;
            waiting = spare;
            work += executeAll(now);
        }
        ArrayList<Session> now = runnable;
        runnable = spare;
        return work + executeAll(now);
    }

    private int executeAll(ArrayList<Session> sessions) {
        int work = sessions.size();
        for (int i = 0; i < work; i++) {
            Session session = sessions.get(i);
            session.isRunnable = false;
            if (session.backend != null) {
                isExecuting = true;
                session.resume();
                isExecuting = false;
                serveDeferred();
            }
        }
        sessions.clear();
        spare = sessions;
        return work;
    }

    /** Whether a step of the engine lasts: nothing of it, of the session that waits for it, and of shared memory may be used. */
    boolean isListening() {
        return isListening;
    }

    /** Hears of new connections, requests to cancel and the end of connections, and leaves everything else for later. */
    private void listen() {
        if (isExecuting && !isListening) {
            isListening = true;
            platform.serveNetwork();
            isListening = false;
        }
    }

    /** When the step is over, what the session has heard of meanwhile is done. */
    void defer(Session session) {
        if (!session.isDeferred) {
            session.isDeferred = true;
            deferred.add(session);
        }
    }

    private void serveDeferred() {
        for (int i = 0; i < deferred.size(); i++) {
            deferred.get(i).goOn();
        }
        deferred.clear();
    }
}

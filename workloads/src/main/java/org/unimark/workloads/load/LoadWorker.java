// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.load;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.function.Consumer;

/** One thread's share of the connections and the loop that drives them. */
final class LoadWorker implements AutoCloseable {
    private static final long SWEEP_MILLIS = 50;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final LoadPlan plan;
    private final Selector selector;
    private final Consumer<SelectionKey> onReady = this::ready;
    private final Connection[] connections;
    /** Connections of an open loop without a request, as a ring: the one that has been idle longest is next. */
    private final Connection[] idle;

    private int firstIdle;
    private int idleCount;

    private Tally tally;
    private boolean open;
    private long toStart;
    private long arrived;
    private long outstanding;
    private long startNanos;
    private long stopNanos;
    private double intervalNanos;
    private long sweepDueNanos;

    /** @param first number of its first connection among those of all threads */
    LoadWorker(LoadPlan plan, int first, int count) throws IOException {
        this.plan = plan;
        this.selector = Selector.open();
        connections = new Connection[count];
        idle = new Connection[count];
        for (int i = 0; i < count; i++) {
            connections[i] = new Connection(selector, plan, first + i);
        }
    }

    /** Runs one phase on the current thread. */
    LoadResult run(LoadPhase phase, long start) throws IOException {
        ThreadUsage usage = new ThreadUsage();
        begin(phase, start);
        if (open) {
            try (Pacer pacer = new Pacer(selector, startNanos, intervalNanos)) {
                while (arrive(System.nanoTime()) || outstanding > 0) {
                    awaitDue(pacer);
                    if (!sweepInTime()) {
                        break;
                    }
                }
            }
            tally.error(LoadError.UNSERVED, toStart);
            abandon();
            return tally.result(startNanos, false, usage);
        }
        for (Connection connection : connections) {
            fill(connection, System.nanoTime());
        }
        while (toStart > 0 || outstanding > 0) {
            selector.select(onReady, SWEEP_MILLIS);
            if (!sweepInTime()) {
                break;
            }
        }
        return tally.result(startNanos, phase.maximumRequests() <= arrived, usage);
    }

    /** What is still outstanding at the very end was not answered in time. */
    private void abandon() {
        tally.error(LoadError.TIMEOUT, outstanding);
        for (Connection connection : connections) {
            if (connection.outstanding() > 0) {
                connection.close();
            }
        }
    }

    private void begin(LoadPhase phase, long start) throws IOException {
        startAfresh();
        open = phase.isOpen();
        startNanos = start;
        stopNanos = start + phase.duration().toNanos();
        toStart = phase.maximumRequests();
        arrived = 0;
        intervalNanos = open ? 1e9 / phase.requestsPerSecond() : 0;
        outstanding = 0;
        tally = new Tally(start, stopNanos, plan.protocol().bodyBytes());
        firstIdle = 0;
        idleCount = 0;
        for (Connection connection : connections) {
            release(connection, start);
        }
    }

    /** Notices connections that the server closed since the last phase, and leaves none that it was asked to close. */
    private void startAfresh() throws IOException {
        open = false;
        toStart = 0;
        stopNanos = Long.MIN_VALUE;
        tally = new Tally(0, 0, 0);
        selector.selectNow(onReady);
        if (plan.protocol().closes()) {
            for (Connection connection : connections) {
                connection.close();
            }
        }
    }

    /** Sends what is due while a connection is free; returns whether there is more to send. */
    private boolean arrive(long now) {
        while (toStart > 0 && idleCount > 0) {
            long intended = startNanos + (long) (arrived * intervalNanos);
            if (intended > now) {
                break;
            }
            Connection connection = idle[firstIdle];
            firstIdle = firstIdle + 1 == idle.length ? 0 : firstIdle + 1;
            idleCount--;
            // Free since before it was due: that it was not sent then is the generator's fault and nobody else's.
            if (connection.idleSinceNanos() <= intended) {
                tally.late(now - intended);
            }
            connection.setIdle(false, now);
            start(connection, intended, now);
            send(connection);
        }
        return toStart > 0;
    }

    private void awaitDue(Pacer pacer) throws IOException {
        pacer.asleep(true);
        boolean due =
                toStart > 0 && idleCount > 0 && startNanos + (long) (arrived * intervalNanos) <= System.nanoTime();
        if (due) {
            selector.selectNow(onReady);
        } else {
            selector.select(onReady, SWEEP_MILLIS);
        }
        pacer.asleep(false);
    }

    /** Ends requests that take too long, and stops starting new ones at the end; false when nothing more will come. */
    private boolean sweepInTime() {
        long now = System.nanoTime();
        boolean givesUp = tally.errorCount() >= plan.errorLimit();
        if (!open && (now >= stopNanos || givesUp)) {
            toStart = 0;
        }
        if (now < sweepDueNanos) {
            return !(open && givesUp);
        }
        sweepDueNanos = now + SWEEP_MILLIS * NANOS_PER_MILLI;
        long oldestAllowed = now - plan.requestTimeout().toNanos();
        for (Connection connection : connections) {
            if (connection.outstanding() > 0 && connection.oldestSentNanos() < oldestAllowed) {
                fail(connection, LoadError.TIMEOUT, now);
            }
        }
        return !(open && (givesUp || now > stopNanos + plan.requestTimeout().toNanos()));
    }

    private void fill(Connection connection, long now) {
        while (toStart > 0 && connection.free() > 0) {
            start(connection, now, now);
        }
        send(connection);
    }

    private void start(Connection connection, long intended, long now) {
        connection.submit(intended, now);
        toStart--;
        arrived++;
        outstanding++;
    }

    private void send(Connection connection) {
        if (connection.outstanding() == 0) {
            return;
        }
        try {
            if (connection.isOpen()) {
                connection.flush();
                return;
            }
        } catch (IOException e) {
            fail(connection, LoadError.RESET, System.nanoTime());
            return;
        }
        try {
            connection.connect();
            connection.flush();
        } catch (IOException e) {
            fail(connection, LoadError.CONNECT, System.nanoTime());
        }
    }

    private void ready(SelectionKey key) {
        Connection connection = (Connection) key.attachment();
        if (!connection.isOpen()) {
            return;
        }
        boolean wasConnected = connection.isConnected();
        try {
            if (!wasConnected) {
                connection.finishConnect();
            }
            if (connection.isConnected()) {
                connection.flush();
                receive(connection);
            }
        } catch (IOException e) {
            fail(connection, wasConnected ? LoadError.RESET : LoadError.CONNECT, System.nanoTime());
        }
    }

    private void receive(Connection connection) throws IOException {
        int bytes = connection.read();
        if (bytes == 0) {
            return;
        }
        long now = System.nanoTime();
        if (bytes < 0) {
            ended(connection, now);
            return;
        }
        Dialogue.Found found = connection.next();
        while (found == Dialogue.Found.CORRECT) {
            if (connection.outstanding() == 0) {
                fail(connection, LoadError.MALFORMED, now);
                return;
            }
            tally.completed(connection.oldestIntendedNanos(), connection.oldestSentNanos(), now);
            connection.answered();
            outstanding--;
            found = connection.next();
        }
        // A request of several steps has its next one to send.
        connection.flush();
        if (found != Dialogue.Found.PARTIAL) {
            fail(connection, error(found), now);
        } else if (connection.dialogue.isClosing() && !plan.protocol().closes() && connection.outstanding() == 0) {
            connection.close();
            proceed(connection, now);
        } else if (!plan.protocol().closes()) {
            proceed(connection, now);
        }
    }

    private static LoadError error(Dialogue.Found found) {
        return switch (found) {
            case WRONG_STATUS -> LoadError.WRONG_STATUS;
            case WRONG_LENGTH -> LoadError.WRONG_LENGTH;
            case WRONG_BODY -> LoadError.WRONG_BODY;
            case PARTIAL, CORRECT, MALFORMED -> LoadError.MALFORMED;
        };
    }

    /** The peer closed: correct where it was asked to, or between requests. */
    private void ended(Connection connection, long now) {
        if (connection.outstanding() > 0 || connection.dialogue.isInsideAnswer()) {
            fail(connection, LoadError.CLOSED_EARLY, now);
        } else {
            connection.close();
            proceed(connection, now);
        }
    }

    private void fail(Connection connection, LoadError error, long now) {
        int lost = Math.max(1, connection.outstanding());
        outstanding -= connection.outstanding();
        connection.close();
        tally.error(error, lost);
        if (tally.errorCount() < plan.errorLimit()) {
            proceed(connection, now);
        }
    }

    /** Gives a connection that has room its next work, or lets it be idle. */
    private void proceed(Connection connection, long now) {
        if (open) {
            if (connection.outstanding() == 0 && !connection.isIdle()) {
                release(connection, now);
            }
        } else if (now < stopNanos) {
            fill(connection, now);
        }
    }

    private void release(Connection connection, long now) {
        connection.setIdle(true, now);
        int slot = firstIdle + idleCount;
        idle[slot >= idle.length ? slot - idle.length : slot] = connection;
        idleCount++;
    }

    @Override
    public void close() throws IOException {
        for (Connection connection : connections) {
            connection.close();
        }
        selector.close();
    }
}

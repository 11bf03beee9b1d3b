// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.function.BooleanSupplier;
import org.unimark.baselines.Probe;

/**
 * Waits for the first correct answer of a server that is starting. A connection attempt that is not answered is repeated by
 * the kernel after a second only; so new attempts are made every few milliseconds, and the first that gets through counts.
 */
public final class FirstAnswer implements AutoCloseable {
    private static final long ATTEMPT_INTERVAL_NANOS = 2_000_000;
    /** Once a connection was accepted, an answer is a matter of patience and not of luck. */
    private static final long PATIENT_INTERVAL_NANOS = 100_000_000;

    private static final int MAXIMUM_ATTEMPTS = 64;
    private static final int FIRST_BUFFER_BYTES = 1 << 13;

    private final InetSocketAddress address;
    private final Probe probe;
    private final ByteBuffer request;
    private final Selector selector = Selector.open();
    private final ArrayDeque<Attempt> attempts = new ArrayDeque<>();
    private String lastFailure = "no connection was accepted";
    private long answeredNanos;
    private int connected;

    /** One connection attempt. */
    private static final class Attempt {
        private final SocketChannel channel;
        private ByteBuffer received = ByteBuffer.allocate(FIRST_BUFFER_BYTES);
        private boolean connected;

        Attempt(SocketChannel channel) {
            this.channel = channel;
        }

        /** Returns false at the end of the stream. */
        private boolean read() throws IOException {
            if (!received.hasRemaining()) {
                received = ByteBuffer.allocate(2 * received.capacity()).put(received.flip());
            }
            return channel.read(received) >= 0;
        }
    }

    private FirstAnswer(InetSocketAddress address, Probe probe) throws IOException {
        this.address = address;
        this.probe = probe;
        this.request = ByteBuffer.wrap(probe.request());
    }

    /**
     * Waits for a correct answer and returns {@link System#nanoTime} when its last byte arrived.
     *
     * @param alive asked now and then; waiting ends when it says no
     * @throws IOException if there is none before {@code deadlineNanos}, with the last reason
     */
    public static long await(InetSocketAddress address, Probe probe, long deadlineNanos, BooleanSupplier alive)
            throws IOException, InterruptedException {
        try (FirstAnswer first = new FirstAnswer(address, probe)) {
            return first.await(deadlineNanos, alive);
        }
    }

    private long await(long deadlineNanos, BooleanSupplier alive) throws IOException, InterruptedException {
        long nextAttempt = System.nanoTime();
        for (int turn = 1; answeredNanos == 0; turn++) {
            long now = System.nanoTime();
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            if (now >= deadlineNanos) {
                throw new IOException("no correct answer in time: " + lastFailure);
            }
            if (turn % 16 == 0 && !alive.getAsBoolean()) {
                throw new IOException("it ended before it answered: " + lastFailure);
            }
            if (now >= nextAttempt && attempt()) {
                nextAttempt = System.nanoTime() + (connected == 0 ? ATTEMPT_INTERVAL_NANOS : PATIENT_INTERVAL_NANOS);
            }
            selector.select(this::ready, 1);
        }
        return answeredNanos;
    }

    /** Returns false if there is no room for another: those that are connected are never given up for a new one. */
    private boolean attempt() throws IOException {
        if (attempts.size() == MAXIMUM_ATTEMPTS) {
            Attempt oldest = attempts.stream()
                    .filter(attempt -> !attempt.connected)
                    .findFirst()
                    .orElse(null);
            if (oldest == null) {
                return false;
            }
            close(oldest);
        }
        SocketChannel channel = SocketChannel.open();
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        Attempt attempt = new Attempt(channel);
        attempts.addLast(attempt);
        try {
            boolean atOnce = channel.connect(address);
            channel.register(selector, atOnce ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT, attempt);
            if (atOnce) {
                send(attempt);
            }
        } catch (IOException e) {
            fail(attempt, e);
        }
        return true;
    }

    private void ready(SelectionKey key) {
        Attempt attempt = (Attempt) key.attachment();
        try {
            if (key.isConnectable() && attempt.channel.finishConnect()) {
                key.interestOps(SelectionKey.OP_READ);
                send(attempt);
            } else if (key.isReadable()) {
                receive(attempt);
            }
        } catch (IOException e) {
            fail(attempt, e);
        }
    }

    private void send(Attempt attempt) throws IOException {
        attempt.connected = true;
        connected++;
        attempt.channel.write(request.duplicate());
    }

    private void receive(Attempt attempt) throws IOException {
        if (!attempt.read()) {
            throw new IOException("the connection was closed before an answer was complete");
        }
        Probe.Verdict verdict = probe.judge(attempt.received.array(), attempt.received.position());
        if (verdict == Probe.Verdict.CORRECT) {
            answeredNanos = answeredNanos == 0 ? System.nanoTime() : answeredNanos;
        } else if (verdict == Probe.Verdict.WRONG) {
            throw new IOException("the answer was not what it should be");
        }
    }

    private void fail(Attempt attempt, IOException cause) {
        lastFailure = cause.getMessage();
        close(attempt);
    }

    private void close(Attempt attempt) {
        attempts.remove(attempt);
        if (attempt.connected) {
            attempt.connected = false;
            connected--;
        }
        try {
            attempt.channel.close();
        } catch (IOException e) {
            lastFailure = e.getMessage();
        }
    }

    @Override
    public void close() throws IOException {
        while (!attempts.isEmpty()) {
            close(attempts.peekFirst());
        }
        selector.close();
    }
}

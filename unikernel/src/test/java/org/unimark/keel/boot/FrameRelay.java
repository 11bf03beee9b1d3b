// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.boot;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.TimeUnit;
import org.unimark.builder.qemu.QemuSocket;
import org.unimark.keel.simulation.Impairments;
import org.unimark.keel.simulation.SeededRandom;

/**
 * Spoils the frames between a booted guest and its network, like {@code tc netem} but without the kernel module: QEMU's
 * {@code filter-redirector} sends every frame through here, in both directions.
 */
final class FrameRelay implements AutoCloseable {
    private static final int LONGEST_FRAME = 70_000;
    /** With {@code vnet_hdr_support}: length of the frame, then of virtio's header, which is a part of the frame. */
    private static final int PREFIX_WITH_HEADER = 8;

    private static final int PREFIX = 4;

    private static final class Frame implements Delayed {
        private final long dueNanos;
        private final ByteBuffer bytes;

        Frame(long dueNanos, ByteBuffer bytes) {
            this.dueNanos = dueNanos;
            this.bytes = bytes;
        }

        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(dueNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
        }

        @Override
        public int compareTo(Delayed other) {
            return Long.compare(dueNanos, ((Frame) other).dueNanos);
        }
    }

    private final Path directory;
    private final Impairments impairments;
    private final boolean offloads;
    private final List<Thread> threads = new ArrayList<>();
    private final List<SocketChannel> channels = new ArrayList<>();
    private volatile boolean closing;
    private volatile IOException ending;
    private long relayed;
    private long spoiled;

    /** {@code offloads}: frames carry virtio's header, and may be long and without a checksum, so that none is corrupted. */
    FrameRelay(Path directory, Impairments impairments, boolean offloads, long seed) {
        this.directory = directory;
        this.impairments = impairments;
        this.offloads = offloads;
        startDirection("tx", new SeededRandom(seed));
        startDirection("rx", new SeededRandom(~seed));
    }

    /** Arguments of QEMU that lead the frames of {@code network0} through here. */
    List<String> arguments() {
        List<String> arguments = new ArrayList<>();
        for (String queue : List.of("tx", "rx")) {
            for (String way : List.of("out", "in")) {
                arguments.add("-chardev");
                arguments.add("socket,server=on,wait=off,id=" + queue + way + ",path=" + socket(queue + way));
            }
            arguments.add("-object");
            arguments.add("filter-redirector,id=relay" + queue + ",netdev=network0,queue=" + queue + ",outdev=" + queue
                    + "out,indev=" + queue + "in" + (offloads ? ",vnet_hdr_support=on" : ""));
        }
        return arguments;
    }

    private Path socket(String name) {
        return directory.resolve(name + ".socket");
    }

    private void startDirection(String queue, SeededRandom random) {
        DelayQueue<Frame> flying = new DelayQueue<>();
        start(() -> receive(connect(queue + "out"), flying, random));
        start(() -> send(connect(queue + "in"), flying));
    }

    private interface Body {
        void run() throws IOException, InterruptedException;
    }

    private void start(Body body) {
        Thread thread = new Thread(() -> {
            try {
                body.run();
            } catch (IOException e) {
                // The guest has ended. If it should not have, its conversation fails, and this says more.
                ending = e;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        thread.setDaemon(true);
        thread.start();
        threads.add(thread);
    }

    private SocketChannel connect(String name) throws IOException {
        SocketChannel channel = QemuSocket.connect(socket(name), () -> !closing);
        synchronized (channels) {
            channels.add(channel);
        }
        return channel;
    }

    private void receive(SocketChannel channel, DelayQueue<Frame> flying, SeededRandom random) throws IOException {
        int prefix = offloads ? PREFIX_WITH_HEADER : PREFIX;
        ByteBuffer head = ByteBuffer.allocate(prefix);
        long lastDueNanos = System.nanoTime();
        while (readFully(channel, head.clear())) {
            int length = head.getInt(0);
            if (length <= 0 || length > LONGEST_FRAME) {
                throw new IOException("a frame of " + length + " bytes");
            }
            ByteBuffer frame = ByteBuffer.allocate(prefix + length);
            frame.put(head.flip());
            if (!readFully(channel, frame)) {
                return;
            }
            lastDueNanos = impair(frame.flip(), prefix, flying, random, lastDueNanos);
        }
    }

    private synchronized long impair(
            ByteBuffer frame, int prefix, DelayQueue<Frame> flying, SeededRandom random, long lastDueNanos) {
        relayed++;
        if (random.happens(impairments.loss())) {
            spoiled++;
            return lastDueNanos;
        }
        if (!offloads && random.happens(impairments.corruption())) {
            spoiled++;
            int at = prefix + 14 + (int) random.below(Math.max(1, frame.limit() - prefix - 14));
            frame.put(at, (byte) (frame.get(at) ^ 1 + random.below(255)));
        }
        long due = System.nanoTime() + impairments.delayNanos();
        long last = lastDueNanos;
        if (random.happens(impairments.reordering())) {
            spoiled++;
            due += random.below(4 * impairments.delayNanos() + 1);
        } else {
            due += impairments.jitterNanos() == 0 ? 0 : random.below(impairments.jitterNanos());
            // Equal times would be delivered in any order.
            due = Math.max(due, last + 1);
            last = due;
        }
        flying.add(new Frame(due, frame));
        if (random.happens(impairments.duplication())) {
            spoiled++;
            flying.add(new Frame(due, frame.duplicate()));
        }
        return last;
    }

    private static boolean readFully(SocketChannel channel, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                return false;
            }
        }
        return true;
    }

    private static void send(SocketChannel channel, DelayQueue<Frame> flying) throws IOException, InterruptedException {
        while (true) {
            ByteBuffer bytes = flying.take().bytes.duplicate();
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        }
    }

    /** Why the relay ended, or null. */
    IOException ending() {
        return ending;
    }

    synchronized long relayed() {
        return relayed;
    }

    synchronized long spoiled() {
        return spoiled;
    }

    @Override
    public void close() throws IOException {
        closing = true;
        synchronized (channels) {
            for (SocketChannel channel : channels) {
                channel.close();
            }
        }
        for (Thread thread : threads) {
            thread.interrupt();
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}

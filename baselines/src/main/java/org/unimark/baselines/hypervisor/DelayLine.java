// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines.hypervisor;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.unimark.builder.qemu.QemuSocket;

/**
 * Makes frames late on their way into a guest, in their order, where the kernel has no {@code netem}: QEMU's
 * {@code filter-redirector} leads them through here. Frames from the guest take their usual way.
 */
public final class DelayLine implements AutoCloseable {
    /** Frames under way; when there are more, the hypervisor waits. */
    private static final int CAPACITY = 16_384;

    private static final int LONGEST_FRAME = 70_000;
    /** With {@code vnet_hdr_support}: length of the frame, then of virtio's header, which is a part of the frame. */
    private static final int PREFIX = 8;

    private final BlockingQueue<Frame> underWay = new ArrayBlockingQueue<>(CAPACITY);
    private final SocketChannel fromTap;
    private final SocketChannel toGuest;
    private final Thread receiver = new Thread(this::receive, "delay-line-receiver");
    private final Thread sender = new Thread(this::send, "delay-line-sender");
    private volatile long delayNanos;

    private record Frame(long dueNanos, ByteBuffer bytes) {}

    private DelayLine(SocketChannel fromTap, SocketChannel toGuest) {
        this.fromTap = fromTap;
        this.toGuest = toGuest;
        for (Thread thread : List.of(receiver, sender)) {
            thread.setDaemon(true);
            thread.start();
        }
    }

    /** What to add to QEMU's command line. */
    static List<String> arguments(Path directory, String netdev) {
        return List.of(
                "-chardev", "socket,server=on,wait=off,id=delayout,path=" + socket(directory, "out"),
                "-chardev", "socket,server=on,wait=off,id=delayin,path=" + socket(directory, "in"),
                "-object",
                        "filter-redirector,id=delay,netdev=" + netdev
                                + ",queue=tx,outdev=delayout,indev=delayin,vnet_hdr_support=on");
    }

    private static Path socket(Path directory, String name) {
        return directory.resolve(name);
    }

    /**
     * Connects to the machine that was started with {@link Hypervisor#DELAY_LINE} in this directory. Nothing is delayed yet.
     */
    public static DelayLine connect(Path directory) throws IOException {
        SocketChannel fromTap = QemuSocket.connect(socket(directory, "out"));
        try {
            return new DelayLine(fromTap, QemuSocket.connect(socket(directory, "in")));
        } catch (IOException e) {
            fromTap.close();
            throw e;
        }
    }

    /** For frames from now on; none overtakes another. */
    public void delay(int millis) {
        delayNanos = TimeUnit.MILLISECONDS.toNanos(millis);
    }

    private void receive() {
        ByteBuffer prefix = ByteBuffer.allocate(PREFIX);
        try {
            while (fill(prefix.clear())) {
                int length = prefix.getInt(0);
                if (length <= 0 || length > LONGEST_FRAME) {
                    throw new IOException("the hypervisor sent a frame of " + length + " bytes");
                }
                ByteBuffer bytes = ByteBuffer.allocate(PREFIX + length).put(prefix.flip());
                if (!fill(bytes)) {
                    return;
                }
                underWay.put(new Frame(System.nanoTime() + delayNanos, bytes.flip()));
            }
        } catch (IOException closed) {
            // The hypervisor has ended, or this was closed: requests of whoever measures fail, and say so.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean fill(ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            if (fromTap.read(buffer) < 0) {
                return false;
            }
        }
        return true;
    }

    private void send() {
        try {
            while (true) {
                Frame frame = underWay.take();
                TimeUnit.NANOSECONDS.sleep(frame.dueNanos - System.nanoTime());
                while (frame.bytes.hasRemaining()) {
                    toGuest.write(frame.bytes);
                }
            }
        } catch (IOException closed) {
            // As above.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Frames under way are lost. */
    @Override
    public void close() throws IOException {
        fromTap.close();
        toGuest.close();
        receiver.interrupt();
        sender.interrupt();
        try {
            receiver.join();
            sender.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

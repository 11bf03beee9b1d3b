// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.boot;

import java.util.ArrayList;
import java.util.List;
import org.teavm.interop.Address;
import org.teavm.interop.Function;
import org.teavm.interop.Structure;
import org.unimark.keel.application.Application;
import org.unimark.keel.application.Platform;
import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Panic;
import org.unimark.keel.kernel.Timer;
import org.unimark.keel.machine.BareMachine;
import org.unimark.keel.machine.Heap;
import org.unimark.keel.machine.Memory;
import org.unimark.keel.machine.Sealed;
import org.unimark.keel.net.socket.CloseReason;
import org.unimark.keel.net.socket.Connection;
import org.unimark.keel.net.socket.ConnectionHandler;

/**
 * The image of the boot tests: {@code test=NAME} on the command line chooses one property of the machine that it tries out.
 * Prints one word and ends, or ends in the panic that the test expects.
 */
public final class PropertyImage implements Application {
    private static final long FAR_AWAY = 0x7000_0000_0000L;
    private static final int RETURN_INSTRUCTION = 0xc3;
    static final int ECHO_PORT = 7;
    private static final long IMAGE_START = 0x10_0000;

    private final List<long[]> kept = new ArrayList<>();
    private Platform platform;
    private int depth;

    /** A C function without arguments. */
    abstract static class Code extends Function {
        abstract void call();
    }

    /** A C pointer to such a function. */
    static final class CodePointer extends Structure {
        Code code;
    }

    @Override
    public void start(Platform newPlatform) {
        platform = newPlatform;
        String test = option("test=");
        switch (test) {
            case "hello" -> finish(true);
            case "arithmetic" -> finish(arithmetic());
            case "memory" -> finish(memoryIsZeroedAndDistinct());
            case "collect" -> finish(collect());
            case "timer" -> new Beat().start();
            case "idle" -> platform.network().listen(ECHO_PORT, 4, connection -> new Echo());
            case "status" -> platform.exit(7);
            case "uncaught" -> throw new IllegalStateException("nobody expects this");
            case "panic" -> throw new Panic("a bug was found");
            case "assertion" -> assertNever();
            case "null" -> finish(nullIsChecked(null));
            case "pointer" -> finish(nothing().length == 0);
            case "heap" -> exhaustHeap();
            case "stack" -> finish(recurse(0) == 1);
            case "wild" -> finish(Memory.getInt(FAR_AWAY) == 1);
            case "zero" -> finish(Memory.getInt(8) == 1);
            case "text" -> Memory.putInt(IMAGE_START, 0);
            case "constant" -> Memory.putInt(Sealed.address(), 0);
            case "execute" -> executeData();
            default -> platform.log().line("UNKNOWN " + test);
        }
    }

    private void finish(boolean good) {
        platform.log().line(good ? "SUCCESS" : "FAILURE");
        platform.exit(good ? 0 : 1);
    }

    private static String option(String name) {
        Bytes line = new Bytes(BareMachine.commandLineAddress(), BareMachine.commandLineBytes());
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < line.length(); i++) {
            text.append((char) line.u8(i));
        }
        String all = text.toString();
        int at = all.indexOf(name) + name.length();
        int end = all.indexOf(' ', at);
        return end < 0 ? all.substring(at) : all.substring(at, end);
    }

    /** Would differ if the C compiler took overflow for impossible. */
    private boolean arithmetic() {
        int big = Integer.MAX_VALUE - depth;
        long wide = Long.MIN_VALUE + depth;
        return big + 1 < big && wide - 1 > wide;
    }

    private boolean memoryIsZeroedAndDistinct() {
        Bytes one = platform.allocate(5000);
        Bytes other = platform.allocate(5000);
        for (int i = 0; i < 5000; i++) {
            if (one.u8(i) != 0 || other.u8(i) != 0) {
                return false;
            }
        }
        one.fill(0, 5000, 0x55);
        return other.u8(0) == 0 && other.u8(4999) == 0;
    }

    /** Allocates many times the heap, so that collections run, and checks what must survive them. */
    private boolean collect() {
        long before = platform.heapAllocatedBytes();
        for (int i = 0; i < 64; i++) {
            kept.add(new long[] {i, -i});
        }
        for (int i = 0; i < 100_000; i++) {
            kept.set(i % 64, new long[] {kept.get(i % 64)[0], i, i, i, i, i, i, i});
        }
        for (int i = 0; i < 64; i++) {
            if (kept.get(i)[0] != i) {
                return false;
            }
        }
        long allocated = platform.heapAllocatedBytes() - before;
        return Heap.collections() > 0 && allocated > 100_000 * 8 * 8 && allocated < 100_000 * 8 * 12;
    }

    private void assertNever() {
        assert depth > 0 : "depth is " + depth;
        finish(false);
    }

    private static boolean nullIsChecked(long[] nothing) {
        try {
            return nothing.length < 0;
        } catch (NullPointerException expected) {
            return true;
        }
    }

    private long[] nothing() {
        return depth == 0 ? null : new long[0];
    }

    private void exhaustHeap() {
        while (depth >= 0) {
            kept.add(new long[100]);
        }
    }

    private long recurse(long level) {
        depth++;
        long below = level < 0 ? 0 : recurse(level + 1);
        return below + depth;
    }

    private void executeData() {
        Bytes code = platform.allocate(16);
        code.put8(0, RETURN_INSTRUCTION);
        code.put64Little(8, code.address(0, 1));
        CodePointer pointer = Address.fromLong(code.address(8, 8)).toStructure();
        pointer.code.call();
        finish(false);
    }

    /** Sends back what comes. */
    private static final class Echo implements ConnectionHandler {
        @Override
        public int received(Connection connection, Bytes data, int offset, int length) {
            return connection.write(data, offset, length);
        }

        @Override
        public void writable(Connection connection) {
            connection.resumeReceiving();
        }

        @Override
        public void peerFinished(Connection connection) {
            connection.close();
        }

        @Override
        public void closed(Connection connection, CloseReason reason) {}
    }

    /** Ten expirations, none early, most of them in time: how late the others are is up to the host. */
    private final class Beat extends Timer {
        private static final long INTERVAL_NANOS = 20_000_000;
        private static final long TOLERANCE_NANOS = 10_000_000;
        private int beats;
        private int early;
        private int late;

        void start() {
            platform.timers().schedule(this, platform.clock().nanos() + INTERVAL_NANOS);
        }

        @Override
        protected void expired(long nowNanos) {
            long lateNanos = nowNanos - deadlineNanos();
            early += lateNanos < 0 ? 1 : 0;
            late += lateNanos > TOLERANCE_NANOS ? 1 : 0;
            if (++beats == 10) {
                platform.log().line("late " + late);
                finish(early == 0 && late <= 6);
            }
            start();
        }
    }
}

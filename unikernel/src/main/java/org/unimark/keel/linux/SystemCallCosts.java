// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.linux;

import org.unimark.keel.application.Application;
import org.unimark.keel.application.Platform;
import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.machine.LinuxCalls;
import org.unimark.keel.machine.Mark;

/**
 * Four operations that cross into the kernel and back, each made many times between two marks; what takes their place on
 * Keel is {@code org.unimark.keel.image.CallCosts}. Nothing but the system call's instruction and a loop is around them:
 * no C library. The console says how often, and that the results were right.
 *
 * <ol>
 *   <li>null: {@code getppid}.
 *   <li>read: {@code read} of one byte from a pipe that is full of them.
 *   <li>poll: {@code epoll_wait} for one event, while an {@code eventfd} is readable.
 *   <li>switch: a byte through a pipe to another process, which waits for it and sends it back through another pipe; on
 *       one processor each way is a {@code write}, a {@code read} and a switch of address spaces.
 * </ol>
 */
public final class SystemCallCosts implements Application {
    private static final int OPERATIONS = 50_000;
    private static final int FIRST_MARK = 2;
    private static final byte LETTER = 'k';
    private static final int INT_BYTES = 4;

    private static final int FORK = 57;
    private static final int GETPPID = 110;
    private static final int EVENTFD2 = 290;
    private static final int PIPE2 = 293;

    private final Bytes buffer = Linux.allocate(OPERATIONS);
    private final long address = Linux.address(buffer);
    private long wrong;

    @Override
    public void start(Platform platform) {
        for (int i = 0; i < OPERATIONS; i++) {
            buffer.put8(i, LETTER);
        }
        int[] stream = pipe();
        require(LinuxCalls.call(Linux.WRITE, stream[1], address, OPERATIONS) == OPERATIONS, "the pipe is too small");
        EventSet events = new EventSet();
        int event = (int) LinuxCalls.call(EVENTFD2, 1, 0);
        require(event >= 0 && events.add(event, EventSet.IN, event), "no eventfd");
        int[] there = pipe();
        int[] back = pipe();
        long child = LinuxCalls.call(FORK, 0);
        require(child >= 0, "no second process");
        if (child == 0) {
            reflect(there[0], back[1]);
        }
        buffer.put8(0, (byte) 0);
        measure(stream[0], events, there[1], back[0]);
        platform.log()
                .line("transitions null=" + OPERATIONS + " read=" + OPERATIONS + " poll=" + OPERATIONS + " switch="
                        + 2 * OPERATIONS);
        platform.log().line(wrong == 0 ? "transitions right" : "transitions wrong");
        platform.exit(wrong == 0 ? 0 : 1);
    }

    private void measure(int stream, EventSet events, int there, int back) {
        long parent = LinuxCalls.call(GETPPID, 0);
        Mark.pass(FIRST_MARK);
        for (int i = 0; i < OPERATIONS; i++) {
            wrong |= LinuxCalls.call(GETPPID, 0) ^ parent;
        }
        Mark.pass(FIRST_MARK + 1);
        for (int i = 0; i < OPERATIONS; i++) {
            wrong |= LinuxCalls.call(Linux.READ, stream, address, 1) ^ 1;
        }
        Mark.pass(FIRST_MARK + 2);
        for (int i = 0; i < OPERATIONS; i++) {
            events.await(-1);
            wrong |= events.count() ^ 1;
        }
        Mark.pass(FIRST_MARK + 3);
        for (int i = 0; i < OPERATIONS; i++) {
            wrong |= LinuxCalls.call(Linux.WRITE, there, address, 1) ^ 1;
            wrong |= LinuxCalls.call(Linux.READ, back, address, 1) ^ 1;
        }
        Mark.pass(FIRST_MARK + 4);
        wrong |= buffer.u8(0) ^ LETTER;
    }

    /** The other process: sends back what comes, until the pipe's other ends are closed. */
    private void reflect(int from, int to) {
        for (int i = 0; i < OPERATIONS && LinuxCalls.call(Linux.READ, from, address, 1) == 1; i++) {
            LinuxCalls.call(Linux.WRITE, to, address, 1);
        }
        LinuxCalls.call(Linux.EXIT_GROUP, 0);
    }

    /** Ends to read from and to write to. */
    private static int[] pipe() {
        Bytes ends = Linux.allocate(2 * INT_BYTES);
        require(LinuxCalls.call(PIPE2, Linux.address(ends), 0) == 0, "no pipe");
        return new int[] {ends.i32Little(0), ends.i32Little(INT_BYTES)};
    }

    private static void require(boolean condition, String problem) {
        if (!condition) {
            Linux.fail(problem);
        }
    }
}

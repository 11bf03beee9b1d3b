// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.image;

import org.unimark.keel.application.Application;
import org.unimark.keel.application.Platform;
import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Clock;
import org.unimark.keel.kernel.Counters;
import org.unimark.keel.kernel.EventLoop;
import org.unimark.keel.kernel.Poller;
import org.unimark.keel.kernel.Timers;
import org.unimark.keel.machine.Mark;
import org.unimark.keel.net.socket.CloseReason;
import org.unimark.keel.net.socket.Connection;
import org.unimark.keel.net.socket.ConnectionHandler;

/**
 * What takes the place of four system calls where there is one address space, each made many times between two marks:
 * {@code org.unimark.keel.linux.SystemCallCosts} is the other side. The console says how often, and that the results were
 * right.
 *
 * <ol>
 *   <li>null: the clock is read. Keel's platform has no emptier question that leaves anything to execute.
 *   <li>read: a handler is given one byte of a stream, as the network stack gives it, and takes it.
 *   <li>poll: one turn of an event loop whose only source has one event.
 *   <li>switch: one of two tasks of an event loop hands a byte to the other, which runs next.
 * </ol>
 */
public final class CallCosts implements Application {
    private static final int OPERATIONS = 50_000;
    private static final int FIRST_MARK = 2;
    private static final byte LETTER = 'k';

    private final Reader reader = new Reader();
    private final Task single = new Task();
    private final Task first = new Task();
    private final Task second = new Task();
    private long sum;

    @Override
    public void start(Platform platform) {
        Bytes stream = platform.allocate(OPERATIONS);
        for (int i = 0; i < OPERATIONS; i++) {
            stream.put8(i, LETTER);
        }
        single.next = single;
        single.hasByte = true;
        first.next = second;
        second.next = first;
        first.hasByte = true;
        Clock clock = platform.clock();
        measure(clock, stream, loop(clock, single), loop(clock, first, second));
        boolean right = sum != 0
                && reader.sum == (long) OPERATIONS * LETTER
                && single.runs == OPERATIONS
                && first.runs == OPERATIONS
                && second.runs == OPERATIONS;
        platform.log()
                .line("transitions null=" + OPERATIONS + " read=" + OPERATIONS + " poll=" + single.runs + " switch="
                        + (first.runs + second.runs));
        platform.log().line(right ? "transitions right" : "transitions wrong");
        platform.exit(right ? 0 : 1);
    }

    private void measure(Clock clock, Bytes stream, EventLoop polling, EventLoop switching) {
        Mark.pass(FIRST_MARK);
        for (int i = 0; i < OPERATIONS; i++) {
            sum ^= clock.nanos();
        }
        Mark.pass(FIRST_MARK + 1);
        for (int i = 0; i < OPERATIONS; ) {
            i += reader.received(null, stream, i, 1);
        }
        Mark.pass(FIRST_MARK + 2);
        for (int i = 0; i < OPERATIONS; i++) {
            polling.turn();
        }
        Mark.pass(FIRST_MARK + 3);
        for (int i = 0; i < OPERATIONS; i++) {
            switching.turn();
        }
        Mark.pass(FIRST_MARK + 4);
    }

    private static EventLoop loop(Clock clock, Poller... tasks) {
        return new EventLoop(clock, new Timers(clock.nanos()), new Counters(), deadlineNanos -> {}, tasks);
    }

    /** Runs when it was given a byte, and gives it to the next one. */
    private static final class Task implements Poller {
        Task next;
        boolean hasByte;
        int runs;

        @Override
        public int poll(long nowNanos) {
            if (!hasByte) {
                return 0;
            }
            hasByte = false;
            runs++;
            next.hasByte = true;
            return 1;
        }

        @Override
        public boolean prepareToSleep() {
            return !hasByte;
        }
    }

    private static final class Reader implements ConnectionHandler {
        private long sum;

        @Override
        public int received(Connection connection, Bytes data, int offset, int length) {
            sum += data.u8(offset);
            return 1;
        }

        @Override
        public void writable(Connection connection) {
            // Nothing is written.
        }

        @Override
        public void peerFinished(Connection connection) {
            // There is no peer.
        }

        @Override
        public void closed(Connection connection, CloseReason reason) {
            // There is no connection.
        }
    }
}

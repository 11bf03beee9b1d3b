// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.kernel;

/** The one thread of a system: polls its sources, fires timers, sleeps when there is nothing to do. */
public final class EventLoop {
    /** How the loop waits: {@code hlt} in an image, {@code epoll_wait} on Linux, a jump of virtual time in tests. */
    public interface Sleeper {
        /** Returns when a device asks for attention or at {@code deadlineNanos}, whichever comes first, or earlier. */
        void sleepUntil(long deadlineNanos);
    }

    /** Sleep without a timer in sight still ends this often. */
    private static final long LONGEST_SLEEP_NANOS = 1_000_000_000L;

    private final Clock clock;
    private final Timers timers;
    private final Sleeper sleeper;
    private final Counter longestTurnMicroseconds;
    private Poller[] pollers;
    private boolean stopped;
    /** When the turn before began, or 0 if it ended in sleep. */
    private long previousTurnNanos;

    private long longestTurnNanos;

    /** A loop that tells of its longest turn with work in {@code loop.longest_turn_microseconds}. */
    public EventLoop(Clock clock, Timers timers, Counters counters, Sleeper sleeper, Poller... pollers) {
        longestTurnMicroseconds = counters.counter("loop.longest_turn_microseconds");
        this.clock = clock;
        this.timers = timers;
        this.sleeper = sleeper;
        this.pollers = pollers;
    }

    /** From the next turn on, {@code poller} is polled as well: for devices that are brought up when they are needed. */
    public void add(Poller poller) {
        Poller[] more = new Poller[pollers.length + 1];
        System.arraycopy(pollers, 0, more, 0, pollers.length);
        more[pollers.length] = poller;
        pollers = more;
    }

    public void run() {
        while (!stopped) {
            turn();
        }
    }

    /** Ends {@link #run} after the current turn. */
    public void stop() {
        stopped = true;
    }

    /** One round over all pollers and due timers; sleeps if there was nothing to do. */
    public void turn() {
        long nowNanos = clock.nanos();
        if (nowNanos - previousTurnNanos > longestTurnNanos && previousTurnNanos != 0) {
            noteLongest(nowNanos - previousTurnNanos);
        }
        previousTurnNanos = nowNanos;
        int work = timers.advance(nowNanos);
        for (Poller poller : pollers) {
            work += poller.poll(nowNanos);
        }
        if (work == 0 && allReadyToSleep()) {
            previousTurnNanos = 0;
            sleeper.sleepUntil(Math.min(timers.nextDeadlineNanos(), nowNanos + LONGEST_SLEEP_NANOS));
        }
    }

    private void noteLongest(long nanos) {
        longestTurnNanos = nanos;
        longestTurnMicroseconds.add(nanos / 1000 - longestTurnMicroseconds.value());
    }

    private boolean allReadyToSleep() {
        for (Poller poller : pollers) {
            if (!poller.prepareToSleep()) {
                return false;
            }
        }
        return true;
    }
}

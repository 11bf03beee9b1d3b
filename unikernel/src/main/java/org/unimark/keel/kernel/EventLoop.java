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
    private Poller[] pollers;
    private boolean stopped;

    public EventLoop(Clock clock, Timers timers, Sleeper sleeper, Poller... pollers) {
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
        int work = timers.advance(nowNanos);
        for (Poller poller : pollers) {
            work += poller.poll(nowNanos);
        }
        if (work == 0 && allReadyToSleep()) {
            sleeper.sleepUntil(Math.min(timers.nextDeadlineNanos(), nowNanos + LONGEST_SLEEP_NANOS));
        }
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

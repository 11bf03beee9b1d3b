// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.experiment;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.unimark.baselines.Instance;
import org.unimark.baselines.Probe;
import org.unimark.baselines.SystemUnderTest;
import org.unimark.baselines.counter.InstructionCounter;
import org.unimark.workloads.load.FirstAnswer;

/** An instance of a system during one repetition. */
final class Running implements AutoCloseable {
    private static final long MARK_POLL_NANOS = 200_000;
    private static final long LONGEST_MARK_POLL_NANOS = 20_000_000;
    /** Share of the time that has passed already: so well is it known when a slow system listens. */
    private static final long MARK_POLL_SHARE = 1000;

    private static final long END_POLL_NANOS = 20_000_000;
    private static final int ALIVE_EVERY_POLLS = 100;
    private static final int CONSOLE_CHARACTERS = 600;

    private final SystemUnderTest system;
    private final Instance instance;
    private final long deadlineNanos;

    Running(SystemUnderTest system, Instance instance, int bootTimeoutSeconds) {
        this.system = system;
        this.instance = instance;
        this.deadlineNanos = instance.launchedNanos() + TimeUnit.SECONDS.toNanos(bootTimeoutSeconds);
    }

    Instance instance() {
        return instance;
    }

    /** The counter, which must be there. */
    InstructionCounter counter() throws Rejected {
        InstructionCounter counter = instance.counter();
        if (counter == null) {
            throw new Rejected(system.name() + " has no counter of instructions");
        }
        return counter;
    }

    /** The mark of that code, which must have been passed once. */
    InstructionCounter.Mark mark(int code) throws Rejected {
        InstructionCounter.Mark mark = counter().mark(code);
        if (mark == null) {
            throw new Rejected(failure("it did not pass mark " + code));
        }
        if (mark.passes() != 1) {
            throw new Rejected(failure("it passed mark " + code + " " + mark.passes() + " times"));
        }
        return mark;
    }

    /** Waits for a correct answer and returns {@link System#nanoTime} when it was complete. */
    long awaitAnswer(Probe probe) throws Rejected, InterruptedException {
        awaitListening();
        try {
            return FirstAnswer.await(instance.address(), probe, deadlineNanos, instance::isAlive);
        } catch (IOException e) {
            throw new Rejected(failure(e.getMessage()), e);
        }
    }

    /**
     * Waits, where a counter is attached, until the application says that it listens: attempts to connect before that
     * would pile up in front of the guest's network card and have to be worked off.
     */
    private void awaitListening() throws Rejected, InterruptedException {
        InstructionCounter counter = instance.counter();
        if (counter == null) {
            return;
        }
        for (int poll = 1; counter.mark(InstructionCounter.LISTENING_MARK) == null; poll++) {
            LockSupport.parkNanos(markPollNanos());
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            if (poll % ALIVE_EVERY_POLLS == 0 && !instance.isAlive()) {
                throw new Rejected(failure("it ended before it listened"));
            }
            if (System.nanoTime() > deadlineNanos) {
                throw new Rejected(failure("it did not listen in time"));
            }
        }
    }

    /** Less and less often: those who watch fifty systems that start at once would take the processors from them. */
    private long markPollNanos() {
        long passed = System.nanoTime() - instance.launchedNanos();
        return Math.max(MARK_POLL_NANOS, Math.min(passed / MARK_POLL_SHARE, LONGEST_MARK_POLL_NANOS));
    }

    /** Waits until it has done its work and ended. */
    void awaitEnd(Duration limit) throws Rejected, InterruptedException {
        long end = instance.launchedNanos() + limit.toNanos();
        while (instance.isAlive()) {
            if (System.nanoTime() > end) {
                throw new Rejected(failure("it did not end within " + limit.toSeconds() + " s"));
            }
            LockSupport.parkNanos(END_POLL_NANOS);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    }

    void requireAlive() throws Rejected {
        if (!instance.isAlive()) {
            throw new Rejected(failure("it ended during the measurement"));
        }
    }

    /** Lets it be for a while: what it does by itself then is its idle rate. */
    void rest(Duration duration) throws Rejected, InterruptedException {
        long end = System.nanoTime() + duration.toNanos();
        while (System.nanoTime() < end) {
            LockSupport.parkNanos(end - System.nanoTime());
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
        requireAlive();
    }

    /** A sentence with the end of the console, where the reason is usually found. */
    String failure(String what) {
        String console = instance.consoleTail();
        String tail = console == null ? "" : console.strip();
        if (tail.length() > CONSOLE_CHARACTERS) {
            tail = "..." + tail.substring(tail.length() - CONSOLE_CHARACTERS);
        }
        return system.name() + ": " + what + (tail.isEmpty() ? "" : "; the console ended with: " + tail);
    }

    /** Ends the system even if this thread was told to stop; it is told again afterwards. */
    @Override
    public void close() {
        boolean interrupted = Thread.interrupted();
        try {
            instance.close();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}

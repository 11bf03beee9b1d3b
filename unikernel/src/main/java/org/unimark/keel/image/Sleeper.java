// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.image;

import org.unimark.keel.cpu.Idle;
import org.unimark.keel.cpu.TimeStampClock;
import org.unimark.keel.kernel.Counter;
import org.unimark.keel.kernel.Counters;
import org.unimark.keel.kernel.EventLoop;
import org.unimark.keel.machine.Heap;

/** Puts the processor to sleep, and brings the accounts up to date while nobody waits. */
final class Sleeper implements EventLoop.Sleeper {
    private final Idle idle;
    private final TimeStampClock clock;
    private final Counter sleeps;
    private final Counter sleptMicroseconds;
    private final Counter collections;
    private final Counter collectionMicroseconds;
    private final Counter longestCollectionMicroseconds;

    Sleeper(TimeStampClock clock, Counters counters) {
        idle = new Idle(clock);
        this.clock = clock;
        sleeps = counters.counter("cpu.sleeps");
        sleptMicroseconds = counters.counter("cpu.slept_microseconds");
        collections = counters.counter("heap.collections");
        collectionMicroseconds = counters.counter("heap.collection_microseconds");
        longestCollectionMicroseconds = counters.counter("heap.longest_collection_microseconds");
    }

    @Override
    public void sleepUntil(long deadlineNanos) {
        idle.sleepUntil(deadlineNanos);
        set(sleeps, idle.sleeps());
        set(sleptMicroseconds, idle.sleptNanos() / 1000);
        if (collections.value() != Heap.collections()) {
            set(collections, Heap.collections());
            set(collectionMicroseconds, clock.nanos(Heap.collectionTicks()) / 1000);
            set(longestCollectionMicroseconds, clock.nanos(Heap.longestCollectionTicks()) / 1000);
        }
    }

    private static void set(Counter counter, long value) {
        counter.add(value - counter.value());
    }
}

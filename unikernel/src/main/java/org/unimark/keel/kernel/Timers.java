// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.kernel;

/**
 * Hierarchical timing wheel (Varghese and Lauck 1987, scheme 7): four levels of 64 slots, a tick of 2^20 ns (about 1 ms),
 * so that scheduling and cancelling are a few instructions and finding the next deadline reads four bitmaps.
 * A timer fires at or after its deadline, at most one tick late plus the loop's delay, never early.
 */
public final class Timers {
    private static final int TICK_SHIFT = 20;
    private static final int SLOT_BITS = 6;
    private static final int SLOTS = 1 << SLOT_BITS;
    private static final int LEVELS = 4;
    private static final long HORIZON_TICKS = 1L << (SLOT_BITS * LEVELS);

    private final Timer[] heads = new Timer[SLOTS * LEVELS];
    private final long[] occupied = new long[LEVELS];

    /** All ticks up to and including this one have fired. */
    private long currentTick;

    private int scheduled;

    public Timers(long nowNanos) {
        currentTick = nowNanos >> TICK_SHIFT;
    }

    /** Schedules or reschedules: the timer fires once at or after {@code deadlineNanos}. */
    public void schedule(Timer timer, long deadlineNanos) {
        if (timer.slot != Timer.UNSCHEDULED) {
            unlink(timer);
        } else {
            scheduled++;
        }
        timer.deadlineNanos = deadlineNanos;
        link(timer);
    }

    /** Does nothing if the timer is not scheduled. */
    public void cancel(Timer timer) {
        if (timer.slot != Timer.UNSCHEDULED) {
            unlink(timer);
            scheduled--;
        }
    }

    public int scheduled() {
        return scheduled;
    }

    /** Fires what is due and returns how many timers that were. */
    public int advance(long nowNanos) {
        long nowTick = nowNanos >> TICK_SHIFT;
        int fired = 0;
        while (currentTick < nowTick) {
            if (scheduled == 0) {
                currentTick = nowTick;
                break;
            }
            currentTick = Math.min(nowTick, Math.max(currentTick + 1, nextInterestingTick()));
            cascade();
            fired += fire(nowNanos);
        }
        return fired;
    }

    /** When {@link #advance} next has something to do; {@link Long#MAX_VALUE} if never. */
    public long nextDeadlineNanos() {
        return scheduled == 0 ? Long.MAX_VALUE : nextInterestingTick() << TICK_SHIFT;
    }

    /** First tick after the current one with a timer to fire, or with a slot of a higher level to spread out. */
    private long nextInterestingTick() {
        long best = Long.MAX_VALUE;
        for (int level = 0; level < LEVELS; level++) {
            long bitmap = occupied[level];
            if (bitmap != 0) {
                int shift = level * SLOT_BITS;
                long position = currentTick >> shift;
                // Slots after the current position first; the current position itself is a full turn away.
                long rotated = Long.rotateRight(bitmap, (int) (position + 1) & (SLOTS - 1));
                best = Math.min(best, (position + 1 + Long.numberOfTrailingZeros(rotated)) << shift);
            }
        }
        return best;
    }

    /** Moves the timers of higher-level slots that begin at the current tick to where they now belong. */
    private void cascade() {
        for (int level = LEVELS - 1; level > 0; level--) {
            int shift = level * SLOT_BITS;
            if ((currentTick & ((1L << shift) - 1)) == 0) {
                int slot = level * SLOTS + ((int) (currentTick >> shift) & (SLOTS - 1));
                for (Timer timer = detach(slot); timer != null; ) {
                    Timer next = timer.next;
                    link(timer);
                    timer = next;
                }
            }
        }
    }

    private int fire(long nowNanos) {
        int slot = (int) currentTick & (SLOTS - 1);
        int fired = 0;
        // One at a time from the list: an expiring timer may cancel its neighbours.
        for (Timer timer = heads[slot]; timer != null; timer = heads[slot]) {
            unlink(timer);
            if (timer.deadlineNanos > nowNanos) {
                link(timer);
            } else {
                scheduled--;
                timer.expired(nowNanos);
                fired++;
            }
        }
        return fired;
    }

    private void link(Timer timer) {
        // Round up, so that nothing fires early; the current tick has already fired.
        long tick = Math.max((timer.deadlineNanos + (1L << TICK_SHIFT) - 1) >> TICK_SHIFT, currentTick + 1);
        long distance = Math.min(tick - currentTick, HORIZON_TICKS - 1);
        tick = currentTick + distance;
        int level = 0;
        // A slot may not wrap into the current one of its level: compare positions, not distances.
        while (level < LEVELS - 1 && (tick >> (level * SLOT_BITS)) - (currentTick >> (level * SLOT_BITS)) >= SLOTS) {
            level++;
        }
        int within = (int) (tick >> (level * SLOT_BITS)) & (SLOTS - 1);
        int slot = level * SLOTS + within;
        timer.slot = slot;
        timer.previous = null;
        timer.next = heads[slot];
        if (timer.next != null) {
            timer.next.previous = timer;
        }
        heads[slot] = timer;
        occupied[level] |= 1L << within;
    }

    private void unlink(Timer timer) {
        int slot = timer.slot;
        if (timer.previous == null) {
            heads[slot] = timer.next;
            if (timer.next == null) {
                occupied[slot >> SLOT_BITS] &= ~(1L << (slot & (SLOTS - 1)));
            }
        } else {
            timer.previous.next = timer.next;
        }
        if (timer.next != null) {
            timer.next.previous = timer.previous;
        }
        timer.previous = null;
        timer.next = null;
        timer.slot = Timer.UNSCHEDULED;
    }

    private Timer detach(int slot) {
        Timer head = heads[slot];
        heads[slot] = null;
        occupied[slot >> SLOT_BITS] &= ~(1L << (slot & (SLOTS - 1)));
        return head;
    }
}

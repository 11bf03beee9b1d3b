// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.ipv4;

import org.unimark.keel.buffer.Block;
import org.unimark.keel.buffer.BlockPool;
import org.unimark.keel.kernel.Timers;
import org.unimark.keel.net.wire.IcmpView;
import org.unimark.keel.net.wire.Ipv4View;

/**
 * Puts datagrams together from their pieces (RFC 791, 3.2; RFC 815), within bounds on everything. Pieces that overlap poison
 * their datagram in the manner of RFC 5722, exact duplicates do not.
 */
final class Reassembly {
    /** Datagrams in pieces at the same time; the oldest gives way. */
    static final int MAXIMUM_DATAGRAMS = 8;
    /** Received blocks that are held in all; they are missing from the device. */
    static final int MAXIMUM_HELD_BLOCKS = 32;
    /** Bytes of a block for a whole datagram. */
    static final int WHOLE_BYTES = 16 * 1024;
    /** Bytes of a payload that can be put together. */
    static final int MAXIMUM_PAYLOAD_BYTES = WHOLE_BYTES - Ipv4View.HEADER_BYTES;
    /** RFC 1122, 3.3.2 wants 60 s or more; 15 s (RFC 791) let less memory be held hostage. */
    static final long TIMEOUT_NANOS = 15_000_000_000L;

    private final Datagram[] datagrams = new Datagram[MAXIMUM_DATAGRAMS];
    private final BlockPool wholes;
    private final Timers timers;
    private final Ipv4Counters counters;
    private ErrorReporter errors;
    private int heldBlocks;

    /** {@code wholes} has blocks of {@link #WHOLE_BYTES}. */
    Reassembly(BlockPool wholes, Timers timers, Ipv4Counters counters) {
        this.wholes = wholes;
        this.timers = timers;
        this.counters = counters;
        for (int i = 0; i < MAXIMUM_DATAGRAMS; i++) {
            datagrams[i] = new Datagram(this);
        }
    }

    void reportTo(ErrorReporter errors) {
        this.errors = errors;
    }

    /** Takes a piece; returns the whole datagram, which the caller releases, if that was the last one missing. */
    Block add(Block block, int at, int headerLength, long nowNanos) {
        Datagram datagram = find(block, at, nowNanos);
        if (datagram.isPoisoned) {
            counters.fragmentsOverlapping.increment();
            return null;
        }
        if (heldBlocks == MAXIMUM_HELD_BLOCKS) {
            counters.reassemblyFull.increment();
            return null;
        }
        switch (datagram.add(block, at, headerLength)) {
            case HELD:
                heldBlocks++;
                return datagram.isComplete() ? complete(datagram) : null;
            case DUPLICATE:
                return null;
            case OVERLAPPING:
                counters.fragmentsOverlapping.increment();
                poison(datagram);
                return null;
            case TOO_MANY:
                counters.reassemblyFull.increment();
                poison(datagram);
                return null;
            default:
                counters.fragmentsMalformed.increment();
                poison(datagram);
                return null;
        }
    }

    private Datagram find(Block block, int at, long nowNanos) {
        Datagram choice = null;
        for (Datagram datagram : datagrams) {
            if (datagram.matches(block.bytes, at)) {
                return datagram;
            }
            if (choice == null || isBetter(datagram, choice)) {
                choice = datagram;
            }
        }
        if (choice.isUsed) {
            counters.reassemblyFull.increment();
            end(choice);
        }
        choice.begin(block.bytes, at, nowNanos);
        timers.schedule(choice, nowNanos + TIMEOUT_NANOS);
        return choice;
    }

    /** To start a datagram in: a free entry, else the oldest. */
    private static boolean isBetter(Datagram candidate, Datagram than) {
        return than.isUsed && (!candidate.isUsed || candidate.begunNanos < than.begunNanos);
    }

    private Block complete(Datagram datagram) {
        Block whole = wholes.take();
        if (whole == null) {
            counters.reassemblyFull.increment();
        } else {
            datagram.assemble(whole);
            counters.reassembled.increment();
        }
        end(datagram);
        return whole;
    }

    private void poison(Datagram datagram) {
        heldBlocks -= datagram.dropFragments();
        datagram.isPoisoned = true;
    }

    private void end(Datagram datagram) {
        heldBlocks -= datagram.dropFragments();
        datagram.isUsed = false;
        timers.cancel(datagram);
    }

    void expired(Datagram datagram, long nowNanos) {
        if (!datagram.isPoisoned) {
            counters.reassemblyTimeouts.increment();
            datagram.report(errors, IcmpView.TIME_EXCEEDED, IcmpView.REASSEMBLY_TIME_EXCEEDED, nowNanos);
        }
        end(datagram);
    }

    int heldBlocks() {
        return heldBlocks;
    }
}

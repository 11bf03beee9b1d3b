// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.arp;

import org.unimark.keel.kernel.Timer;
import org.unimark.keel.net.device.TransmitFrame;

/**
 * A station on this link, and what is known about it. Whoever keeps a reference checks {@link #address} before use: the
 * object serves another address when this one was forgotten.
 */
public final class Neighbor extends Timer {
    /** RFC 4861, 7.3.2, with FAILED for an address that did not answer a moment ago. */
    enum State {
        FREE,
        INCOMPLETE,
        REACHABLE,
        STALE,
        DELAY,
        PROBE,
        FAILED
    }

    private final ArpEngine engine;

    /** IPv4; 0 in a free entry. */
    int address;
    /** Meaningful unless FREE, INCOMPLETE or FAILED. */
    long hardware;
    /** Frames may go to {@link #hardware} without further thought: REACHABLE, DELAY, PROBE. */
    boolean isDirect;

    State state = State.FREE;
    /** Last time that something was sent to it or learned about it. */
    long usedNanos;
    /** Requests sent in INCOMPLETE or PROBE. */
    int attempts;
    /** Somebody else claimed the address while this one was believed: ask quickly. */
    boolean isDoubted;

    Neighbor nextInBucket;

    private TransmitFrame firstWaiting;
    private TransmitFrame lastWaiting;
    private int waiting;

    Neighbor(ArpEngine engine) {
        this.engine = engine;
    }

    /** The IPv4 address that this entry serves now, 0 if none. */
    public int address() {
        return address;
    }

    int waiting() {
        return waiting;
    }

    void enqueue(TransmitFrame frame) {
        frame.next = null;
        if (lastWaiting == null) {
            firstWaiting = frame;
        } else {
            lastWaiting.next = frame;
        }
        lastWaiting = frame;
        waiting++;
    }

    /** Returns the frame that has waited longest, or null. */
    TransmitFrame dequeue() {
        TransmitFrame frame = firstWaiting;
        if (frame != null) {
            firstWaiting = frame.next;
            if (firstWaiting == null) {
                lastWaiting = null;
            }
            frame.next = null;
            waiting--;
        }
        return frame;
    }

    @Override
    protected void expired(long nowNanos) {
        engine.expired(this, nowNanos);
    }
}

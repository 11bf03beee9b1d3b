// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.kernel;

/** A source of work that the event loop asks in turn: a network stack, a block device, an epoll set. */
public interface Poller {
    /** Does a bounded amount of work and returns how much it was; 0 means that nothing was waiting. */
    int poll(long nowNanos);

    /**
     * Announces that the loop is about to sleep: ask the device for an interrupt. Returns false if work arrived
     * meanwhile, in which case the loop takes another turn.
     */
    boolean prepareToSleep();
}

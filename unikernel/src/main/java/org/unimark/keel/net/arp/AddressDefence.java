// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.arp;

import org.unimark.keel.kernel.Timer;
import org.unimark.keel.kernel.Timers;
import org.unimark.keel.net.wire.ArpView;
import org.unimark.keel.net.wire.EthernetView;

/**
 * Address conflict detection (RFC 5227) in a short form that does not delay the boot: the probe and the first announcement
 * leave together and the address is used at once; a conflict is answered by one announcement every ten seconds (2.4 b).
 */
final class AddressDefence extends Timer {
    /** RFC 5227, 1.1: ANNOUNCE_INTERVAL. */
    private static final long ANNOUNCE_INTERVAL_NANOS = 2_000_000_000L;
    /** RFC 5227, 1.1: DEFEND_INTERVAL. */
    private static final long DEFEND_INTERVAL_NANOS = 10_000_000_000L;

    private final ArpEngine engine;
    private final Timers timers;
    private ArpEngine.ConflictListener listener;
    private boolean hasDefended;
    private long defendedNanos;

    AddressDefence(ArpEngine engine, Timers timers) {
        this.engine = engine;
        this.timers = timers;
    }

    void onConflict(ArpEngine.ConflictListener listener) {
        this.listener = listener;
    }

    void begin(int address, long nowNanos) {
        timers.cancel(this);
        hasDefended = false;
        if (address != 0) {
            engine.emit(ArpView.REQUEST, 0, 0, address, EthernetView.BROADCAST);
            announce();
            timers.schedule(this, nowNanos + ANNOUNCE_INTERVAL_NANOS);
        }
    }

    private void announce() {
        int address = engine.address();
        engine.emit(ArpView.REQUEST, address, 0, address, EthernetView.BROADCAST);
    }

    @Override
    protected void expired(long nowNanos) {
        announce();
    }

    void conflict(long otherHardware, long nowNanos) {
        if (hasDefended && nowNanos - defendedNanos < DEFEND_INTERVAL_NANOS) {
            return;
        }
        hasDefended = true;
        defendedNanos = nowNanos;
        announce();
        if (listener != null) {
            listener.addressConflict(otherHardware, nowNanos);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.arp;

import org.unimark.keel.kernel.Counter;
import org.unimark.keel.kernel.Counters;

/** What the ARP engine counts. */
final class ArpCounters {
    final Counter requestsSent;
    final Counter repliesSent;
    final Counter malformed;
    final Counter implausible;
    final Counter doubted;
    final Counter conflicts;
    final Counter cacheFull;
    final Counter waitingDropped;
    final Counter unresolved;

    ArpCounters(Counters counters) {
        requestsSent = counters.counter("arp.requests_sent");
        repliesSent = counters.counter("arp.replies_sent");
        malformed = counters.counter("arp.dropped_malformed");
        implausible = counters.counter("arp.dropped_implausible");
        doubted = counters.counter("arp.changes_doubted");
        conflicts = counters.counter("arp.address_conflicts");
        cacheFull = counters.counter("arp.cache_full");
        waitingDropped = counters.counter("arp.waiting_frames_dropped");
        unresolved = counters.counter("arp.unresolved_frames_dropped");
    }
}

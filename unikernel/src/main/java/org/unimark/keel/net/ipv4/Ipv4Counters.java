// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.ipv4;

import org.unimark.keel.kernel.Counter;
import org.unimark.keel.kernel.Counters;

/** What IPv4 counts. */
final class Ipv4Counters {
    final Counter malformed;
    final Counter badChecksum;
    final Counter martian;
    final Counter notForUs;
    final Counter sourceRouted;
    final Counter unknownProtocol;
    final Counter fragmentsReceived;
    final Counter reassembled;
    final Counter fragmentsMalformed;
    final Counter fragmentsOverlapping;
    final Counter reassemblyTimeouts;
    final Counter reassemblyFull;
    final Counter noRoute;
    final Counter loopbackFull;
    final Counter fragmentsSent;

    Ipv4Counters(Counters counters) {
        malformed = counters.counter("ipv4.dropped_malformed");
        badChecksum = counters.counter("ipv4.dropped_bad_checksum");
        martian = counters.counter("ipv4.dropped_martian");
        notForUs = counters.counter("ipv4.dropped_not_for_us");
        sourceRouted = counters.counter("ipv4.dropped_source_routed");
        unknownProtocol = counters.counter("ipv4.dropped_unknown_protocol");
        fragmentsReceived = counters.counter("ipv4.fragments_received");
        reassembled = counters.counter("ipv4.datagrams_reassembled");
        fragmentsMalformed = counters.counter("ipv4.fragments_malformed");
        fragmentsOverlapping = counters.counter("ipv4.fragments_overlapping");
        reassemblyTimeouts = counters.counter("ipv4.reassembly_timeouts");
        reassemblyFull = counters.counter("ipv4.reassembly_full");
        noRoute = counters.counter("ipv4.no_route");
        loopbackFull = counters.counter("ipv4.loopback_full");
        fragmentsSent = counters.counter("ipv4.fragments_sent");
    }
}

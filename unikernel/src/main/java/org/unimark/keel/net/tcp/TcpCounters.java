// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.tcp;

import org.unimark.keel.kernel.Counter;
import org.unimark.keel.kernel.Counters;

/** Everything that TCP counts: one counter a cause. */
final class TcpCounters {
    final Counter segmentsReceived;
    final Counter segmentsSent;
    final Counter connectionsAccepted;
    final Counter connectionsOpened;
    final Counter connectionsClosed;

    final Counter malformed;
    final Counter badChecksum;
    final Counter noConnection;
    final Counter outsideWindow;
    final Counter oldTimestamp;
    final Counter missingTimestamp;
    final Counter badAcknowledgment;
    final Counter unexpectedSyn;
    final Counter withoutAcknowledgment;
    final Counter resetsReceived;
    final Counter resetsIgnored;
    final Counter resetsSent;
    final Counter challengesSent;
    final Counter challengesSuppressed;

    final Counter retransmissions;
    final Counter timeouts;
    final Counter tailProbes;
    final Counter fastRecoveries;
    final Counter zeroWindowProbes;
    final Counter keepAliveProbes;
    final Counter segmentSizeReduced;

    final Counter outOfOrder;
    final Counter outOfOrderDropped;
    final Counter receiveNoMemory;
    final Counter sendNoMemory;
    final Counter queueFull;
    final Counter noRoute;

    final Counter backlogOverflows;
    final Counter cookiesSent;
    final Counter cookiesAccepted;
    final Counter cookiesRejected;
    final Counter halfOpenExpired;
    final Counter noConnectionLeft;
    final Counter refused;
    final Counter timeWaitRecycled;
    final Counter timeWaitReused;
    final Counter timedOut;
    final Counter zeroWindowAborted;

    TcpCounters(Counters counters) {
        segmentsReceived = counters.counter("tcp.segments_received");
        segmentsSent = counters.counter("tcp.segments_sent");
        connectionsAccepted = counters.counter("tcp.connections_accepted");
        connectionsOpened = counters.counter("tcp.connections_opened");
        connectionsClosed = counters.counter("tcp.connections_closed");
        malformed = counters.counter("tcp.malformed");
        badChecksum = counters.counter("tcp.bad_checksum");
        noConnection = counters.counter("tcp.no_connection");
        outsideWindow = counters.counter("tcp.outside_window");
        oldTimestamp = counters.counter("tcp.old_timestamp");
        missingTimestamp = counters.counter("tcp.missing_timestamp");
        badAcknowledgment = counters.counter("tcp.bad_acknowledgment");
        unexpectedSyn = counters.counter("tcp.unexpected_syn");
        withoutAcknowledgment = counters.counter("tcp.without_acknowledgment");
        resetsReceived = counters.counter("tcp.resets_received");
        resetsIgnored = counters.counter("tcp.resets_ignored");
        resetsSent = counters.counter("tcp.resets_sent");
        challengesSent = counters.counter("tcp.challenges_sent");
        challengesSuppressed = counters.counter("tcp.challenges_suppressed");
        retransmissions = counters.counter("tcp.retransmissions");
        timeouts = counters.counter("tcp.timeouts");
        tailProbes = counters.counter("tcp.tail_probes");
        fastRecoveries = counters.counter("tcp.fast_recoveries");
        zeroWindowProbes = counters.counter("tcp.zero_window_probes");
        keepAliveProbes = counters.counter("tcp.keep_alive_probes");
        segmentSizeReduced = counters.counter("tcp.segment_size_reduced");
        outOfOrder = counters.counter("tcp.out_of_order");
        outOfOrderDropped = counters.counter("tcp.out_of_order_dropped");
        receiveNoMemory = counters.counter("tcp.receive_no_memory");
        sendNoMemory = counters.counter("tcp.send_no_memory");
        queueFull = counters.counter("tcp.queue_full");
        noRoute = counters.counter("tcp.no_route");
        backlogOverflows = counters.counter("tcp.backlog_overflows");
        cookiesSent = counters.counter("tcp.cookies_sent");
        cookiesAccepted = counters.counter("tcp.cookies_accepted");
        cookiesRejected = counters.counter("tcp.cookies_rejected");
        halfOpenExpired = counters.counter("tcp.half_open_expired");
        noConnectionLeft = counters.counter("tcp.no_connection_left");
        refused = counters.counter("tcp.refused");
        timeWaitRecycled = counters.counter("tcp.time_wait_recycled");
        timeWaitReused = counters.counter("tcp.time_wait_reused");
        timedOut = counters.counter("tcp.timed_out");
        zeroWindowAborted = counters.counter("tcp.zero_window_aborted");
    }
}

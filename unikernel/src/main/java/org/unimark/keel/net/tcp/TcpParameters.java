// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.tcp;

/** Limits and times of one engine. Set before the engine is made; it reads them once. */
public final class TcpParameters {
    /** Connections in all states together, TIME_WAIT included. Objects are made as they are needed and kept. */
    public int maximumConnections = 16_384;

    /** Connections in TIME_WAIT; the oldest gives way to a new one. */
    public int maximumTimeWait = 4_096;

    /** Ports that can be listened on at the same time. */
    public int maximumListeners = 16;

    /** Pieces of send queues in all connections together. */
    public int maximumSpans = 32_768;

    /** Copied bytes that one connection may have in its send queue. Constants do not count: they take no memory. */
    public int sendQueueBytes = 64 * 1024;

    /** Receive window of one connection in bytes. */
    public int receiveWindowBytes = 128 * 1024;

    /** Received blocks that all connections together may keep from the device. */
    public int maximumRetainedBlocks = 512;

    /** Segments that one connection may hold out of order. */
    public int maximumOutOfOrderBlocks = 96;

    /** Connections that can hold segments out of order at the same time. */
    public int maximumReassemblies = 256;

    /** Connections that can have a SACK scoreboard at the same time; more fall back to NewReno. */
    public int maximumScoreboards = 256;

    /** Initial congestion window in segments (RFC 6928). */
    public int initialWindowSegments = 10;

    /** RFC 6298 (2.4) asks for one second; like everybody we use less, since the clock is finer than that rule assumes. */
    public long minimumTimeoutNanos = 200_000_000L;

    /** Least wait before the tail of what was sent is probed: some ticks of the timer wheel, and time for a busy peer. */
    public long minimumProbeNanos = 4_000_000L;

    /** RFC 6298 (2.1). */
    public long initialTimeoutNanos = 1_000_000_000L;

    /** RFC 6298 (2.5). */
    public long maximumTimeoutNanos = 60_000_000_000L;

    /** RFC 9293, 3.8.6.3 allows 500 ms. */
    public long delayedAcknowledgmentNanos = 40_000_000L;

    /** How long data may stay unacknowledged before the connection is given up (RFC 9293, 3.8.3: R2 of 100 s or more). */
    public long userTimeoutNanos = 120_000_000_000L;

    /** Zero windows that last longer than this are given up when memory is short (RFC 9293, 3.8.6.1). */
    public long zeroWindowPatienceNanos = 60_000_000_000L;

    /** Twice the maximum segment lifetime. */
    public long timeWaitNanos = 60_000_000_000L;

    /** Wait for the peer's FIN after both sides acknowledged ours. */
    public long finWaitNanos = 60_000_000_000L;

    /** Retransmissions of a SYN before the connection is given up. */
    public int synRetransmissions = 6;

    /** Retransmissions of a SYN with ACK before a half-open connection is forgotten. */
    public int synAcknowledgmentRetransmissions = 4;

    /** Unanswered keep-alive probes before the connection is given up. */
    public int keepAliveProbes = 9;

    /** Time between keep-alive probes. */
    public long keepAliveIntervalNanos = 75_000_000_000L;
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.load;

import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * Whom to load with what.
 *
 * @param address of the server
 * @param protocol what is asked, and what must be answered
 * @param connections open at the same time
 * @param pipeline requests outstanding on one connection, 1 without pipelining; closed loop only
 * @param threads that share the connections
 * @param requestTimeout after which a request counts as failed
 * @param errorLimit errors after which a phase gives up
 */
public record LoadPlan(
        InetSocketAddress address,
        Protocol protocol,
        int connections,
        int pipeline,
        int threads,
        Duration requestTimeout,
        int errorLimit) {
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(5);
    private static final int DEFAULT_ERROR_LIMIT = 50;

    public LoadPlan {
        if (connections < 1 || pipeline < 1 || threads < 1 || threads > connections) {
            throw new IllegalArgumentException(
                    "connections, pipeline and threads are at least 1, and no more threads than" + " connections: "
                            + connections + ", " + pipeline + ", " + threads);
        }
        if (protocol.closes() && pipeline > 1) {
            throw new IllegalArgumentException("a connection for each request cannot be pipelined");
        }
    }

    /** One thread, no pipelining. */
    public LoadPlan(InetSocketAddress address, Protocol protocol, int connections) {
        this(address, protocol, connections, 1, 1, DEFAULT_TIMEOUT, DEFAULT_ERROR_LIMIT);
    }

    public LoadPlan withPipeline(int depth) {
        return new LoadPlan(address, protocol, connections, depth, threads, requestTimeout, errorLimit);
    }

    public LoadPlan withThreads(int count) {
        return new LoadPlan(address, protocol, connections, pipeline, count, requestTimeout, errorLimit);
    }

    public LoadPlan withRequestTimeout(Duration timeout) {
        return new LoadPlan(address, protocol, connections, pipeline, threads, timeout, errorLimit);
    }

    /** The part of one thread, numbered from 0. */
    int connectionsOf(int thread) {
        return connections / threads + (thread < connections % threads ? 1 : 0);
    }
}

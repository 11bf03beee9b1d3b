// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.image;

import org.unimark.keel.buffer.BlockPool;
import org.unimark.keel.machine.BareMachine;
import org.unimark.keel.memory.PhysicalMemory;
import org.unimark.keel.net.NetworkMemory;
import org.unimark.keel.net.device.TransmitPool;
import org.unimark.keel.net.ipv4.Ipv4Engine;
import org.unimark.keel.net.socket.Connection;
import org.unimark.keel.net.tcp.TcpParameters;
import org.unimark.keel.net.udp.UdpEngine;

/**
 * How much memory the network gets: enough to be fast in 16 MB, frugal in 4 MB, with room for ten thousand connections in
 * 64 MB. More than half of the memory remains for the application.
 */
final class NetworkPlan {
    private static final int CACHE_LINE = 64;
    private static final int BLOCK_BYTES = 2048;
    private static final long MEBIBYTE = 1 << 20;
    private static final int LARGE_QUEUE = 256;
    private static final int MIDDLE_QUEUE = 128;
    private static final int SMALL_QUEUE = 64;
    private static final int LOOPBACK_BLOCKS = 16;
    private static final int UDP_BLOCKS = 16;
    /** Objects of one connection in TCP and in an application like HTTP, generously. */
    private static final long HEAP_BYTES_PER_CONNECTION = 1100;

    private final PhysicalMemory memory;
    /** Mebibytes to be had, 1 to 64. */
    private final int scale;

    private final int queueSize;
    private final int spareReceiveBlocks;

    NetworkPlan(PhysicalMemory memory) {
        this.memory = memory;
        scale = (int) Math.max(1, Math.min(64, memory.availableBytes() / MEBIBYTE));
        queueSize = scale >= 4 ? LARGE_QUEUE : scale >= 2 ? MIDDLE_QUEUE : SMALL_QUEUE;
        spareReceiveBlocks = Math.max(32, Math.min(1024, 24 * scale));
    }

    /** Entries of each of the card's queues. */
    int queueSize() {
        return queueSize;
    }

    /** Buffers that the card receives into, and those that the stack may keep meanwhile. */
    BlockPool receivePool() {
        return blocks(queueSize + spareReceiveBlocks, BLOCK_BYTES);
    }

    NetworkMemory stackMemory() {
        int frames = queueSize + queueSize / 4;
        return new NetworkMemory(
                new TransmitPool(memory.allocateUncleared(frames * TransmitPool.FRAME_BYTES, CACHE_LINE)),
                blocks(16 * scale, BLOCK_BYTES),
                blocks(Math.max(4, Math.min(128, scale)), Connection.RECEIVE_CONTIGUOUS),
                blocks(scale >= 4 ? 4 : 1, Ipv4Engine.DATAGRAM_BLOCK_BYTES),
                blocks(LOOPBACK_BLOCKS, BLOCK_BYTES),
                blocks(UDP_BLOCKS, UdpEngine.BLOCK_BYTES));
    }

    TcpParameters tcpParameters() {
        TcpParameters parameters = new TcpParameters();
        long connections = BareMachine.heapBytes() / 4 * 3 / HEAP_BYTES_PER_CONNECTION;
        parameters.maximumConnections = (int) Math.min(parameters.maximumConnections, connections);
        parameters.maximumTimeWait = Math.min(parameters.maximumTimeWait, parameters.maximumConnections / 2);
        parameters.maximumRetainedBlocks = spareReceiveBlocks;
        parameters.maximumSpans = Math.min(parameters.maximumSpans, 2048 * scale);
        parameters.maximumReassemblies = Math.min(parameters.maximumReassemblies, 16 * scale);
        parameters.maximumScoreboards = Math.min(parameters.maximumScoreboards, 16 * scale);
        return parameters;
    }

    private BlockPool blocks(int count, int bytes) {
        return new BlockPool(memory.allocateUncleared(count * bytes, CACHE_LINE), bytes);
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.image;

import java.util.List;
import org.unimark.keel.buffer.BlockPool;
import org.unimark.keel.kernel.Counters;
import org.unimark.keel.kernel.Log;
import org.unimark.keel.kernel.RandomSource;
import org.unimark.keel.kernel.Timers;
import org.unimark.keel.memory.PhysicalMemory;
import org.unimark.keel.net.NetworkConfiguration;
import org.unimark.keel.net.NetworkMemory;
import org.unimark.keel.net.NetworkStack;
import org.unimark.keel.net.device.NetworkDevice;
import org.unimark.keel.net.device.TransmitPool;
import org.unimark.keel.net.ipv4.Ipv4Engine;
import org.unimark.keel.net.socket.Connection;
import org.unimark.keel.net.tcp.TcpParameters;
import org.unimark.keel.net.udp.UdpEngine;
import org.unimark.keel.virtio.Transport;
import org.unimark.keel.virtio.VirtioDevice;
import org.unimark.keel.virtio.VirtioException;
import org.unimark.keel.virtio.net.VirtioNetworkDevice;

/** Makes the network of an image: the first virtio network card, the pools that its memory allows, and the stack. */
final class ImageNetwork {
    private static final int RECEIVE_BLOCK_BYTES = 2048;
    private static final int SEND_BLOCK_BYTES = 2048;
    private static final int LOOPBACK_BLOCKS = 16;
    private static final int UDP_BLOCKS = 8;
    private static final int CACHE_LINE = 64;
    /** From so much memory on, queues have their full length. */
    private static final long ROOMY_BYTES = 6 << 20;

    private final PhysicalMemory memory;
    private final boolean roomy;

    private ImageNetwork(PhysicalMemory memory) {
        this.memory = memory;
        roomy = memory.availableBytes() >= ROOMY_BYTES;
    }

    /** Returns the stack, not yet started, or null if the machine has no network card that can be driven. */
    static NetworkStack create(
            List<Transport> devices,
            String options,
            PhysicalMemory memory,
            Timers timers,
            RandomSource random,
            Counters counters,
            Log log) {
        ImageNetwork maker = new ImageNetwork(memory);
        NetworkDevice device = maker.findCard(devices, random, counters, log);
        if (device == null) {
            return null;
        }
        return new NetworkStack(
                device,
                maker.pools(),
                NetworkConfiguration.parse(options),
                maker.parameters(),
                timers,
                random,
                counters,
                log);
    }

    private NetworkDevice findCard(List<Transport> devices, RandomSource random, Counters counters, Log log) {
        for (int i = 0; i < devices.size(); i++) {
            Transport transport = devices.get(i);
            if (transport.deviceType() == VirtioNetworkDevice.DEVICE_TYPE) {
                try {
                    int queueSize = roomy ? 256 : 64;
                    BlockPool pool = blocks(3 * queueSize, RECEIVE_BLOCK_BYTES);
                    VirtioDevice device = new VirtioDevice(transport, memory, counters);
                    return new VirtioNetworkDevice(device, pool, queueSize, random, counters);
                } catch (VirtioException unusable) {
                    log.line(unusable.getMessage());
                }
            }
        }
        return null;
    }

    private NetworkMemory pools() {
        int frames = roomy ? 512 : 96;
        return new NetworkMemory(
                new TransmitPool(memory.allocate(frames * TransmitPool.FRAME_BYTES, CACHE_LINE)),
                blocks(roomy ? 512 : 96, SEND_BLOCK_BYTES),
                blocks(roomy ? 32 : 4, Connection.RECEIVE_CONTIGUOUS),
                blocks(roomy ? 4 : 1, Ipv4Engine.DATAGRAM_BLOCK_BYTES),
                blocks(LOOPBACK_BLOCKS, RECEIVE_BLOCK_BYTES),
                blocks(UDP_BLOCKS, UdpEngine.BLOCK_BYTES));
    }

    private TcpParameters parameters() {
        TcpParameters parameters = new TcpParameters();
        if (!roomy) {
            parameters.maximumConnections = 512;
            parameters.maximumTimeWait = 128;
            parameters.maximumSpans = 2_048;
            parameters.maximumRetainedBlocks = 64;
            parameters.maximumReassemblies = 16;
            parameters.maximumScoreboards = 16;
        }
        return parameters;
    }

    private BlockPool blocks(int count, int bytes) {
        return new BlockPool(memory.allocate(count * bytes, CACHE_LINE), bytes);
    }
}

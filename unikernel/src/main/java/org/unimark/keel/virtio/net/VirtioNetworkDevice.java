// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.virtio.net;

import org.unimark.keel.buffer.BlockPool;
import org.unimark.keel.kernel.Counter;
import org.unimark.keel.kernel.Counters;
import org.unimark.keel.kernel.RandomSource;
import org.unimark.keel.net.device.NetworkDevice;
import org.unimark.keel.net.device.ReceiveSink;
import org.unimark.keel.net.device.TransmitFrame;
import org.unimark.keel.virtio.Feature;
import org.unimark.keel.virtio.Transport;
import org.unimark.keel.virtio.VirtioDevice;
import org.unimark.keel.virtio.VirtioException;

/**
 * A virtio network card (virtio 1.2, 5.1) with one pair of queues. Its configuration:
 *
 * <pre>
 * 0 mac u8[6] | 6 status u16 | 8 max_virtqueue_pairs u16 | 10 mtu u16
 * </pre>
 *
 * <p>A device that reports an error which only a reset mends is reset and set up again; frames on their way are lost, as
 * on a wire.
 */
public final class VirtioNetworkDevice implements NetworkDevice {
    /** The device type of virtio 1.2, section 5. */
    public static final int DEVICE_TYPE = 1;
    /**
     * Frames on their way from which on the device is asked to interrupt when it has read half of them. Whoever makes
     * the transmit pool makes it larger than this, or a sender that waits for a frame may wait for a timer.
     */
    public static final int COMPLETION_WATER_MARK = 32;

    private static final long CHECKSUM = 1L << 0;
    private static final long GUEST_CHECKSUM = 1L << 1;
    private static final long MTU = 1L << 3;
    private static final long MAC = 1L << 5;
    private static final long HOST_TSO4 = 1L << 11;
    private static final long MERGEABLE_BUFFERS = 1L << 15;
    private static final long STATUS = 1L << 16;
    private static final long WANTED =
            CHECKSUM | GUEST_CHECKSUM | MTU | MAC | HOST_TSO4 | MERGEABLE_BUFFERS | STATUS | Feature.EVENT_INDEX;

    private static final int RECEIVE_QUEUE = 0;
    private static final int TRANSMIT_QUEUE = 1;
    private static final int MAC_OFFSET = 0;
    private static final int MAC_BYTES = 6;
    private static final int STATUS_OFFSET = 6;
    private static final int STATUS_LINK_UP = 1;
    private static final int MTU_OFFSET = 10;
    private static final int ORDINARY_MTU = 1500;
    /** RFC 791 3.2: every host accepts so much. */
    private static final int SMALLEST_MTU = 576;

    private static final int ETHERNET_HEADER_BYTES = 14;
    private static final long LOCALLY_ADMINISTERED = 0x0200_0000_0000L;
    private static final long MULTICAST = 0x0100_0000_0000L;
    private static final long MAC_MASK = 0xffff_ffff_ffffL;

    private final VirtioDevice device;
    private final Transport transport;
    private final ReceiveQueue receiver;
    private final TransmitQueue transmitter;
    private final long macAddress;
    private final int mtu;
    private final int offloads;
    private final Counter linkChanges;
    private final Counter resets;
    private boolean linkUp;

    /**
     * Brings the device up; from here on it receives.
     *
     * @param device has {@link #DEVICE_TYPE}
     * @param pool receive buffers: more than {@code queueSize}, by as many as the stack may keep
     * @param queueSize entries a queue, a power of two of at least 64
     * @param random makes an address for a device that has none
     * @throws VirtioException if the device cannot be used
     */
    public VirtioNetworkDevice(
            VirtioDevice device, BlockPool pool, int queueSize, RandomSource random, Counters counters) {
        this.device = device;
        this.transport = device.transport();
        linkChanges = counters.counter("virtio_net.link_changes");
        resets = counters.counter("virtio_net.resets");
        device.negotiate(WANTED);
        macAddress = device.has(MAC) ? readMacAddress() : inventMacAddress(random);
        mtu = readMtu(pool);
        boolean checksums = device.has(CHECKSUM);
        offloads = (checksums ? TRANSMIT_CHECKSUM : 0)
                // Segmentation includes the checksum of each segment, hence needs that feature (5.1.3.1).
                | (checksums && device.has(HOST_TSO4) ? TRANSMIT_SEGMENTATION : 0)
                | (device.has(GUEST_CHECKSUM) ? RECEIVE_CHECKSUM : 0);
        receiver = new ReceiveQueue(
                device.createQueue(RECEIVE_QUEUE, queueSize, "virtio_net.receive"),
                pool,
                device.has(MERGEABLE_BUFFERS),
                device.has(GUEST_CHECKSUM),
                counters);
        transmitter = new TransmitQueue(
                device.createQueue(TRANSMIT_QUEUE, queueSize, "virtio_net.transmit"), checksums, counters);
        receiver.refill();
        device.start();
        receiver.queue().flush();
        linkUp = readLink();
    }

    private long readMacAddress() {
        long address = 0;
        int generation;
        do {
            generation = transport.configurationGeneration();
            for (int i = 0; i < MAC_BYTES; i++) {
                address = address << 8 | transport.configuration8(MAC_OFFSET + i);
            }
        } while (generation != transport.configurationGeneration());
        return address & MAC_MASK;
    }

    private static long inventMacAddress(RandomSource random) {
        return (random.nextLong() & MAC_MASK | LOCALLY_ADMINISTERED) & ~MULTICAST;
    }

    private int readMtu(BlockPool pool) {
        int offered = device.has(MTU) ? transport.configuration16(MTU_OFFSET) : ORDINARY_MTU;
        if (offered < SMALLEST_MTU) {
            throw device.failed("has an MTU of " + offered);
        }
        return Math.min(offered, pool.blockBytes() - PacketHeader.BYTES - ETHERNET_HEADER_BYTES);
    }

    private boolean readLink() {
        return !device.has(STATUS) || (transport.configuration16(STATUS_OFFSET) & STATUS_LINK_UP) != 0;
    }

    @Override
    public long macAddress() {
        return macAddress;
    }

    @Override
    public int mtu() {
        return mtu;
    }

    @Override
    public int offloads() {
        return offloads;
    }

    @Override
    public boolean isLinkUp() {
        return linkUp;
    }

    @Override
    public boolean transmit(TransmitFrame frame) {
        return transmitter.transmit(frame);
    }

    @Override
    public void flush() {
        transmitter.queue().flush();
    }

    @Override
    public int poll(ReceiveSink sink, int budget) {
        return transmitter.complete() + receiver.poll(sink, budget);
    }

    @Override
    public boolean enableInterrupts() {
        transport.acknowledgeInterrupts();
        // A change interrupts the sleep of a quiet device, so that it is enough to look before each sleep.
        if (transport.configurationChanged() && refresh()) {
            return false;
        }
        boolean nothingReceived = receiver.queue().armInterrupt(1);
        return transmitter.armInterrupt(COMPLETION_WATER_MARK) && nothingReceived;
    }

    /** Looks what has changed; returns whether the stack should know. */
    private boolean refresh() {
        if (device.needsReset()) {
            restart();
            return true;
        }
        boolean up = readLink();
        boolean changed = up != linkUp;
        linkUp = up;
        if (changed) {
            linkChanges.increment();
        }
        return changed;
    }

    private void restart() {
        resets.increment();
        device.negotiate(WANTED);
        receiver.restart();
        transmitter.restart();
        device.enableQueue(RECEIVE_QUEUE, receiver.queue());
        device.enableQueue(TRANSMIT_QUEUE, transmitter.queue());
        device.start();
        receiver.queue().flush();
        linkUp = readLink();
    }
}

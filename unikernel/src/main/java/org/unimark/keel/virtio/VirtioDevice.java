// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.virtio;

import org.unimark.keel.kernel.Counters;
import org.unimark.keel.memory.PhysicalMemory;
import org.unimark.keel.virtio.ring.Virtqueue;

/**
 * Brings one device up in the order of virtio 1.2, 3.1.1, and down again:
 * {@link #negotiate} (steps 1 to 6), {@link #createQueue} for each queue (7), {@link #start} (8). After
 * {@link #reset} the same steps with {@link #enableQueue} bring it up again with the memory it had.
 */
public final class VirtioDevice {
    /** A device that has not finished a reset after so many looks at its status never will. */
    private static final int RESET_LOOKS = 1_000_000;

    private static final int RING_ALIGNMENT = 64;

    private final Transport transport;
    private final PhysicalMemory memory;
    private final Counters counters;
    private long features;

    public VirtioDevice(Transport transport, PhysicalMemory memory, Counters counters) {
        this.transport = transport;
        this.memory = memory;
        this.counters = counters;
    }

    public Transport transport() {
        return transport;
    }

    /**
     * Resets the device and agrees on features.
     *
     * @param wanted features that the driver can use; VERSION_1 is always wanted
     * @throws VirtioException if the device is too old or refuses the agreement
     */
    public void negotiate(long wanted) {
        reset(); // 3.1.1 step 1
        transport.setStatus(DeviceStatus.ACKNOWLEDGE); // step 2
        transport.setStatus(DeviceStatus.ACKNOWLEDGE | DeviceStatus.DRIVER); // step 3
        long offered = transport.deviceFeatures(); // step 4
        if ((offered & Feature.VERSION_1) == 0) {
            throw failed("is a legacy device (no VIRTIO_F_VERSION_1)");
        }
        // ACCESS_PLATFORM is harmless here: without an IOMMU, which Keel never enables, its addresses are physical too.
        features = offered & (wanted | Feature.VERSION_1 | Feature.ACCESS_PLATFORM);
        transport.setDriverFeatures(features);
        setStatusBit(DeviceStatus.FEATURES_OK); // step 5
        if ((transport.status() & DeviceStatus.FEATURES_OK) == 0) { // step 6
            throw failed("refuses the features it offered");
        }
    }

    /** Whether a feature was agreed on. */
    public boolean has(long feature) {
        return (features & feature) != 0;
    }

    /**
     * Makes and enables a queue: part of step 7.
     *
     * @param wantedSize a power of two; a device that takes less gets less
     * @param name of its counters
     * @throws VirtioException if the device has no such queue
     */
    public Virtqueue createQueue(int index, int wantedSize, String name) {
        int maximum = transport.maximumQueueSize(index);
        if (maximum == 0) {
            throw failed("has no queue " + index);
        }
        int size = Math.min(wantedSize, Integer.highestOneBit(Math.min(maximum, Virtqueue.MAXIMUM_SIZE)));
        Virtqueue queue = new Virtqueue(
                size,
                memory.allocate(Virtqueue.bytesFor(size), RING_ALIGNMENT),
                has(Feature.EVENT_INDEX),
                counters.counter(name + ".bad_used_entries"),
                counters.counter(name + ".notifications"));
        enableQueue(index, queue);
        return queue;
    }

    /** Enables a queue that was {@link Virtqueue#reset}: step 7 again, after a reset. */
    public void enableQueue(int index, Virtqueue queue) {
        queue.connect(transport.enableQueue(index, queue));
    }

    /** The device is live from here on: step 8. */
    public void start() {
        setStatusBit(DeviceStatus.DRIVER_OK);
    }

    /** Whether the device has run into an error that only a reset mends (2.1.2). */
    public boolean needsReset() {
        return (transport.status() & DeviceStatus.DEVICE_NEEDS_RESET) != 0;
    }

    /** Stops the device: when this returns it no longer touches memory (2.4). */
    public void reset() {
        transport.setStatus(0);
        for (int look = 0; transport.status() != 0; look++) {
            if (look == RESET_LOOKS) {
                throw new VirtioException(transport.name() + " does not finish its reset");
            }
        }
    }

    /** Gives the device up (3.1.1: set FAILED) and says why. */
    public VirtioException failed(String why) {
        transport.setStatus(transport.status() | DeviceStatus.FAILED);
        return new VirtioException(transport.name() + " " + why);
    }

    private void setStatusBit(int bit) {
        transport.setStatus(transport.status() | bit);
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.virtio;

import org.unimark.keel.virtio.ring.Doorbell;
import org.unimark.keel.virtio.ring.Virtqueue;

/** The registers of one virtio device, wherever they lie (virtio 1.2, section 4). Slow: every access may leave the guest. */
public interface Transport {
    /** Kind of device by the numbers of virtio 1.2, section 5; 0 means that there is none. */
    int deviceType();

    /** The device status field; {@link DeviceStatus} names its bits. */
    int status();

    /** Writes the device status field; 0 resets. */
    void setStatus(int status);

    /** The 64 feature bits that the device offers. */
    long deviceFeatures();

    /** Tells the device which of its features the driver understands. */
    void setDriverFeatures(long features);

    /** Largest ring that the device takes for {@code queue}; 0 if it has no such queue. */
    int maximumQueueSize(int queue);

    /**
     * Tells the device where the rings of {@code queue} lie, switches the queue on and returns its notification register.
     *
     * @throws VirtioException if the device does not accept it
     */
    Doorbell enableQueue(int queue, Virtqueue rings);

    /** A byte of the device's configuration; {@code offset} is in bytes and checked against what is there. */
    int configuration8(int offset);

    /** Two bytes of the device's configuration. */
    int configuration16(int offset);

    /** Four bytes of the device's configuration. */
    int configuration32(int offset);

    /** Changes when the configuration does: fields of more than one access are read until it stays the same. */
    int configurationGeneration();

    /**
     * Whether the device may have changed its configuration or asked for a reset since the last call. Costs nothing
     * unless an interrupt came.
     */
    boolean configurationChanged();

    /** To be called before interrupts are asked for: acknowledges the last one where that is necessary. */
    void acknowledgeInterrupts();

    /** For messages, for instance {@code pci 00:02.0}. */
    String name();
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.virtio.ring;

import org.unimark.keel.machine.DeviceMemory;

/** The register by which a driver tells the device that a queue has something for it. A write to it leaves the guest. */
public final class Doorbell {
    private final long address;
    private final int queue;
    private final boolean wide;

    private Doorbell(long address, int queue, boolean wide) {
        this.address = address;
        this.queue = queue;
        this.wide = wide;
    }

    /** PCI: 16 bits, one address a queue or one for all (virtio 1.2, 4.1.5.2). */
    public static Doorbell narrow(long address, int queue) {
        return new Doorbell(address, queue, false);
    }

    /** MMIO: 32 bits, one register for all queues (virtio 1.2, 4.2.2). */
    public static Doorbell wide(long address, int queue) {
        return new Doorbell(address, queue, true);
    }

    void ring() {
        if (wide) {
            DeviceMemory.put32(address, queue);
        } else {
            DeviceMemory.put16(address, queue);
        }
    }
}

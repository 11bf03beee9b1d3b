// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.virtio.transport;

import org.unimark.keel.cpu.Interrupts;
import org.unimark.keel.kernel.Rare;
import org.unimark.keel.machine.DeviceMemory;
import org.unimark.keel.memory.PhysicalMemory;
import org.unimark.keel.virtio.Transport;
import org.unimark.keel.virtio.VirtioException;
import org.unimark.keel.virtio.ring.Doorbell;
import org.unimark.keel.virtio.ring.Virtqueue;

/**
 * virtio over memory-mapped registers, version 2 (virtio 1.2, 4.2.2), 32 bits each:
 *
 * <pre>
 * 000 MagicValue      014 DeviceFeaturesSel   034 QueueNumMax       064 InterruptACK      0a0 QueueDeviceLow
 * 004 Version         020 DriverFeatures      038 QueueNum          070 Status            0a4 QueueDeviceHigh
 * 008 DeviceID        024 DriverFeaturesSel   044 QueueReady        080 QueueDescLow      0fc ConfigGeneration
 * 010 DeviceFeatures  030 QueueSel            050 QueueNotify       090 QueueDriverLow    100 configuration
 *                                             060 InterruptStatus
 * </pre>
 *
 * <p>The interrupt line is routed as edges: a second event before the driver acknowledged the first makes no edge. So the
 * driver acknowledges, then asks for an interrupt, then looks at its rings, then sleeps; an event before the look is
 * seen by it and one after it makes an edge.
 */
@Rare
public final class MmioTransport implements Transport {
    private static final int MAGIC_VALUE = 0x000;
    private static final int VERSION = 0x004;
    private static final int DEVICE_ID = 0x008;
    private static final int DEVICE_FEATURES = 0x010;
    private static final int DEVICE_FEATURES_SEL = 0x014;
    private static final int DRIVER_FEATURES = 0x020;
    private static final int DRIVER_FEATURES_SEL = 0x024;
    private static final int QUEUE_SEL = 0x030;
    private static final int QUEUE_NUM_MAX = 0x034;
    private static final int QUEUE_NUM = 0x038;
    private static final int QUEUE_READY = 0x044;
    private static final int QUEUE_NOTIFY = 0x050;
    private static final int INTERRUPT_STATUS = 0x060;
    private static final int INTERRUPT_ACK = 0x064;
    private static final int STATUS = 0x070;
    private static final int QUEUE_DESC = 0x080;
    private static final int QUEUE_DRIVER = 0x090;
    private static final int QUEUE_DEVICE = 0x0a0;
    private static final int CONFIG_GENERATION = 0x0fc;
    private static final int CONFIGURATION = 0x100;

    /** "virt", little-endian. */
    private static final int MAGIC = 0x7472_6976;

    private static final int SUPPORTED_VERSION = 2;
    private static final int INTERRUPT_CONFIGURATION = 2;

    private final long registers;
    private final int configurationBytes;
    private final long physical;
    private final Interrupts interrupts;
    private final int vector;
    private int interruptsSeen;
    private boolean configurationChanged;

    /**
     * Takes the device over.
     *
     * @throws VirtioException if there are no registers of a virtio device, or of an old one
     */
    public MmioTransport(MmioSlot slot, PhysicalMemory memory, Interrupts interrupts) {
        this.physical = slot.base();
        this.interrupts = interrupts;
        if (slot.bytes() <= CONFIGURATION) {
            throw new VirtioException(name() + " is too small for a virtio device");
        }
        configurationBytes = (int) Math.min(slot.bytes() - CONFIGURATION, Integer.MAX_VALUE);
        registers = memory.mapDevice(slot.base(), slot.bytes());
        if (DeviceMemory.get32(registers + MAGIC_VALUE) != MAGIC) {
            throw new VirtioException(name() + " is no virtio device");
        }
        if (DeviceMemory.get32(registers + VERSION) != SUPPORTED_VERSION) {
            throw new VirtioException(name() + " has only the legacy interface");
        }
        vector = interrupts.allocateVector();
        interrupts.routeGsi(slot.interruptLine(), vector, false);
    }

    @Override
    public int deviceType() {
        return DeviceMemory.get32(registers + DEVICE_ID);
    }

    @Override
    public int status() {
        return DeviceMemory.get32(registers + STATUS);
    }

    @Override
    public void setStatus(int status) {
        DeviceMemory.put32(registers + STATUS, status);
    }

    @Override
    public long deviceFeatures() {
        DeviceMemory.put32(registers + DEVICE_FEATURES_SEL, 0);
        long low = DeviceMemory.get32(registers + DEVICE_FEATURES) & 0xffff_ffffL;
        DeviceMemory.put32(registers + DEVICE_FEATURES_SEL, 1);
        return low | (long) DeviceMemory.get32(registers + DEVICE_FEATURES) << 32;
    }

    @Override
    public void setDriverFeatures(long features) {
        DeviceMemory.put32(registers + DRIVER_FEATURES_SEL, 0);
        DeviceMemory.put32(registers + DRIVER_FEATURES, (int) features);
        DeviceMemory.put32(registers + DRIVER_FEATURES_SEL, 1);
        DeviceMemory.put32(registers + DRIVER_FEATURES, (int) (features >>> 32));
    }

    @Override
    public int maximumQueueSize(int queue) {
        DeviceMemory.put32(registers + QUEUE_SEL, queue);
        return DeviceMemory.get32(registers + QUEUE_NUM_MAX);
    }

    @Override
    public Doorbell enableQueue(int queue, Virtqueue rings) {
        DeviceMemory.put32(registers + QUEUE_SEL, queue);
        if (DeviceMemory.get32(registers + QUEUE_READY) != 0) {
            throw new VirtioException(name() + " has queue " + queue + " in use already");
        }
        DeviceMemory.put32(registers + QUEUE_NUM, rings.size());
        putAddress(QUEUE_DESC, rings.descriptorArea());
        putAddress(QUEUE_DRIVER, rings.driverArea());
        putAddress(QUEUE_DEVICE, rings.deviceArea());
        DeviceMemory.put32(registers + QUEUE_READY, 1);
        if (DeviceMemory.get32(registers + QUEUE_READY) != 1) {
            throw new VirtioException(name() + " refuses queue " + queue);
        }
        return Doorbell.wide(registers + QUEUE_NOTIFY, queue);
    }

    private void putAddress(int register, long address) {
        DeviceMemory.put32(registers + register, (int) address);
        DeviceMemory.put32(registers + register + 4, (int) (address >>> 32));
    }

    @Override
    public int configuration8(int offset) {
        return DeviceMemory.get8(configurationAddress(offset, 1));
    }

    @Override
    public int configuration16(int offset) {
        return DeviceMemory.get16(configurationAddress(offset, 2));
    }

    @Override
    public int configuration32(int offset) {
        return DeviceMemory.get32(configurationAddress(offset, 4));
    }

    private long configurationAddress(int offset, int bytes) {
        if (offset < 0 || offset > configurationBytes - bytes) {
            throw new VirtioException(name() + " has no configuration at offset " + offset);
        }
        return registers + CONFIGURATION + offset;
    }

    @Override
    public int configurationGeneration() {
        return DeviceMemory.get32(registers + CONFIG_GENERATION);
    }

    @Override
    public boolean configurationChanged() {
        acknowledgeInterrupts();
        boolean changed = configurationChanged;
        configurationChanged = false;
        return changed;
    }

    @Override
    public void acknowledgeInterrupts() {
        int count = interrupts.count(vector);
        if (count != interruptsSeen) {
            interruptsSeen = count;
            int causes = DeviceMemory.get32(registers + INTERRUPT_STATUS);
            DeviceMemory.put32(registers + INTERRUPT_ACK, causes);
            configurationChanged |= (causes & INTERRUPT_CONFIGURATION) != 0;
        }
    }

    @Override
    public String name() {
        return "virtio-mmio 0x" + Long.toHexString(physical);
    }
}

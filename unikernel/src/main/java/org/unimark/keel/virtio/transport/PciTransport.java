// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.virtio.transport;

import org.unimark.keel.cpu.Interrupts;
import org.unimark.keel.kernel.Rare;
import org.unimark.keel.machine.DeviceMemory;
import org.unimark.keel.pci.MessageInterrupts;
import org.unimark.keel.pci.PciFunction;
import org.unimark.keel.virtio.Transport;
import org.unimark.keel.virtio.VirtioException;
import org.unimark.keel.virtio.ring.Doorbell;
import org.unimark.keel.virtio.ring.Virtqueue;

/**
 * virtio over PCI (virtio 1.2, 4.1). Vendor capabilities tell where the register groups lie; offsets of the common group
 * (4.1.4.3):
 *
 * <pre>
 *  0 device_feature_select 32     16 config_msix_vector 16    22 queue_select 16        32 queue_desc 64
 *  4 device_feature 32            18 num_queues 16            24 queue_size 16          40 queue_driver 64
 *  8 driver_feature_select 32     20 device_status 8          26 queue_msix_vector 16   48 queue_device 64
 * 12 driver_feature 32            21 config_generation 8      28 queue_enable 16
 *                                                             30 queue_notify_off 16
 * </pre>
 */
@Rare
public final class PciTransport implements Transport {
    private static final int VENDOR = 0x1af4;
    private static final int FIRST_TRANSITIONAL = 0x1000;
    private static final int FIRST_MODERN = 0x1040;
    private static final int LAST_MODERN = 0x107f;
    private static final int SUBSYSTEM_DEVICE = 0x2e;

    private static final int CAPABILITY_TYPE = 3;
    private static final int CAPABILITY_BAR = 4;
    private static final int CAPABILITY_OFFSET = 8;
    private static final int CAPABILITY_LENGTH = 12;
    private static final int CAPABILITY_NOTIFY_MULTIPLIER = 16;
    private static final int TYPE_COMMON = 1;
    private static final int TYPE_NOTIFY = 2;
    private static final int TYPE_DEVICE = 4;

    private static final int DEVICE_FEATURE_SELECT = 0;
    private static final int DEVICE_FEATURE = 4;
    private static final int DRIVER_FEATURE_SELECT = 8;
    private static final int DRIVER_FEATURE = 12;
    private static final int CONFIG_MSIX_VECTOR = 16;
    private static final int DEVICE_STATUS = 20;
    private static final int CONFIG_GENERATION = 21;
    private static final int QUEUE_SELECT = 22;
    private static final int QUEUE_SIZE = 24;
    private static final int QUEUE_MSIX_VECTOR = 26;
    private static final int QUEUE_ENABLE = 28;
    private static final int QUEUE_NOTIFY_OFF = 30;
    private static final int QUEUE_DESC = 32;
    private static final int QUEUE_DRIVER = 40;
    private static final int QUEUE_DEVICE = 48;
    private static final int COMMON_BYTES = 56;

    private static final int CONFIGURATION_ENTRY = 0;
    private static final int QUEUE_ENTRY = 1;

    private final PciFunction function;
    private final Interrupts interrupts;
    private final long common;
    private final long notify;
    private final long notifyBytes;
    private final long notifyMultiplier;
    private final long configuration;
    private final int configurationBytes;
    private final int configurationVector;
    private final int queueEntry;
    private int interruptsSeen;

    /**
     * Takes the function over.
     *
     * @throws VirtioException if it lacks the modern interface or MSI-X
     */
    public PciTransport(PciFunction function, Interrupts interrupts) {
        this.function = function;
        this.interrupts = interrupts;
        int commonGroup = require(TYPE_COMMON);
        int notifyGroup = require(TYPE_NOTIFY);
        int deviceGroup = find(TYPE_DEVICE);
        common = map(commonGroup, COMMON_BYTES);
        notifyBytes = function.read32(notifyGroup + CAPABILITY_LENGTH) & 0xffff_ffffL;
        notify = map(notifyGroup, notifyBytes);
        notifyMultiplier = function.read32(notifyGroup + CAPABILITY_NOTIFY_MULTIPLIER) & 0xffff_ffffL;
        configurationBytes = deviceGroup == 0 ? 0 : function.read32(deviceGroup + CAPABILITY_LENGTH);
        configuration = configurationBytes == 0 ? 0 : map(deviceGroup, configurationBytes);
        MessageInterrupts messages = MessageInterrupts.of(function);
        if (messages == null) {
            throw new VirtioException(name() + " has no MSI-X, and Keel uses no interrupt lines of PCI");
        }
        function.enable();
        queueEntry = messages.entries() > 1 ? QUEUE_ENTRY : CONFIGURATION_ENTRY;
        configurationVector = interrupts.allocateVector();
        connect(messages, CONFIGURATION_ENTRY, configurationVector);
        if (queueEntry != CONFIGURATION_ENTRY) {
            connect(messages, queueEntry, interrupts.allocateVector());
        }
        messages.enable();
    }

    /** Whether a function is a virtio device (4.1.2). */
    public static boolean isVirtio(PciFunction function) {
        return function.vendor() == VENDOR
                && function.device() >= FIRST_TRANSITIONAL
                && function.device() <= LAST_MODERN;
    }

    private void connect(MessageInterrupts messages, int entry, int vector) {
        messages.set(entry, interrupts.messageAddress(), interrupts.messageData(vector));
    }

    private int require(int type) {
        int group = find(type);
        if (group == 0) {
            throw new VirtioException(name() + " has only the legacy interface");
        }
        return group;
    }

    /** The first capability of a type is the one the device prefers (4.1.4); a list that bites its tail ends as well. */
    private int find(int type) {
        int at = 0;
        for (int i = 0; i < PciFunction.MAXIMUM_CAPABILITIES; i++) {
            at = function.findCapability(PciFunction.CAPABILITY_VENDOR, at);
            if (at == 0 || function.read8(at + CAPABILITY_TYPE) == type) {
                return at;
            }
        }
        return 0;
    }

    private long map(int group, long bytes) {
        long offset = function.read32(group + CAPABILITY_OFFSET) & 0xffff_ffffL;
        return function.map(function.read8(group + CAPABILITY_BAR), offset, bytes);
    }

    @Override
    public int deviceType() {
        // A transitional device has a number of its own and tells its kind as subsystem (4.1.2.1).
        int device = function.device();
        return device >= FIRST_MODERN ? device - FIRST_MODERN : function.read16(SUBSYSTEM_DEVICE);
    }

    @Override
    public int status() {
        return DeviceMemory.get8(common + DEVICE_STATUS);
    }

    @Override
    public void setStatus(int status) {
        DeviceMemory.put8(common + DEVICE_STATUS, status);
    }

    @Override
    public long deviceFeatures() {
        DeviceMemory.put32(common + DEVICE_FEATURE_SELECT, 0);
        long low = DeviceMemory.get32(common + DEVICE_FEATURE) & 0xffff_ffffL;
        DeviceMemory.put32(common + DEVICE_FEATURE_SELECT, 1);
        return low | (long) DeviceMemory.get32(common + DEVICE_FEATURE) << 32;
    }

    @Override
    public void setDriverFeatures(long features) {
        DeviceMemory.put32(common + DRIVER_FEATURE_SELECT, 0);
        DeviceMemory.put32(common + DRIVER_FEATURE, (int) features);
        DeviceMemory.put32(common + DRIVER_FEATURE_SELECT, 1);
        DeviceMemory.put32(common + DRIVER_FEATURE, (int) (features >>> 32));
    }

    @Override
    public int maximumQueueSize(int queue) {
        DeviceMemory.put16(common + QUEUE_SELECT, queue);
        return DeviceMemory.get16(common + QUEUE_SIZE);
    }

    @Override
    public Doorbell enableQueue(int queue, Virtqueue rings) {
        // A reset has forgotten this one too, so it is set with every queue.
        setVector(CONFIG_MSIX_VECTOR, CONFIGURATION_ENTRY);
        DeviceMemory.put16(common + QUEUE_SELECT, queue);
        DeviceMemory.put16(common + QUEUE_SIZE, rings.size());
        setVector(QUEUE_MSIX_VECTOR, queueEntry);
        putAddress(QUEUE_DESC, rings.descriptorArea());
        putAddress(QUEUE_DRIVER, rings.driverArea());
        putAddress(QUEUE_DEVICE, rings.deviceArea());
        long offset = DeviceMemory.get16(common + QUEUE_NOTIFY_OFF) * notifyMultiplier;
        if (offset + 2 > notifyBytes) {
            throw new VirtioException(name() + " wants to be notified outside its registers");
        }
        DeviceMemory.put16(common + QUEUE_ENABLE, 1);
        return Doorbell.narrow(notify + offset, queue);
    }

    /** The device says by reading back "no vector" that it has run out of resources (4.1.5.1.2). */
    private void setVector(int register, int entry) {
        DeviceMemory.put16(common + register, entry);
        if (DeviceMemory.get16(common + register) != entry) {
            throw new VirtioException(name() + " refuses an interrupt vector");
        }
    }

    /** 64-bit registers are written in two halves (4.1.3.1). */
    private void putAddress(int register, long address) {
        DeviceMemory.put32(common + register, (int) address);
        DeviceMemory.put32(common + register + 4, (int) (address >>> 32));
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
        return configuration + offset;
    }

    @Override
    public int configurationGeneration() {
        return DeviceMemory.get8(common + CONFIG_GENERATION);
    }

    @Override
    public boolean configurationChanged() {
        int count = interrupts.count(configurationVector);
        boolean changed = count != interruptsSeen;
        interruptsSeen = count;
        return changed;
    }

    @Override
    public void acknowledgeInterrupts() {
        // Messages are events: there is nothing to acknowledge.
    }

    @Override
    public String name() {
        return function.name();
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.virtio.model;

import org.unimark.keel.machine.SimulatedDevices;
import org.unimark.keel.virtio.transport.MmioSlot;

/** The registers of virtio 1.2, 4.2.2, and an interrupt line on which the controller sees edges. */
public final class MmioRegisters implements SimulatedDevices.Model, DeviceModel.Line {
    public static final MmioSlot SLOT = new MmioSlot(0xfeb0_2e00L, 512, 23);
    private static final int CONFIGURATION = 0x100;

    public int magic = 0x7472_6976;
    public int version = 2;
    private final DeviceModel device;
    private final SimulatedInterrupts interrupts;
    private int interruptStatus;

    public MmioRegisters(DeviceModel device, SimulatedInterrupts interrupts) {
        this.device = device;
        this.interrupts = interrupts;
        device.connect(this);
        SimulatedDevices.mapMemory(SLOT.base(), SLOT.bytes(), this);
    }

    @Override
    public void queueInterrupt(int queue) {
        raise(1);
    }

    @Override
    public void configurationInterrupt() {
        raise(2);
    }

    private void raise(int cause) {
        boolean edge = interruptStatus == 0;
        interruptStatus |= cause;
        if (edge) {
            interrupts.edge(SLOT.interruptLine());
        }
    }

    @Override
    public long read(long offset, int bytes) {
        if (offset >= CONFIGURATION) {
            return device.configuration((int) offset - CONFIGURATION, bytes);
        }
        requireWord(offset, bytes);
        DeviceModel.Queue queue = device.queue();
        return switch ((int) offset) {
            case 0x000 -> magic;
            case 0x004 -> version;
            case 0x008 -> device.type;
            case 0x010 -> device.deviceFeatures();
            case 0x034 -> queue == null ? 0 : device.maximumQueueSize;
            case 0x044 -> queue != null && queue.enabled ? 1 : 0;
            case 0x060 -> interruptStatus;
            case 0x070 -> device.status();
            case 0x0fc -> device.generation;
            default -> throw new AssertionError("read of register 0x" + Long.toHexString(offset));
        };
    }

    @Override
    public void write(long offset, int bytes, long value) {
        requireWord(offset, bytes);
        DeviceModel.Queue queue = device.queue();
        int word = (int) value;
        switch ((int) offset) {
            case 0x014 -> device.deviceFeatureSelect = word;
            case 0x020 -> device.setDriverFeatures(word);
            case 0x024 -> device.driverFeatureSelect = word;
            case 0x030 -> device.selected = word;
            case 0x038 -> queue.size = word;
            case 0x044 -> device.enable(queue);
            case 0x050 -> device.notified(word);
            case 0x064 -> interruptStatus &= ~word;
            case 0x070 -> device.setStatus(word);
            case 0x080 -> queue.descriptors = low(queue.descriptors, value);
            case 0x084 -> queue.descriptors = high(queue.descriptors, value);
            case 0x090 -> queue.driver = low(queue.driver, value);
            case 0x094 -> queue.driver = high(queue.driver, value);
            case 0x0a0 -> queue.device = low(queue.device, value);
            case 0x0a4 -> queue.device = high(queue.device, value);
            default -> throw new AssertionError("write of register 0x" + Long.toHexString(offset));
        }
    }

    static long low(long old, long value) {
        return old & 0xffff_ffff_0000_0000L | value;
    }

    static long high(long old, long value) {
        return old & 0xffff_ffffL | value << 32;
    }

    private static void requireWord(long offset, int bytes) {
        if (bytes != 4 || offset % 4 != 0) {
            throw new AssertionError("registers are accessed by 32 bits (4.2.2.2)");
        }
    }
}

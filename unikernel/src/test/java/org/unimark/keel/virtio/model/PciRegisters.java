// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.virtio.model;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.unimark.keel.machine.SimulatedDevices;

/**
 * A virtio function at 00:02.0 behind configuration mechanism #1: base address register 1 is the MSI-X table, 4 and 5 the
 * four groups of registers of virtio 1.2, 4.1.4, and nobody has given them addresses.
 */
public final class PciRegisters implements SimulatedDevices.Model, DeviceModel.Line {
    public static final int FUNCTION = 2 << 3;
    public static final int TABLE_BAR_BYTES = 4096;
    public static final int REGISTER_BAR_BYTES = 16384;
    private static final int NOTIFY = 0x3000;
    private static final int NOTIFY_MULTIPLIER = 4;
    private static final int DEVICE = 0x2000;
    private static final int ISR = 0x1000;
    private static final int TABLE_ENTRIES = 3;

    /** Configuration space, to be changed before the driver looks. */
    public final ByteBuffer space = ByteBuffer.allocate(256).order(ByteOrder.LITTLE_ENDIAN);

    private final DeviceModel device;
    private final SimulatedInterrupts interrupts;
    private final ByteBuffer table = ByteBuffer.allocate(TABLE_BAR_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private int address;
    private boolean mapped;

    public PciRegisters(DeviceModel device, SimulatedInterrupts interrupts, boolean transitional) {
        this.device = device;
        this.interrupts = interrupts;
        device.connect(this);
        space.putShort(0, (short) 0x1af4);
        space.putShort(2, (short) (transitional ? 0x1000 : 0x1040 + device.type));
        space.putShort(0x2e, (short) device.type);
        space.putShort(6, (short) 0x10);
        space.putInt(0x20, 0xc);
        space.put(0x34, (byte) 0x40);
        capability(0x40, 0x50, 5, 0, 0, 0);
        capability(0x50, 0x60, 1, 4, 0, 0x1000);
        capability(0x60, 0x70, 3, 4, ISR, 0x1000);
        capability(0x70, 0x80, 4, 4, DEVICE, 0x1000);
        capability(0x80, 0x98, 2, 4, NOTIFY, 0x1000);
        space.putInt(0x90, NOTIFY_MULTIPLIER);
        space.put(0x98, (byte) 0x11).putShort(0x9a, (short) (TABLE_ENTRIES - 1)).putInt(0x9c, 1);
        for (int i = 0; i < TABLE_ENTRIES; i++) {
            table.putInt(16 * i + 12, 1);
        }
        SimulatedDevices.mapPorts(0xcf8, 8, this);
    }

    private void capability(int at, int next, int type, int bar, int offset, int length) {
        space.put(at, (byte) 9).put(at + 1, (byte) next).put(at + 2, (byte) 16).put(at + 3, (byte) type);
        space.put(at + 4, (byte) bar).putInt(at + 8, offset).putInt(at + 12, length);
    }

    @Override
    public void queueInterrupt(int queue) {
        raise(device.vector(queue));
    }

    @Override
    public void configurationInterrupt() {
        raise(device.configurationVector);
    }

    private void raise(int entry) {
        boolean enabled = (space.getShort(0x9a) & 0xc000) == 0x8000;
        if (enabled && entry < TABLE_ENTRIES && (table.getInt(16 * entry + 12) & 1) == 0) {
            interrupts.message(table.getLong(16 * entry), table.getInt(16 * entry + 8));
        }
    }

    @Override
    public long read(long offset, int bytes) {
        if (bytes != 4) {
            throw new AssertionError("configuration mechanism #1 takes 32 bits");
        }
        if (offset == 0) {
            return address & 0xffff_ffffL;
        }
        int register = address & 0xff;
        return (address >>> 8 & 0xffff) == FUNCTION ? space.getInt(register) & 0xffff_ffffL : 0xffff_ffffL;
    }

    @Override
    public void write(long offset, int bytes, long value) {
        if (offset == 0) {
            address = (int) value;
        } else if ((address >>> 8 & 0xffff) == FUNCTION) {
            writeSpace(address & 0xff, (int) value);
        }
    }

    private void writeSpace(int register, int value) {
        switch (register) {
            case 0x04 -> space.putShort(4, (short) (value & 0x7ff));
            case 0x14 -> space.putInt(register, value & -TABLE_BAR_BYTES);
            case 0x20 -> space.putInt(register, value & -REGISTER_BAR_BYTES | 0xc);
            case 0x24 -> space.putInt(register, value);
            case 0x98 -> space.putShort(0x9a, (short) (value >>> 16 & 0xc000 | TABLE_ENTRIES - 1));
            default -> {
                // Registers that do not exist keep their zeros.
            }
        }
        if (!mapped && (space.getShort(4) & 2) != 0 && space.getInt(0x14) != 0 && (space.getInt(0x20) & ~15) != 0) {
            mapped = true;
            SimulatedDevices.mapMemory(space.getInt(0x14) & 0xffff_ffffL, TABLE_BAR_BYTES, new Table());
            long base = (long) space.getInt(0x24) << 32 | space.getInt(0x20) & 0xffff_fff0L;
            SimulatedDevices.mapMemory(base, REGISTER_BAR_BYTES, new Registers());
        }
    }

    private final class Table implements SimulatedDevices.Model {
        @Override
        public long read(long offset, int bytes) {
            return table.getInt((int) offset) & 0xffff_ffffL;
        }

        @Override
        public void write(long offset, int bytes, long value) {
            table.putInt((int) offset, (int) value);
        }
    }

    private final class Registers implements SimulatedDevices.Model {
        @Override
        public long read(long offset, int bytes) {
            if (offset >= DEVICE && offset < NOTIFY) {
                return device.configuration((int) offset - DEVICE, bytes);
            }
            DeviceModel.Queue queue = device.queue();
            return switch ((int) offset << 4 | bytes) {
                case 4 << 4 | 4 -> device.deviceFeatures() & 0xffff_ffffL;
                case 16 << 4 | 2 -> device.configurationVector;
                case 20 << 4 | 1 -> device.status();
                case 21 << 4 | 1 -> device.generation;
                case 24 << 4 | 2 -> queue == null ? 0 : device.maximumQueueSize;
                case 26 << 4 | 2 -> queue.vector;
                case 30 << 4 | 2 -> device.selected;
                default -> throw new AssertionError("read of " + bytes + " bytes at " + offset);
            };
        }

        @Override
        public void write(long offset, int bytes, long value) {
            if (offset >= NOTIFY) {
                if (bytes != 2 || offset - NOTIFY != value * NOTIFY_MULTIPLIER) {
                    throw new AssertionError("a notification of queue " + value + " at " + offset);
                }
                device.notified((int) value);
                return;
            }
            DeviceModel.Queue queue = device.queue();
            switch ((int) offset << 4 | bytes) {
                case 0 << 4 | 4 -> device.deviceFeatureSelect = (int) value;
                case 8 << 4 | 4 -> device.driverFeatureSelect = (int) value;
                case 12 << 4 | 4 -> device.setDriverFeatures((int) value);
                case 16 << 4 | 2 -> device.configurationVector = vector(value);
                case 20 << 4 | 1 -> device.setStatus((int) value);
                case 22 << 4 | 2 -> device.selected = (int) value;
                case 24 << 4 | 2 -> queue.size = (int) value;
                case 26 << 4 | 2 -> queue.vector = vector(value);
                case 28 << 4 | 2 -> device.enable(queue);
                case 32 << 4 | 4 -> queue.descriptors = MmioRegisters.low(queue.descriptors, value);
                case 36 << 4 | 4 -> queue.descriptors = MmioRegisters.high(queue.descriptors, value);
                case 40 << 4 | 4 -> queue.driver = MmioRegisters.low(queue.driver, value);
                case 44 << 4 | 4 -> queue.driver = MmioRegisters.high(queue.driver, value);
                case 48 << 4 | 4 -> queue.device = MmioRegisters.low(queue.device, value);
                case 52 << 4 | 4 -> queue.device = MmioRegisters.high(queue.device, value);
                default -> throw new AssertionError("write of " + bytes + " bytes at " + offset);
            }
        }

        private static int vector(long entry) {
            return entry < TABLE_ENTRIES ? (int) entry : 0xffff;
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.cpu;

import org.unimark.keel.machine.BareMachine;
import org.unimark.keel.machine.Cpu;
import org.unimark.keel.machine.DeviceMemory;
import org.unimark.keel.machine.Ports;
import org.unimark.keel.memory.PhysicalMemory;

/**
 * The processor's interrupt controller and its one-shot timer (Intel SDM 3, chapter 11), in x2APIC mode where the
 * processor has it, else by memory-mapped registers; and the I/O APICs that feed it. The 8259 controllers are silenced.
 */
public final class LocalApic implements Interrupts {
    private static final int FIRST_VECTOR = 32;
    private static final int LAST_VECTOR = 47;
    private static final int TIMER_VECTOR = FIRST_VECTOR;
    private static final int SPURIOUS_VECTOR = 48;

    private static final int CPUID_X2APIC = 1 << 21;
    private static final int BASE_REGISTER = 0x1b;
    private static final long BASE_X2APIC = 1 << 10;
    private static final long BASE_ADDRESS = 0xf_ffff_f000L;
    private static final int X2APIC_REGISTERS = 0x800;
    private static final int REGISTERS_BYTES = 0x1000;

    private static final int ID = 0x20;
    private static final int SPURIOUS = 0xf0;
    private static final int SPURIOUS_ENABLE = 1 << 8;
    private static final int LVT_TIMER = 0x320;
    private static final int LVT_LINT0 = 0x350;
    private static final int LVT_MASKED = 1 << 16;
    private static final int TIMER_INITIAL = 0x380;
    private static final int TIMER_CURRENT = 0x390;
    private static final int TIMER_DIVIDE = 0x3e0;
    private static final int DIVIDE_BY_1 = 0xb;

    private static final long MESSAGE_ADDRESS = 0xfee0_0000L;
    private static final int DESTINATION_SHIFT = 12;
    private static final int PIC_PRIMARY_MASK = 0x21;
    private static final int PIC_SECONDARY_MASK = 0xa1;

    /** Longest time that fits the timer's 32 bits at 1 GHz. */
    static final long LONGEST_TIMER_TICKS = 0xffff_ffffL;

    private final PhysicalMemory memory;
    /** Address of the registers, or 0 in x2APIC mode. */
    private final long registers;

    private final int identifier;
    private final IoApic[] ioApics = new IoApic[2];
    private int nextVector = TIMER_VECTOR + 1;

    public LocalApic(PhysicalMemory memory) {
        this.memory = memory;
        Ports.out8(PIC_PRIMARY_MASK, 0xff);
        Ports.out8(PIC_SECONDARY_MASK, 0xff);
        long base = Cpu.readModelSpecific(BASE_REGISTER);
        if ((Cpu.cpuid(1, 0, Cpu.ECX) & CPUID_X2APIC) != 0) {
            Cpu.writeModelSpecific(BASE_REGISTER, base | BASE_X2APIC);
            registers = 0;
            identifier = (int) read(ID);
        } else {
            registers = memory.mapDevice(base & BASE_ADDRESS, REGISTERS_BYTES);
            identifier = (int) read(ID) >>> 24;
        }
        BareMachine.setEndOfInterruptRegister(registers == 0 ? 0 : registers + 0xb0);
        write(SPURIOUS, SPURIOUS_ENABLE | SPURIOUS_VECTOR);
        write(LVT_LINT0, LVT_MASKED);
        write(TIMER_DIVIDE, DIVIDE_BY_1);
        write(LVT_TIMER, TIMER_VECTOR);
    }

    private long read(int register) {
        return registers == 0
                ? Cpu.readModelSpecific(X2APIC_REGISTERS + (register >> 4)) & 0xffff_ffffL
                : DeviceMemory.get32(registers + register) & 0xffff_ffffL;
    }

    private void write(int register, long value) {
        if (registers == 0) {
            Cpu.writeModelSpecific(X2APIC_REGISTERS + (register >> 4), value);
        } else {
            DeviceMemory.put32(registers + register, (int) value);
        }
    }

    /** Interrupts once, {@code ticks} (at most 2^32 - 1) from now; 0 stops the timer. */
    public void startTimer(long ticks) {
        write(TIMER_INITIAL, ticks);
    }

    /** Ticks until the timer interrupts; 0 if it has. */
    public long remainingTimerTicks() {
        return read(TIMER_CURRENT);
    }

    @Override
    public int allocateVector() {
        if (nextVector > LAST_VECTOR) {
            throw new IllegalStateException("no interrupt vector is left");
        }
        return nextVector++;
    }

    @Override
    public int count(int vector) {
        return BareMachine.interruptCount(vector);
    }

    @Override
    public long messageAddress() {
        return MESSAGE_ADDRESS | (long) (identifier & 0xff) << DESTINATION_SHIFT;
    }

    @Override
    public int messageData(int vector) {
        return vector;
    }

    @Override
    public void routeGsi(int gsi, int vector, boolean levelTriggered) {
        int number = gsi < IoApic.LINES ? 0 : 1;
        if (ioApics[number] == null) {
            ioApics[number] = new IoApic(memory, number);
        }
        ioApics[number].route(gsi % IoApic.LINES, vector, identifier, levelTriggered);
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.unimark.keel.machine.Cpu;
import org.unimark.keel.machine.SimulatedCpu;
import org.unimark.keel.machine.SimulatedDevices;
import org.unimark.keel.machine.SimulatedMachine;
import org.unimark.keel.memory.SimulatedPhysicalMemory;

class LocalApicTest {
    private static final int BASE_REGISTER = 0x1b;
    private final List<String> ports = new ArrayList<>();

    @BeforeEach
    @AfterEach
    void reset() {
        SimulatedDevices.reset();
        SimulatedCpu.reset();
        SimulatedMachine.reset();
        Cpu.writeModelSpecific(BASE_REGISTER, SimulatedApic.BASE | 0x900);
    }

    private static LocalApic apic() {
        return new LocalApic(new SimulatedPhysicalMemory(1 << 20));
    }

    /** Records writes as {@code offset=value}. */
    private SimulatedDevices.Model recorder(List<String> writes) {
        return new SimulatedDevices.Model() {
            @Override
            public long read(long offset, int bytes) {
                return 0;
            }

            @Override
            public void write(long offset, int bytes, long value) {
                writes.add(Long.toHexString(offset) + "=" + Long.toHexString(value));
            }
        };
    }

    @Test
    void isEnabledWithItsTimerAndWithoutTheOldControllers() {
        SimulatedApic model = new SimulatedApic(1);
        SimulatedDevices.mapPorts(0x21, 1, recorder(ports));
        SimulatedDevices.mapPorts(0xa1, 1, recorder(ports));
        apic();
        assertThat(model.written)
                .containsEntry(0xf0L, 0x130L)
                .containsEntry(0x320L, 32L)
                .containsEntry(0x350L, 0x10000L)
                .containsEntry(0x3e0L, 0xbL);
        assertThat(ports).containsExactly("0=ff", "0=ff");
    }

    @Test
    void usesModelSpecificRegistersWhereTheProcessorHasThem() {
        SimulatedCpu.setCpuid(1, 0, 0, 0, 1 << 21, 0);
        Cpu.writeModelSpecific(0x802, 3);
        LocalApic apic = apic();
        apic.startTimer(77);
        assertThat(Cpu.readModelSpecific(BASE_REGISTER) & 0x400).isNotZero();
        assertThat(Cpu.readModelSpecific(0x838)).isEqualTo(77);
        assertThat(Cpu.readModelSpecific(0x80f)).isEqualTo(0x130);
        assertThat(apic.messageAddress()).isEqualTo(0xfee0_3000L);
    }

    @Test
    void routesLinesOfBothControllers() {
        new SimulatedApic(1);
        List<String> first = new ArrayList<>();
        List<String> second = new ArrayList<>();
        SimulatedDevices.mapMemory(0xfec0_0000L, 0x20, recorder(first));
        SimulatedDevices.mapMemory(0xfec1_0000L, 0x20, recorder(second));
        LocalApic apic = apic();
        apic.routeGsi(5, 33, false);
        apic.routeGsi(26, 34, true);
        assertThat(first).containsExactly("0=1b", "10=0", "0=1a", "10=21");
        assertThat(second).containsExactly("0=15", "10=0", "0=14", "10=8022");
    }

    @Test
    void handsOutVectorsOnce() {
        new SimulatedApic(1);
        LocalApic apic = apic();
        for (int vector = 33; vector < 48; vector++) {
            assertThat(apic.allocateVector()).isEqualTo(vector);
            assertThat(apic.messageData(vector)).isEqualTo(vector);
        }
        assertThatThrownBy(apic::allocateVector).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void countsInterruptsByVector() {
        new SimulatedApic(1);
        LocalApic apic = apic();
        SimulatedMachine.interrupt(40);
        SimulatedMachine.interrupt(40);
        assertThat(apic.count(40)).isEqualTo(2);
        assertThat(apic.count(41)).isZero();
    }
}

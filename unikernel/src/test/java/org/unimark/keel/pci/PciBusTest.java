// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.pci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.unimark.keel.memory.SimulatedPhysicalMemory;

class PciBusTest {
    /** Registers that keep what is written, except where a base address register has a size. */
    private static final class FakeSpace implements ConfigurationSpace {
        private final Map<Integer, Integer> registers = new HashMap<>();
        private final Map<Integer, Integer> masks = new HashMap<>();
        private int reads;

        FakeSpace add(int function, int headerType) {
            set(function, 0, 0x1234_1af4).set(function, 0x0c, headerType << 16).set(function, 4, 0);
            for (int bar = 0x10; bar < 0x28; bar += 4) {
                bar(function, bar, 0, 0);
            }
            return this;
        }

        FakeSpace set(int function, int register, int value) {
            registers.put(function << 8 | register, value);
            return this;
        }

        /** @param writable bits that can be set; the rest are {@code flags} */
        FakeSpace bar(int function, int register, int writable, int flags) {
            masks.put(function << 8 | register, writable);
            return set(function, register, flags);
        }

        @Override
        public int read32(int function, int register) {
            reads++;
            return registers.getOrDefault(function << 8 | register, registers.containsKey(function << 8) ? 0 : -1);
        }

        @Override
        public void write32(int function, int register, int value) {
            int key = function << 8 | register;
            Integer mask = masks.get(key);
            int old = registers.getOrDefault(key, 0);
            registers.put(key, mask == null ? value : value & mask | old & ~mask);
        }
    }

    private final FakeSpace space = new FakeSpace();

    private PciBus scan() {
        return new PciBus(space, new SimulatedPhysicalMemory(0));
    }

    @Test
    void findsFunctionsOfOneAndOfSeveral() {
        space.add(0, 0).add(1 << 3, 0x80).add(1 << 3 | 5, 0x80).add(31 << 3, 0).add(2 << 3 | 1, 0);
        assertThat(scan().functions())
                .extracting(PciFunction::name)
                .as("function 1 of device 2 does not exist without function 0")
                .containsExactly("pci 00:00.0", "pci 00:01.0", "pci 00:01.5", "pci 00:1f.0");
    }

    @Test
    void anEmptyBusCostsOneLookADevice() {
        scan();
        assertThat(space.reads).isEqualTo(32);
    }

    @Test
    void looksBehindBridgesThatAreNumbered() {
        space.add(0, 1).set(0, 0x18, 0x0003_0200).add(2 << 8 | 4 << 3, 0);
        assertThat(scan().functions()).extracting(PciFunction::name).containsExactly("pci 02:04.0");
    }

    @Test
    void doesNotGoInCircles() {
        space.add(0, 1).set(0, 0x18, 0x0000_0000).add(8, 1).set(8, 0x18, 0x0001_0100);
        space.add(1 << 8, 1).set(1 << 8, 0x18, 0x0001_0100);
        assertThat(scan().functions()).isEmpty();
    }

    @Test
    void placesWhatFirmwareDidNot() {
        space.add(0, 0).bar(0, 0x10, -4096, 0).bar(0, 0x18, -16384, 0xc).bar(0, 0x1c, -1, 0);
        PciFunction function = scan().functions().get(0);
        long first = function.map(0, 0, 4096);
        long second = function.map(2, 8192, 4096);
        assertThat(first % 4096).isZero();
        assertThat(second % 16384).isEqualTo(8192);
        assertThat(second - 8192).isGreaterThanOrEqualTo(first + 4096);
        assertThat(function.map(0, 16, 32)).as("placed once").isEqualTo(first + 16);
        assertThat(space.read32(0, 0x18)).isEqualTo((int) (second - 8192) | 0xc);
    }

    @Test
    void leavesWhatFirmwarePlacedAndKeepsOutOfIt() {
        space.add(0, 0).bar(0, 0x10, -4096, 0xfe00_3000).bar(0, 0x14, -4096, 0);
        space.add(8, 0).bar(8, 0x10, -65536, 0x0000_000c).bar(8, 0x14, -1, 0x12);
        PciBus bus = scan();
        assertThat(bus.functions().get(0).map(0, 0, 1)).isEqualTo(0xfe00_3000L);
        assertThat(bus.functions().get(0).map(1, 0, 1)).isEqualTo(0xfe00_4000L);
        assertThat(bus.functions().get(1).map(0, 0x100, 1)).isEqualTo(0x12_0000_0100L);
        assertThat(space.read32(8, 0x10)).as("sizing restores").isEqualTo(0xc);
    }

    @Test
    void switchesDecodingOffWhileSizing() {
        space.add(0, 0).set(0, 4, 0x0010_0007).bar(0, 0x10, -4096, 0xfe00_3000);
        scan();
        assertThat(space.read32(0, 4) & 0xffff).isEqualTo(7);
    }

    @Test
    void refusesPortsAndWhatDoesNotFit() {
        space.add(0, 0).bar(0, 0x10, -32 & ~1, 1).bar(0, 0x14, -4096, 0);
        PciFunction function = scan().functions().get(0);
        assertThatThrownBy(() -> function.map(0, 0, 4)).hasMessageContaining("no memory");
        assertThatThrownBy(() -> function.map(6, 0, 4)).hasMessageContaining("no memory");
        assertThatThrownBy(() -> function.map(1, 4093, 4)).hasMessageContaining("too small");
        assertThatThrownBy(() -> function.map(1, -4, 4)).hasMessageContaining("too small");
        assertThatThrownBy(() -> function.map(2, 0, 4)).as("not implemented").hasMessageContaining("too small");
    }

    @Test
    void aFullWindowIsAnError() {
        MemoryWindow window = new MemoryWindow(0xfe00_0000L, 0xfe01_0000L);
        assertThat(window.allocate(0x1000)).isEqualTo(0xfe00_0000L);
        assertThat(window.allocate(0x8000)).isEqualTo(0xfe00_8000L);
        assertThatThrownBy(() -> window.allocate(0x1000)).isInstanceOf(IllegalStateException.class);
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.machine.SimulatedMachine;
import org.unimark.keel.machine.SimulatedMemory;

class RegionMemoryTest {
    private long first;
    private long second;

    @BeforeEach
    void twoRegions() {
        SimulatedMemory.reset();
        first = SimulatedMemory.allocate(8192);
        second = SimulatedMemory.allocate(65536);
        SimulatedMachine.setFreeRegions(first, first + 8192, second, second + 65536);
        new Bytes(first, 8192).fill(0, 8192, 0x5a);
        new Bytes(second, 65536).fill(0, 65536, 0x5a);
    }

    @AfterEach
    void reset() {
        SimulatedMachine.reset();
        SimulatedMemory.reset();
    }

    @Test
    void clearsWhatItHandsOut() {
        Bytes bytes = new RegionMemory().allocate(100, 64);
        for (int i = 0; i < 100; i++) {
            assertThat(bytes.u8(i)).isZero();
        }
    }

    @Test
    void leavesAloneWhatItsOwnerFills() {
        assertThat(new RegionMemory().allocateUncleared(100, 64).u8(0)).isEqualTo(0x5a);
    }

    @Test
    void alignsAndNeverOverlaps() {
        RegionMemory memory = new RegionMemory();
        long one = memory.allocate(3, 1).address(0, 3);
        long two = memory.allocate(64, 4096).address(0, 64);
        assertThat(one).isEqualTo(first);
        assertThat(two).isEqualTo(first + 4096);
    }

    @Test
    void goesOnInTheNextRegionAndFillsTheFirst() {
        RegionMemory memory = new RegionMemory();
        assertThat(memory.allocate(10_000, 4096).address(0, 1)).isEqualTo(second);
        assertThat(memory.allocate(8192, 4096).address(0, 1)).isEqualTo(first);
    }

    @Test
    void saysWhatIsLeftAndRefusesMore() {
        RegionMemory memory = new RegionMemory();
        assertThat(memory.availableBytes()).isEqualTo(8192 + 65536);
        memory.allocate(65536, 64);
        assertThat(memory.availableBytes()).isEqualTo(8192);
        assertThatThrownBy(() -> memory.allocate(8193, 1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("8193");
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.virtio.entropy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Clock;
import org.unimark.keel.kernel.Counters;
import org.unimark.keel.machine.Memory;
import org.unimark.keel.machine.SimulatedDevices;
import org.unimark.keel.machine.SimulatedMemory;
import org.unimark.keel.memory.SimulatedPhysicalMemory;
import org.unimark.keel.virtio.VirtioDevice;
import org.unimark.keel.virtio.model.DeviceModel;
import org.unimark.keel.virtio.model.MmioRegisters;
import org.unimark.keel.virtio.model.SimulatedInterrupts;
import org.unimark.keel.virtio.ring.DeviceRing;
import org.unimark.keel.virtio.transport.MmioTransport;

class VirtioEntropyTest {
    private static final long PATIENCE_NANOS = 1_000_000;

    private final SimulatedPhysicalMemory memory = new SimulatedPhysicalMemory(1 << 20);
    private final Bytes seed = memory.allocate(32, 8);
    private final DeviceModel model = new DeviceModel(VirtioEntropy.DEVICE_TYPE, 1, 1L << 32, new byte[0]);
    /** A microsecond passes with every look. */
    private final Clock clock = new Clock() {
        private long now;

        @Override
        public long nanos() {
            return now += 1_000;
        }

        @Override
        public long epochMillis() {
            return 0;
        }
    };

    @AfterEach
    void cleanUp() {
        SimulatedDevices.reset();
        SimulatedMemory.reset();
    }

    private int read() {
        SimulatedInterrupts interrupts = new SimulatedInterrupts();
        new MmioRegisters(model, interrupts);
        MmioTransport transport = new MmioTransport(MmioRegisters.SLOT, memory, interrupts);
        VirtioDevice device = new VirtioDevice(transport, memory, new Counters());
        int length = VirtioEntropy.read(device, memory, seed, clock, PATIENCE_NANOS, new Counters());
        assertThat(model.isLive()).as("the device is given back").isFalse();
        return length;
    }

    private void answer(int atMost, int claim) {
        DeviceRing ring = model.ring(0);
        DeviceRing.Chain chain = ring.pop();
        for (int i = 0; i < Math.min(atMost, chain.writableBytes()); i++) {
            Memory.putByte(chain.buffers().get(0).address() + i, (byte) (i + 1));
        }
        ring.push(chain.head(), claim == 0 ? Math.min(atMost, chain.writableBytes()) : claim);
    }

    @Test
    void fillsTheSeed() {
        model.onNotify = queue -> answer(32, 0);
        assertThat(read()).isEqualTo(32);
        for (int i = 0; i < 32; i++) {
            assertThat(seed.u8(i)).isEqualTo(i + 1);
        }
    }

    @Test
    void asksAgainWhenItGetsLess() {
        model.onNotify = queue -> answer(5, 0);
        assertThat(read()).isEqualTo(32);
        assertThat(model.notifications).isEqualTo(7);
        assertThat(seed.u8(5)).isEqualTo(1);
        assertThat(seed.u8(31)).isEqualTo(2);
    }

    @Test
    void doesNotWaitForeverForAHostThatHasNone() {
        assertThat(read()).isZero();
        assertThat(model.notifications).isEqualTo(1);
    }

    @Test
    void believesNoLength() {
        model.onNotify = queue -> answer(1, 33);
        assertThat(read()).isZero();
    }
}

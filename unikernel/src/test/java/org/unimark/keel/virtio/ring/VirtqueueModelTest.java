// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.virtio.ring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterTry;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Counters;
import org.unimark.keel.machine.Memory;
import org.unimark.keel.machine.SimulatedDevices;
import org.unimark.keel.machine.SimulatedMemory;

/**
 * A driver and a device that both sleep whenever the ring allows, with the device acting between any two accesses of the
 * driver to shared indices. Nothing may be lost, altered or done twice, and they may never both sleep on work.
 */
class VirtqueueModelTest {
    private static final long DOORBELL = 0x7000_0000_0000L;

    @AfterTry
    void cleanUp() {
        SimulatedDevices.reset();
        SimulatedMemory.reset();
    }

    @Property(tries = 300)
    void neverLosesAChainOrAWakeUp(
            @ForAll long seed,
            @ForAll @IntRange(min = 0, max = 6) int sizeExponent,
            @ForAll boolean eventIndex,
            @ForAll @IntRange(min = 0, max = 80) int interruptions) {
        new World(seed, 1 << sizeExponent, eventIndex, interruptions).run(2_000);
    }

    /** Both indices pass 65,536 several times, at rings whose size does and does not equal the number of chains. */
    @ParameterizedTest
    @CsvSource({"2,true", "4,true", "256,true", "4,false", "256,false"})
    void keepsGoingAcrossIndexWrap(int size, boolean eventIndex) {
        try {
            World world = new World(42, size, eventIndex, 20);
            while (world.completed < 200_000) {
                world.run(10_000);
            }
        } finally {
            cleanUp();
        }
    }

    private static final class World implements SimulatedDevices.Model {
        private final Random random;
        private final Virtqueue queue;
        private final DeviceRing device;
        private final long base;
        private final int interruptions;
        private final Map<Integer, List<DeviceRing.Buffer>> lent = new HashMap<>();
        private final Map<Integer, Integer> written = new HashMap<>();
        private final List<DeviceRing.Chain> held = new ArrayList<>();
        private boolean deviceLooks = true;
        private boolean unsignalled;
        private boolean interrupted;
        private long tag = 1;
        private int completed;

        World(long seed, int size, boolean eventIndex, int interruptions) {
            this.random = new Random(seed);
            this.interruptions = interruptions;
            int bytes = Virtqueue.bytesFor(size);
            base = SimulatedMemory.allocate(bytes);
            Counters counters = new Counters();
            queue = new Virtqueue(
                    size, new Bytes(base, bytes), eventIndex, counters.counter("bad"), counters.counter("kicks"));
            queue.connect(Doorbell.narrow(DOORBELL, 0));
            device = new DeviceRing(size, queue.descriptorArea(), queue.driverArea(), queue.deviceArea(), eventIndex);
            device.suppressNotifications();
            SimulatedDevices.mapMemory(base, bytes, this);
            SimulatedDevices.mapMemory(DOORBELL, 2, new SimulatedDevices.Model() {
                @Override
                public long read(long offset, int width) {
                    throw new AssertionError("the doorbell is not for reading");
                }

                @Override
                public void write(long offset, int width, long value) {
                    assertThat(width).isEqualTo(2);
                    deviceLooks = true;
                    device.suppressNotifications();
                }
            });
        }

        @Override
        public long read(long offset, int bytes) {
            interfere();
            assertThat(bytes).isEqualTo(2);
            return Memory.getShort(base + offset) & 0xffffL;
        }

        @Override
        public void write(long offset, int bytes, long value) {
            interfere();
            assertThat(bytes).isEqualTo(2);
            Memory.putShort(base + offset, (short) value);
            interfere();
        }

        private void interfere() {
            while (random.nextInt(100) < interruptions) {
                deviceStep();
            }
        }

        void run(int steps) {
            for (int i = 0; i < steps; i++) {
                switch (random.nextInt(6)) {
                    case 0, 1 -> lend();
                    case 2 -> queue.flush();
                    case 3 -> collect(random.nextInt(8));
                    case 4 -> deviceStep();
                    default -> sleep();
                }
                assertThat(queue.freeDescriptors())
                        .isEqualTo(queue.size()
                                - lent.values().stream().mapToInt(List::size).sum());
            }
        }

        private void lend() {
            int count = 1 + random.nextInt(Math.min(5, queue.size()));
            int free = queue.freeDescriptors();
            int head = queue.begin(count);
            assertThat(head == Virtqueue.NONE).isEqualTo(count > free);
            if (head == Virtqueue.NONE) {
                return;
            }
            List<DeviceRing.Buffer> buffers = new ArrayList<>();
            int descriptor = head;
            for (int i = 1; i <= count; i++) {
                var buffer = new DeviceRing.Buffer(tag++, 1 + random.nextInt(1 << 16), random.nextBoolean());
                buffers.add(buffer);
                descriptor = put(head, descriptor, buffer, i == count);
            }
            assertThat(lent.put(head, buffers)).isNull();
        }

        private int put(int head, int descriptor, DeviceRing.Buffer buffer, boolean last) {
            long address = buffer.address();
            int length = buffer.length();
            if (!last) {
                return buffer.writable()
                        ? queue.appendWritable(descriptor, address, length)
                        : queue.appendReadable(descriptor, address, length);
            }
            if (buffer.writable()) {
                queue.endWritable(head, descriptor, address, length);
            } else {
                queue.endReadable(head, descriptor, address, length);
            }
            return Virtqueue.NONE;
        }

        private int collect(int limit) {
            int collected = 0;
            for (; collected < limit; collected++) {
                int head = queue.nextUsed();
                if (head == Virtqueue.NONE) {
                    break;
                }
                assertThat(queue.usedLength()).isEqualTo(written.remove(head));
                if (random.nextInt(4) == 0) {
                    queue.lendAgain(head);
                } else if (random.nextInt(4) == 0) {
                    relendElsewhere(head);
                } else {
                    queue.release(head);
                    assertThat(lent.remove(head)).isNotNull();
                }
                completed++;
            }
            return collected;
        }

        private void relendElsewhere(int head) {
            DeviceRing.Buffer first = lent.get(head).get(0);
            var moved = new DeviceRing.Buffer(tag++, first.length(), first.writable());
            lent.get(head).set(0, moved);
            queue.lendAgain(head, moved.address());
        }

        /** One thing that a device does; returns whether there was anything to do. */
        private boolean deviceStep() {
            if (unsignalled && random.nextBoolean()) {
                unsignalled = false;
                interrupted |= device.shouldInterrupt();
                return true;
            }
            if (!held.isEmpty() && random.nextBoolean()) {
                DeviceRing.Chain chain = held.remove(random.nextInt(held.size()));
                int length = random.nextInt(1 << 16);
                assertThat(written.put(chain.head(), length)).isNull();
                device.push(chain.head(), length);
                unsignalled = true;
                return true;
            }
            if (deviceLooks) {
                if (device.available() > 0) {
                    DeviceRing.Chain chain = device.pop();
                    assertThat(chain.buffers()).isEqualTo(lent.get(chain.head()));
                    held.add(chain);
                } else {
                    device.requestNotification();
                    deviceLooks = device.available() > 0;
                }
                return true;
            }
            return unsignalled || !held.isEmpty();
        }

        /** The driver sleeps until an interrupt, if the ring lets it; the device must then bring one. */
        private void sleep() {
            queue.flush();
            if (lent.isEmpty()) {
                return;
            }
            int chains = 1 + random.nextInt(lent.size());
            interrupted = false;
            if (!queue.armInterrupt(chains)) {
                assertThat(collect(1))
                        .as("the ring said that a chain is waiting")
                        .isEqualTo(1);
                return;
            }
            while (!interrupted) {
                assertThat(deviceStep())
                        .as("driver and device both sleep; %d chains lent", lent.size())
                        .isTrue();
            }
            queue.disarmInterrupt();
        }
    }
}

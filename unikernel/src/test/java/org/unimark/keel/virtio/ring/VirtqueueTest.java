// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.virtio.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Counters;
import org.unimark.keel.machine.Memory;
import org.unimark.keel.machine.SimulatedDevices;
import org.unimark.keel.machine.SimulatedMemory;

class VirtqueueTest {
    private static final int SIZE = 8;

    private final Counters counters = new Counters();
    private final long doorbell = SimulatedMemory.allocate(64);
    private Virtqueue queue;
    private DeviceRing device;

    @BeforeEach
    void setUp() {
        make(true);
    }

    @AfterEach
    void cleanUp() {
        SimulatedDevices.reset();
        SimulatedMemory.reset();
    }

    private void make(boolean eventIndex) {
        int bytes = Virtqueue.bytesFor(SIZE);
        Bytes memory = new Bytes(SimulatedMemory.allocate(bytes), bytes);
        queue = new Virtqueue(SIZE, memory, eventIndex, counters.counter("bad"), counters.counter("kicks"));
        queue.connect(Doorbell.wide(doorbell, 3));
        device = new DeviceRing(SIZE, queue.descriptorArea(), queue.driverArea(), queue.deviceArea(), eventIndex);
    }

    private int lend() {
        int head = queue.begin(1);
        if (head != Virtqueue.NONE) {
            queue.endWritable(head, head, 0x1000, 64);
        }
        return head;
    }

    private long bad() {
        return counters.counter("bad").value();
    }

    private long kicks() {
        return counters.counter("kicks").value();
    }

    @Test
    void areasAreAlignedAndDisjoint() {
        assertThat(queue.descriptorArea() % 16).isZero();
        assertThat(queue.driverArea()).isEqualTo(queue.descriptorArea() + 16 * SIZE);
        assertThat(queue.driverArea() % 2).isZero();
        assertThat(queue.deviceArea() % 4).isZero();
        assertThat(queue.deviceArea()).isGreaterThanOrEqualTo(queue.driverArea() + 6 + 2 * SIZE);
        assertThat(Virtqueue.bytesFor(256)).as("with the books").isEqualTo(4096 + 576 + 2112 + 2048);
    }

    @Test
    void refusesSizesThatAreNoPowersOfTwo() {
        for (int size : new int[] {0, 3, 65536}) {
            assertThatThrownBy(() -> new Virtqueue(
                            size, new Bytes(0, 1 << 22), true, counters.counter("bad"), counters.counter("kicks")))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void showsNothingBeforeTheFlush() {
        lend();
        assertThat(device.available()).isZero();
        queue.flush();
        assertThat(device.available()).isEqualTo(1);
    }

    @Test
    void ringsOnceForABatchAndNotForNothing() {
        device.requestNotification();
        lend();
        lend();
        lend();
        queue.flush();
        assertThat(kicks()).isEqualTo(1);
        assertThat(Memory.getInt(doorbell)).isEqualTo(3);
        queue.flush();
        assertThat(kicks()).isEqualTo(1);
    }

    @Test
    void doesNotRingWhileTheDeviceLooksByItself() {
        device.requestNotification();
        lend();
        queue.flush();
        lend();
        queue.flush();
        assertThat(kicks()).as("the event was passed by the first").isEqualTo(1);
    }

    @Test
    void obeysTheFlagWithoutEventIndex() {
        make(false);
        device.suppressNotifications();
        lend();
        queue.flush();
        assertThat(kicks()).isZero();
        device.requestNotification();
        lend();
        queue.flush();
        assertThat(kicks()).isEqualTo(1);
    }

    @Test
    void refusesAChainThatDoesNotFit() {
        assertThat(queue.begin(SIZE + 1)).isEqualTo(Virtqueue.NONE);
        for (int i = 0; i < SIZE; i++) {
            assertThat(lend()).isNotEqualTo(Virtqueue.NONE);
        }
        assertThat(queue.begin(1)).isEqualTo(Virtqueue.NONE);
    }

    @Test
    void skipsEntriesOfChainsThatTheDeviceDoesNotHold() {
        int head = lend();
        queue.flush();
        device.push(head + 1, 10);
        device.push(SIZE, 10);
        device.push(-1, 10);
        device.push(0x10000, 10);
        device.push(head, 10);
        device.push(head, 10);
        for (int i = 0; i < 4; i++) {
            assertThat(queue.nextUsed()).isEqualTo(Virtqueue.BAD_ENTRY);
        }
        assertThat(queue.nextUsed()).isEqualTo(head);
        queue.release(head);
        assertThat(queue.nextUsed()).as("returned twice").isEqualTo(Virtqueue.BAD_ENTRY);
        assertThat(queue.nextUsed()).isEqualTo(Virtqueue.NONE);
        assertThat(bad()).isEqualTo(5);
        assertThat(queue.freeDescriptors()).isEqualTo(SIZE);
    }

    @Test
    void survivesAnIndexThatJumps() {
        lend();
        queue.flush();
        device.expose(40_000);
        int good = 0;
        for (int i = 0; i < 40_000; i++) {
            int head = queue.nextUsed();
            if (head >= 0) {
                queue.release(head);
                good++;
            }
        }
        assertThat(good).as("entries of zeros name chain 0 once").isEqualTo(1);
        assertThat(queue.nextUsed()).isEqualTo(Virtqueue.NONE);
        assertThat(bad()).isEqualTo(39_999);
    }

    @Test
    void aMiddleOfAChainIsNoHead() {
        int head = queue.begin(3);
        int second = queue.appendReadable(head, 1, 1);
        int third = queue.appendReadable(second, 2, 1);
        queue.endWritable(head, third, 3, 1);
        queue.flush();
        device.push(second, 0);
        assertThat(queue.nextUsed()).isEqualTo(Virtqueue.BAD_ENTRY);
    }

    @Test
    void isNewAgainAfterReset() {
        for (int i = 0; i < 5; i++) {
            lend();
        }
        queue.flush();
        device.push(3, 1);
        queue.reset();
        device = new DeviceRing(SIZE, queue.descriptorArea(), queue.driverArea(), queue.deviceArea(), true);
        assertThat(queue.freeDescriptors()).isEqualTo(SIZE);
        assertThat(device.available()).isZero();
        int head = lend();
        queue.flush();
        assertThat(device.pop().head()).isEqualTo(head);
    }

    @Test
    void armsForTheWantedChain() {
        int[] heads = {lend(), lend(), lend()};
        queue.flush();
        assertThat(queue.armInterrupt(3)).isTrue();
        device.push(heads[0], 0);
        assertThat(device.shouldInterrupt()).isFalse();
        device.push(heads[1], 0);
        assertThat(device.shouldInterrupt()).isFalse();
        device.push(heads[2], 0);
        assertThat(device.shouldInterrupt()).isTrue();
        assertThat(queue.armInterrupt(3)).isFalse();
    }

    @Property
    void eventIsDueExactlyWhenTheIndexPassesIt(
            @ForAll @IntRange(max = 0xffff) int old,
            @ForAll @IntRange(max = 300) int moved,
            @ForAll @IntRange(min = -400, max = 400) int distance) {
        int event = old + distance & 0xffff;
        boolean passed = distance >= 0 && distance < moved;
        assertThat(Virtqueue.isEventDue(event, old + moved & 0xffff, old)).isEqualTo(passed);
    }
}

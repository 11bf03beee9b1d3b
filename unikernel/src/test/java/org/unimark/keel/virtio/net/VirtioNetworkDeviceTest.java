// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.virtio.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.unimark.keel.buffer.Block;
import org.unimark.keel.buffer.BlockPool;
import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Counters;
import org.unimark.keel.kernel.Log;
import org.unimark.keel.machine.Memory;
import org.unimark.keel.machine.SimulatedDevices;
import org.unimark.keel.machine.SimulatedMemory;
import org.unimark.keel.memory.SimulatedPhysicalMemory;
import org.unimark.keel.net.device.NetworkDevice;
import org.unimark.keel.net.device.TransmitFrame;
import org.unimark.keel.net.device.TransmitPool;
import org.unimark.keel.virtio.Feature;
import org.unimark.keel.virtio.Transport;
import org.unimark.keel.virtio.VirtioDevice;
import org.unimark.keel.virtio.VirtioException;
import org.unimark.keel.virtio.model.DeviceModel;
import org.unimark.keel.virtio.model.MmioRegisters;
import org.unimark.keel.virtio.model.PciRegisters;
import org.unimark.keel.virtio.model.SimulatedInterrupts;
import org.unimark.keel.virtio.ring.DeviceRing;
import org.unimark.keel.virtio.transport.DeviceFinder;

class VirtioNetworkDeviceTest {
    /** The registers that the device is behind. */
    enum Kind {
        PCI,
        TRANSITIONAL_PCI,
        MMIO
    }

    private static final int RECEIVE = 0;
    private static final int TRANSMIT = 1;
    private static final int QUEUE_SIZE = 64;
    private static final int BLOCK_BYTES = 2048;
    private static final long CHECKSUM = 1;
    private static final long GUEST_CHECKSUM = 1 << 1;
    private static final long MTU = 1 << 3;
    private static final long MAC = 1 << 5;
    private static final long HOST_TSO4 = 1 << 11;
    private static final long MERGEABLE = 1 << 15;
    private static final long STATUS = 1 << 16;
    /** With features that no driver of ours knows. */
    private static final long EVERYTHING = 0x7fff_ffff_ffffL & ~(1L << 40);

    private final SimulatedInterrupts interrupts = new SimulatedInterrupts();
    private final SimulatedPhysicalMemory memory = new SimulatedPhysicalMemory(1 << 24);
    private final Counters counters = new Counters();
    private final List<String> log = new ArrayList<>();
    private final List<byte[]> received = new ArrayList<>();
    private final List<Boolean> verified = new ArrayList<>();
    private final byte[] configuration = {0x52, 0x54, 0, 0x12, 0x34, 0x56, 1, 0, 1, 0, (byte) 0xdc, 5};
    private BlockPool pool;
    private TransmitPool frames;
    private DeviceModel model;
    private VirtioNetworkDevice card;

    @AfterEach
    void cleanUp() {
        SimulatedDevices.reset();
        SimulatedMemory.reset();
    }

    private Transport plugIn(Kind kind, long features) {
        model = new DeviceModel(VirtioNetworkDevice.DEVICE_TYPE, 2, features, configuration);
        String options = "";
        switch (kind) {
            case PCI -> new PciRegisters(model, interrupts, false);
            case TRANSITIONAL_PCI -> new PciRegisters(model, interrupts, true);
            case MMIO -> {
                new MmioRegisters(model, interrupts);
                options = "quiet virtio_mmio.device=512@0xfeb02e00:23";
            }
        }
        List<Transport> found = new DeviceFinder(memory, interrupts, Log.of(log::add)).find(options);
        assertThat(found).hasSize(1);
        return found.get(0);
    }

    private void start(Kind kind, long features) {
        start(kind, features, 2 * QUEUE_SIZE);
    }

    private void start(Kind kind, long features, int blocks) {
        Transport transport = plugIn(kind, features);
        pool = new BlockPool(memory.allocate(blocks * BLOCK_BYTES, 64), BLOCK_BYTES);
        frames = new TransmitPool(memory.allocate(100 * TransmitPool.FRAME_BYTES, 64));
        card = new VirtioNetworkDevice(
                new VirtioDevice(transport, memory, counters),
                pool,
                QUEUE_SIZE,
                () -> 0x1122_3344_5566_7788L,
                counters);
    }

    private int poll() {
        return card.poll(this::keepCopy, 1000);
    }

    private void keepCopy(Block block, boolean checksumVerified) {
        byte[] frame = new byte[block.end - block.start];
        block.bytes.copyTo(block.start, frame, 0, frame.length);
        received.add(frame);
        verified.add(checksumVerified);
    }

    private long count(String name) {
        return counters.counter("virtio_net." + name).value();
    }

    private static byte[] frame(int length, int seed) {
        byte[] frame = new byte[length];
        new java.util.Random(seed).nextBytes(frame);
        return frame;
    }

    /** The device writes a packet into as many buffers as told, with cuts where told. */
    private void deliver(byte[] frame, int flags, int buffers, int... cuts) {
        byte[] packet = new byte[12 + frame.length];
        packet[0] = (byte) flags;
        packet[10] = (byte) buffers;
        System.arraycopy(frame, 0, packet, 12, frame.length);
        int from = 0;
        for (int i = 0; i <= cuts.length; i++) {
            int to = i < cuts.length ? cuts[i] : packet.length;
            write(Arrays.copyOfRange(packet, from, to), to - from);
            from = to;
        }
        model.signal(RECEIVE);
    }

    private void write(byte[] bytes, int claimedLength) {
        DeviceRing ring = model.ring(RECEIVE);
        DeviceRing.Chain chain = ring.pop();
        DeviceRing.Buffer buffer = chain.buffers().get(0);
        assertThat(buffer.writable()).isTrue();
        assertThat(buffer.length()).isEqualTo(BLOCK_BYTES);
        for (int i = 0; i < bytes.length; i++) {
            Memory.putByte(buffer.address() + i, bytes[i]);
        }
        ring.push(chain.head(), claimedLength);
    }

    private byte[] transmitted() {
        DeviceRing ring = model.ring(TRANSMIT);
        DeviceRing.Chain chain = ring.pop();
        byte[] packet = new byte
                [chain.buffers().stream().mapToInt(DeviceRing.Buffer::length).sum()];
        int at = 0;
        for (DeviceRing.Buffer buffer : chain.buffers()) {
            assertThat(buffer.writable()).isFalse();
            new Bytes(buffer.address(), buffer.length()).copyTo(0, packet, at, buffer.length());
            at += buffer.length();
        }
        ring.push(chain.head(), 0);
        model.signal(TRANSMIT);
        return packet;
    }

    private TransmitFrame outgoing(int seed) {
        TransmitFrame frame = frames.take();
        byte[] head = frame(54, seed);
        frame.head.copyFrom(frame.headStart, head, 0, head.length);
        frame.headLength = head.length;
        return frame;
    }

    @ParameterizedTest
    @EnumSource
    void takesWhatItUnderstandsOfWhatIsOffered(Kind kind) {
        start(kind, EVERYTHING);
        long known = CHECKSUM | GUEST_CHECKSUM | MTU | MAC | HOST_TSO4 | MERGEABLE | STATUS | Feature.EVENT_INDEX;
        for (int bit = 0; bit < 64; bit++) {
            long feature = 1L << bit;
            boolean expected = ((known | Feature.VERSION_1 | Feature.ACCESS_PLATFORM) & EVERYTHING & feature) != 0;
            assertThat(model.has(feature)).as("feature %d", bit).isEqualTo(expected);
        }
        assertThat(model.isLive()).isTrue();
        assertThat(card.macAddress()).isEqualTo(0x5254_0012_3456L);
        assertThat(card.mtu()).isEqualTo(1500);
        assertThat(card.isLinkUp()).isTrue();
        assertThat(card.offloads())
                .isEqualTo(NetworkDevice.TRANSMIT_CHECKSUM
                        | NetworkDevice.TRANSMIT_SEGMENTATION
                        | NetworkDevice.RECEIVE_CHECKSUM);
        assertThat(model.ring(RECEIVE).available()).isEqualTo(QUEUE_SIZE);
    }

    @ParameterizedTest
    @EnumSource
    void worksWithNothingButTheStandard(Kind kind) {
        start(kind, Feature.VERSION_1);
        assertThat(card.offloads()).isZero();
        assertThat(card.macAddress())
                .as("made up, local, of one station")
                .isEqualTo(0x3344_5566_7788L & ~0x0100_0000_0000L | 0x0200_0000_0000L);
        deliver(frame(60, 1), 3, 77);
        assertThat(poll()).isEqualTo(1);
        assertThat(received).containsExactly(frame(60, 1));
        assertThat(verified).as("nobody agreed on that flag").containsExactly(false);
        assertThat(card.transmit(outgoing(2))).isTrue();
        card.flush();
        assertThat(Arrays.copyOfRange(transmitted(), 12, 66)).isEqualTo(frame(54, 2));
    }

    @ParameterizedTest
    @EnumSource
    void needsChecksumsForSegmentation(Kind kind) {
        start(kind, Feature.VERSION_1 | HOST_TSO4);
        assertThat(card.offloads()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void refusesALegacyDevice(Kind kind) {
        assertThatThrownBy(() -> start(kind, EVERYTHING & ~Feature.VERSION_1))
                .isInstanceOf(VirtioException.class)
                .hasMessageContaining("legacy");
    }

    @ParameterizedTest
    @EnumSource
    void givesUpADeviceThatGoesBackOnItsOffer(Kind kind) {
        Transport transport = plugIn(kind, EVERYTHING);
        model.refusesFeatures = true;
        VirtioDevice device = new VirtioDevice(transport, memory, counters);
        assertThatThrownBy(() -> device.negotiate(CHECKSUM))
                .isInstanceOf(VirtioException.class)
                .hasMessageContaining("refuses");
        assertThat(transport.status() & 128).as("FAILED").isEqualTo(128);
    }

    @ParameterizedTest
    @EnumSource
    void doesNotWaitForeverForAReset(Kind kind) {
        Transport transport = plugIn(kind, EVERYTHING);
        transport.setStatus(1);
        model.neverResets = true;
        VirtioDevice device = new VirtioDevice(transport, memory, counters);
        assertThatThrownBy(() -> device.negotiate(0)).hasMessageContaining("reset");
    }

    @ParameterizedTest
    @EnumSource
    void deliversFramesAndLendsTheBuffersAgain(Kind kind) {
        start(kind, EVERYTHING);
        for (int round = 0; round < 3 * QUEUE_SIZE; round++) {
            deliver(frame(14 + round, round), round % 3, 1);
            assertThat(poll()).isEqualTo(1);
            assertThat(received.get(round)).isEqualTo(frame(14 + round, round));
            assertThat(verified.get(round)).isEqualTo(round % 3 != 0);
        }
        assertThat(model.ring(RECEIVE).available()).isEqualTo(QUEUE_SIZE);
        assertThat(pool.available()).isEqualTo(QUEUE_SIZE);
        assertThat(count("frames_received")).isEqualTo(3 * QUEUE_SIZE);
    }

    @ParameterizedTest
    @EnumSource
    void replacesBlocksThatTheStackKeeps(Kind kind) {
        start(kind, EVERYTHING, QUEUE_SIZE + 10);
        List<Block> kept = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            deliver(frame(100, i), 0, 1);
            card.poll((block, checksumVerified) -> kept.add(block.retain()), 10);
        }
        assertThat(count("receive_buffers_missing")).isEqualTo(10);
        assertThat(model.ring(RECEIVE).available()).isEqualTo(QUEUE_SIZE - 10);
        for (int i = 0; i < 20; i++) {
            byte[] content = new byte[100];
            kept.get(i).bytes.copyTo(12, content, 0, 100);
            assertThat(content).as("kept block %d is the keeper's own", i).isEqualTo(frame(100, i));
            kept.get(i).release();
        }
        poll();
        assertThat(model.ring(RECEIVE).available()).isEqualTo(QUEUE_SIZE);
        assertThat(pool.available()).isEqualTo(10);
    }

    @ParameterizedTest
    @EnumSource
    void stopsAtTheBudget(Kind kind) {
        start(kind, EVERYTHING);
        for (int i = 0; i < 10; i++) {
            deliver(frame(60, i), 0, 1);
        }
        assertThat(card.poll(this::keepCopy, 4)).isEqualTo(4);
        assertThat(card.enableInterrupts()).as("frames are waiting").isFalse();
        assertThat(card.poll(this::keepCopy, 100)).isEqualTo(6);
        assertThat(card.enableInterrupts()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void gathersAPacketThatIsSpreadOverBuffers(Kind kind) {
        start(kind, EVERYTHING);
        deliver(frame(1500, 7), 1, 3, 200, 900);
        deliver(frame(60, 8), 0, 1);
        poll();
        assertThat(received).containsExactly(frame(1500, 7), frame(60, 8));
        assertThat(verified).containsExactly(true, false);
        assertThat(model.ring(RECEIVE).available()).isEqualTo(QUEUE_SIZE);
        assertThat(pool.available()).isEqualTo(QUEUE_SIZE);
    }

    @ParameterizedTest
    @EnumSource
    void gathersAPacketWhoseRestComesLater(Kind kind) {
        start(kind, EVERYTHING);
        byte[] start = new byte[112];
        start[10] = 2;
        System.arraycopy(frame(150, 3), 0, start, 12, 100);
        write(start, start.length);
        poll();
        assertThat(received).isEmpty();
        write(Arrays.copyOfRange(frame(150, 3), 100, 150), 50);
        poll();
        assertThat(received).containsExactly(frame(150, 3));
    }

    @ParameterizedTest
    @EnumSource
    void dropsAPacketThatIsLargerThanABlock(Kind kind) {
        start(kind, EVERYTHING);
        deliver(frame(3000, 1), 0, 2, 2048);
        deliver(frame(60, 2), 0, 1);
        poll();
        assertThat(received).containsExactly(frame(60, 2));
        assertThat(count("receive_oversized")).isEqualTo(1);
        assertThat(pool.available()).isEqualTo(QUEUE_SIZE);
    }

    @ParameterizedTest
    @EnumSource
    void dropsWhatMakesNoSense(Kind kind) {
        start(kind, EVERYTHING);
        byte[] good = new byte[100];
        good[10] = 1;
        for (int length : new int[] {0, 11, 12, 25, 2049, -1, Integer.MIN_VALUE}) {
            write(good, length);
        }
        good[10] = 0;
        write(good, 100);
        good[11] = 1;
        write(good, 100);
        assertThat(poll()).isEqualTo(9);
        assertThat(received).isEmpty();
        assertThat(count("receive_malformed")).isEqualTo(9);
        good[10] = 2;
        good[11] = 0;
        write(good, 100);
        write(good, 5000);
        poll();
        assertThat(count("receive_malformed")).isEqualTo(10);
        assertThat(pool.available()).isEqualTo(QUEUE_SIZE);
        assertThat(model.ring(RECEIVE).available()).isEqualTo(QUEUE_SIZE);
        deliver(frame(60, 1), 0, 1);
        poll();
        assertThat(received).containsExactly(frame(60, 1));
    }

    @ParameterizedTest
    @EnumSource
    void countsUsedEntriesOfBuffersItDidNotLend(Kind kind) {
        start(kind, EVERYTHING);
        DeviceRing ring = model.ring(RECEIVE);
        ring.push(QUEUE_SIZE, 100);
        ring.push(-5, 100);
        model.ring(TRANSMIT).push(3, 0);
        poll();
        assertThat(count("receive.bad_used_entries")).isEqualTo(2);
        assertThat(count("transmit.bad_used_entries")).isEqualTo(1);
        deliver(frame(60, 1), 0, 1);
        poll();
        assertThat(received).containsExactly(frame(60, 1));
    }

    @ParameterizedTest
    @EnumSource
    void sendsHeadAndSpansWithOneNotification(Kind kind) {
        start(kind, EVERYTHING);
        byte[] payload = frame(600, 99);
        Bytes constant = memory.allocate(600, 64);
        constant.copyFrom(0, payload, 0, 600);
        for (int i = 0; i < 3; i++) {
            TransmitFrame frame = outgoing(i);
            frame.addSpan(constant.address(0, 100), 100, null);
            frame.addSpan(constant.address(100, 500), 500, null);
            frame.checksumStart = 34;
            frame.checksumOffset = 16;
            assertThat(card.transmit(frame)).isTrue();
        }
        int before = model.notifications;
        card.flush();
        card.flush();
        assertThat(model.notifications).isEqualTo(before + 1);
        for (int i = 0; i < 3; i++) {
            byte[] packet = transmitted();
            assertThat(Arrays.copyOf(packet, 12)).containsExactly(1, 0, 0, 0, 0, 0, 34, 0, 16, 0, 0, 0);
            assertThat(Arrays.copyOfRange(packet, 12, 66)).isEqualTo(frame(54, i));
            assertThat(Arrays.copyOfRange(packet, 66, packet.length)).isEqualTo(payload);
        }
        assertThat(frames.available()).isEqualTo(97);
        assertThat(poll()).isEqualTo(3);
        assertThat(frames.available()).isEqualTo(100);
        assertThat(count("frames_sent")).isEqualTo(3);
    }

    @ParameterizedTest
    @EnumSource
    void asksForSegmentation(Kind kind) {
        start(kind, EVERYTHING);
        TransmitFrame frame = outgoing(1);
        frame.addSpan(memory.allocate(4000, 64).address(0, 4000), 4000, null);
        frame.checksumStart = 34;
        frame.checksumOffset = 16;
        frame.segmentBytes = 1448;
        card.transmit(frame);
        card.flush();
        assertThat(Arrays.copyOf(transmitted(), 12)).containsExactly(1, 1, 54, 0, (byte) 0xa8, 5, 34, 0, 16, 0, 0, 0);
    }

    @ParameterizedTest
    @EnumSource
    void clearsTheHeaderOfAPooledFrame(Kind kind) {
        start(kind, EVERYTHING);
        asksForSegmentationOnce();
        for (int i = 0; i < 100; i++) {
            card.transmit(outgoing(i));
            card.flush();
            assertThat(Arrays.copyOf(transmitted(), 12)).containsOnly(0);
            poll();
        }
    }

    private void asksForSegmentationOnce() {
        TransmitFrame frame = outgoing(1);
        frame.checksumStart = 34;
        frame.checksumOffset = 16;
        frame.segmentBytes = 1448;
        card.transmit(frame);
        card.flush();
        transmitted();
        poll();
    }

    @ParameterizedTest
    @EnumSource
    void refusesAnOffloadItDoesNotHave(Kind kind) {
        start(kind, Feature.VERSION_1);
        TransmitFrame frame = outgoing(1);
        frame.checksumStart = 34;
        assertThatThrownBy(() -> card.transmit(frame)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @EnumSource
    void pushesBackWhenFullAndWakesTheSender(Kind kind) {
        start(kind, EVERYTHING);
        for (int i = 0; i < QUEUE_SIZE; i++) {
            assertThat(card.transmit(outgoing(i))).isTrue();
        }
        TransmitFrame last = outgoing(99);
        assertThat(card.transmit(last)).isFalse();
        assertThat(count("transmit_full")).isEqualTo(1);
        card.flush();
        assertThat(card.enableInterrupts()).isTrue();
        int before = interrupts.total();
        for (int i = 0; i < QUEUE_SIZE / 2 - 1; i++) {
            transmitted();
        }
        assertThat(interrupts.total()).isEqualTo(before);
        transmitted();
        assertThat(interrupts.total()).isEqualTo(before + 1);
        assertThat(card.transmit(last))
                .as("completed frames are collected on demand")
                .isTrue();
        assertThat(count("frames_sent")).isEqualTo(QUEUE_SIZE / 2);
    }

    @ParameterizedTest
    @EnumSource
    void fewFramesOnTheirWayNeedNoInterrupt(Kind kind) {
        start(kind, EVERYTHING);
        card.transmit(outgoing(1));
        card.flush();
        assertThat(card.enableInterrupts()).isTrue();
        int before = interrupts.total();
        transmitted();
        assertThat(interrupts.total()).isEqualTo(before);
    }

    @ParameterizedTest
    @EnumSource
    void interruptsOnceAskedAndNotBefore(Kind kind) {
        start(kind, EVERYTHING);
        deliver(frame(60, 1), 0, 1);
        poll();
        int before = interrupts.total();
        deliver(frame(60, 2), 0, 1);
        assertThat(interrupts.total()).isEqualTo(before);
        assertThat(card.enableInterrupts()).isFalse();
        poll();
        for (int i = 0; i < 5; i++) {
            assertThat(card.enableInterrupts()).isTrue();
            deliver(frame(60, i), 0, 1);
            deliver(frame(60, i), 0, 1);
            assertThat(interrupts.total()).as("wake-up %d", i).isEqualTo(before + i + 1);
            assertThat(poll()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void noticesTheCable(Kind kind) {
        start(kind, EVERYTHING);
        assertThat(card.enableInterrupts()).isTrue();
        model.changeConfiguration(6, 0);
        assertThat(card.enableInterrupts()).as("the stack should hear of it").isFalse();
        assertThat(card.isLinkUp()).isFalse();
        assertThat(card.enableInterrupts()).isTrue();
        model.changeConfiguration(6, 1);
        assertThat(card.enableInterrupts()).isFalse();
        assertThat(card.isLinkUp()).isTrue();
        assertThat(count("link_changes")).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource
    void startsAgainAfterADeviceError(Kind kind) {
        start(kind, EVERYTHING);
        for (int i = 0; i < 10; i++) {
            card.transmit(outgoing(i));
            deliver(frame(60, i), 0, 1);
        }
        card.flush();
        model.needReset();
        assertThat(card.enableInterrupts()).isFalse();
        assertThat(count("resets")).isEqualTo(1);
        assertThat(frames.available()).as("lost frames came back").isEqualTo(100);
        assertThat(pool.available()).isEqualTo(QUEUE_SIZE);
        assertThat(model.ring(RECEIVE).available()).isEqualTo(QUEUE_SIZE);
        deliver(frame(60, 77), 0, 1);
        card.transmit(outgoing(78));
        card.flush();
        poll();
        assertThat(received).containsExactly(frame(60, 77));
        assertThat(Arrays.copyOfRange(transmitted(), 12, 66)).isEqualTo(frame(54, 78));
        assertThat(card.enableInterrupts()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void limitsTheMtuToWhatABlockHolds(Kind kind) {
        configuration[10] = 0x28;
        configuration[11] = 0x23;
        start(kind, EVERYTHING);
        assertThat(card.mtu()).isEqualTo(BLOCK_BYTES - 26);
    }

    @ParameterizedTest
    @EnumSource
    void refusesAnAbsurdMtu(Kind kind) {
        configuration[10] = 10;
        configuration[11] = 0;
        assertThatThrownBy(() -> start(kind, EVERYTHING)).hasMessageContaining("MTU of 10");
    }
}

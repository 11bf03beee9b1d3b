// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.virtio.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Counters;
import org.unimark.keel.kernel.Log;
import org.unimark.keel.machine.Memory;
import org.unimark.keel.machine.SimulatedDevices;
import org.unimark.keel.machine.SimulatedMemory;
import org.unimark.keel.memory.SimulatedPhysicalMemory;
import org.unimark.keel.storage.device.BlockRequest;
import org.unimark.keel.storage.device.BlockRequest.Operation;
import org.unimark.keel.storage.device.BlockRequest.Status;
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

/** The driver against a model of the device that does what requests say, or misbehaves. */
class VirtioBlockDeviceTest {
    /** The registers that the device is behind. */
    enum Kind {
        PCI,
        MMIO
    }

    private static final int SECTORS = 2048;
    private static final int SECTOR = 512;
    private static final long EVERYTHING = 0x7fff_ffff_ffffL & ~(1L << 40) & ~Geometry.READ_ONLY;

    private final SimulatedInterrupts interrupts = new SimulatedInterrupts();
    private final SimulatedPhysicalMemory memory = new SimulatedPhysicalMemory(1 << 24);
    private final Counters counters = new Counters();
    private final byte[] configuration = new byte[60];
    private final byte[] disk = new byte[SECTORS * SECTOR];
    private final List<Integer> types = new ArrayList<>();
    private final List<Integer> chainLengths = new ArrayList<>();
    private DeviceModel model;
    private VirtioBlockDevice device;
    private int answer;
    private int flushes;

    @AfterEach
    void cleanUp() {
        SimulatedDevices.reset();
        SimulatedMemory.reset();
    }

    /** A request that remembers its end. */
    private static final class Request extends BlockRequest {
        int completions;

        @Override
        public void completed() {
            completions++;
        }
    }

    private void put32(int offset, int value) {
        for (int i = 0; i < 4; i++) {
            configuration[offset + i] = (byte) (value >>> 8 * i);
        }
    }

    private void start(Kind kind, long features) {
        put32(0, SECTORS);
        put32(8, 1 << 16);
        put32(12, 30);
        put32(20, 4096);
        put32(36, 1024);
        put32(48, 1024);
        model = new DeviceModel(VirtioBlockDevice.DEVICE_TYPE, 1, features, configuration);
        String options = "";
        if (kind == Kind.PCI) {
            new PciRegisters(model, interrupts, false);
        } else {
            new MmioRegisters(model, interrupts);
            options = "virtio_mmio.device=512@0xfeb02e00:23";
        }
        List<Transport> found = new DeviceFinder(memory, interrupts, Log.of(line -> {})).find(options);
        device = new VirtioBlockDevice(new VirtioDevice(found.get(0), memory, counters), memory, counters);
    }

    /** The device works off everything that was lent, the newest first, so that order is never what it seems. */
    private void work() {
        DeviceRing ring = model.ring(0);
        List<DeviceRing.Chain> chains = new ArrayList<>();
        while (ring.available() > 0) {
            chains.add(0, ring.pop());
        }
        for (DeviceRing.Chain chain : chains) {
            perform(chain);
            ring.push(chain.head(), chain.writableBytes());
        }
        ring.requestNotification();
        model.signal(0);
    }

    private void perform(DeviceRing.Chain chain) {
        List<DeviceRing.Buffer> buffers = chain.buffers();
        chainLengths.add(buffers.size());
        DeviceRing.Buffer header = buffers.get(0);
        DeviceRing.Buffer status = buffers.get(buffers.size() - 1);
        assertThat(header.length()).isEqualTo(16);
        assertThat(header.writable()).isFalse();
        assertThat(status.length()).isEqualTo(1);
        assertThat(status.writable()).isTrue();
        int type = Memory.getInt(header.address());
        types.add(type);
        long position = Memory.getLong(header.address() + 8) * SECTOR;
        for (DeviceRing.Buffer data : buffers.subList(1, buffers.size() - 1)) {
            assertThat(data.writable()).isEqualTo(type == 0);
            Bytes bytes = new Bytes(data.address(), data.length());
            if (type == 0) {
                bytes.copyFrom(0, disk, (int) position, data.length());
            } else if (type == 1) {
                bytes.copyTo(0, disk, (int) position, data.length());
            } else {
                int from = (int) bytes.i64Little(0) * SECTOR;
                Arrays.fill(disk, from, from + bytes.i32Little(8) * SECTOR, (byte) 0);
            }
            position += data.length();
        }
        flushes += type == 4 ? 1 : 0;
        Memory.putByte(status.address(), (byte) answer);
    }

    private Request request(Operation operation, long sector, Bytes... segments) {
        Request request = new Request();
        request.operation = operation;
        request.sector = sector;
        request.segmentCount = segments.length;
        System.arraycopy(segments, 0, request.segments, 0, segments.length);
        return request;
    }

    private Bytes random(int bytes, int seed) {
        byte[] content = new byte[bytes];
        new Random(seed).nextBytes(content);
        Bytes data = memory.allocate(bytes, 512);
        data.copyFrom(0, content, 0, bytes);
        return data;
    }

    private void run(Request request) {
        assertThat(device.submit(request)).isTrue();
        device.flush();
        work();
        assertThat(device.poll()).isEqualTo(1);
        assertThat(request.completions).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void readsWhatTheDeviceSaysAboutItself(Kind kind) {
        start(kind, EVERYTHING);
        assertThat(device.sectors()).isEqualTo(SECTORS);
        assertThat(device.blockBytes()).isEqualTo(4096);
        assertThat(device.isReadOnly()).isFalse();
        assertThat(Arrays.stream(Operation.values()).allMatch(device::supports)).isTrue();
        assertThat(model.isLive()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void writesSegmentsAndReadsThemBack(Kind kind) {
        start(kind, EVERYTHING);
        Bytes first = random(4096, 1);
        Bytes second = random(8192, 2);
        Request write = request(Operation.WRITE, 16, first, second);
        run(write);
        assertThat(write.status).isEqualTo(Status.OK);
        Bytes back = memory.allocate(12288, 512);
        run(request(Operation.READ, 16, back));
        assertThat(back.equalBytes(0, first, 0, 4096)).isTrue();
        assertThat(back.equalBytes(4096, second, 0, 8192)).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void givesTheDeviceLongSegmentsInPiecesThatItTakes(Kind kind) {
        start(kind, EVERYTHING);
        assertThat(device.segmentBytes()).isEqualTo(1 << 16);
        assertThat(device.maximumSegments()).isEqualTo(30);
        Bytes data = random(150_016, 1);
        run(request(Operation.WRITE, 8, data));
        Bytes back = memory.allocate(150_016, 512);
        run(request(Operation.READ, 8, back));
        assertThat(back.equalBytes(0, data, 0, 150_016)).isTrue();
        assertThat(chainLengths).containsExactly(5, 5);
        Request tooMuch = request(Operation.READ, 0, memory.allocate((30 << 16) + 512, 512));
        assertThat(device.submit(tooMuch)).isTrue();
        assertThat(device.poll()).isEqualTo(1);
        assertThat(tooMuch.status).isEqualTo(Status.UNSUPPORTED);
    }

    @ParameterizedTest
    @EnumSource
    void keepsManyInFlightAndCompletesEachOnce(Kind kind) {
        start(kind, EVERYTHING);
        List<Request> requests = new ArrayList<>();
        Request next = request(Operation.WRITE, 0, random(512, 0));
        while (device.submit(next)) {
            requests.add(next);
            next = request(Operation.WRITE, requests.size(), random(512, requests.size()));
        }
        assertThat(requests).as("three descriptors each in a ring of 128").hasSize(42);
        device.flush();
        assertThat(model.notifications).isEqualTo(1);
        work();
        assertThat(device.poll()).isEqualTo(42);
        assertThat(requests).allMatch(request -> request.completions == 1 && request.status == Status.OK);
        assertThat(device.submit(next)).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void flushesDiscardsAndZeroes(Kind kind) {
        start(kind, EVERYTHING);
        Arrays.fill(disk, (byte) 1);
        Request zeroes = request(Operation.WRITE_ZEROES, 8);
        zeroes.sectorCount = 2;
        run(zeroes);
        Request discard = request(Operation.DISCARD, 16);
        discard.sectorCount = 1;
        run(discard);
        run(request(Operation.FLUSH, 0));
        assertThat(flushes).isEqualTo(1);
        assertThat(types).containsExactly(13, 11, 4);
        assertThat(disk[8 * SECTOR - 1]).isEqualTo((byte) 1);
        assertThat(Arrays.copyOfRange(disk, 8 * SECTOR, 10 * SECTOR)).containsOnly(0);
        assertThat(disk[10 * SECTOR]).isEqualTo((byte) 1);
    }

    @Test
    void reportsErrorsOfTheDevice() {
        start(Kind.PCI, EVERYTHING);
        answer = 1;
        Request failing = request(Operation.READ, 5, random(512, 1));
        run(failing);
        assertThat(failing.status).isEqualTo(Status.IO_ERROR);
        answer = 2;
        run(failing = request(Operation.READ, 5, random(512, 1)));
        assertThat(failing.status).isEqualTo(Status.UNSUPPORTED);
        answer = 0xff;
        run(failing = request(Operation.READ, 5, random(512, 1)));
        assertThat(failing.status).as("a status that was never written").isEqualTo(Status.IO_ERROR);
    }

    @Test
    void refusesWhatTheDeviceCannotDoWithoutAskingIt() {
        start(Kind.PCI, Feature.VERSION_1 | Geometry.READ_ONLY);
        assertThat(device.blockBytes()).isEqualTo(512);
        assertThat(device.isReadOnly()).isTrue();
        Bytes data = random(512, 1);
        Request beyond = request(Operation.READ, SECTORS, data);
        Request odd = request(Operation.READ, 0, new Bytes().wrap(data, 0, 100));
        Request twoSegments = request(Operation.READ, 0, data, data);
        List<Request> refused =
                List.of(request(Operation.WRITE, 0, data), request(Operation.FLUSH, 0), beyond, odd, twoSegments);
        refused.forEach(request -> assertThat(device.submit(request)).isTrue());
        assertThat(device.enableInterrupts()).as("something is to be told").isFalse();
        device.flush();
        assertThat(model.notifications).isZero();
        assertThat(device.poll()).isEqualTo(refused.size());
        assertThat(refused).allMatch(request -> request.completions == 1 && request.status == Status.UNSUPPORTED);
    }

    @ParameterizedTest
    @EnumSource
    void interruptsOncePerSleep(Kind kind) {
        start(kind, EVERYTHING);
        assertThat(device.enableInterrupts()).isTrue();
        device.submit(request(Operation.READ, 0, random(512, 1)));
        device.submit(request(Operation.READ, 1, random(512, 2)));
        device.flush();
        work();
        assertThat(interrupts.total()).isEqualTo(1);
        assertThat(device.enableInterrupts()).as("completions wait").isFalse();
        assertThat(device.poll()).isEqualTo(2);
        assertThat(device.enableInterrupts()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void aDeviceThatWantsAResetFailsWhatItHeld(Kind kind) {
        start(kind, EVERYTHING);
        Request lost = request(Operation.WRITE, 0, random(512, 1));
        device.submit(lost);
        device.flush();
        model.needReset();
        assertThat(device.enableInterrupts()).isFalse();
        assertThat(device.poll()).isEqualTo(1);
        assertThat(lost.status).isEqualTo(Status.IO_ERROR);
        Request later = request(Operation.READ, 0, random(512, 1));
        device.submit(later);
        device.poll();
        assertThat(later.status).isEqualTo(Status.IO_ERROR);
    }

    @Test
    void ignoresChainsThatItNeverLent() {
        start(Kind.PCI, EVERYTHING);
        DeviceRing ring = model.ring(0);
        for (int head : new int[] {0, 5, 127, 128, 65535, -1}) {
            ring.push(head, 1);
        }
        assertThat(device.poll()).isZero();
        assertThat(counters.counter("virtio_block.bad_used_entries").value()).isEqualTo(6);
        Request good = request(Operation.READ, 0, random(512, 1));
        run(good);
        assertThat(good.status).isEqualTo(Status.OK);
    }

    @Test
    void givesUpDisksThatMakeNoSense() {
        assertThatThrownBy(() -> {
                    put32(0, 0);
                    startWith(0, 512);
                })
                .isInstanceOf(VirtioException.class)
                .hasMessageContaining("capacity");
        SimulatedDevices.reset();
        assertThatThrownBy(() -> startWith(SECTORS, 3000)).hasMessageContaining("blocks of 3000");
    }

    private void startWith(int sectors, int blockBytes) {
        put32(0, sectors);
        put32(20, blockBytes);
        model = new DeviceModel(VirtioBlockDevice.DEVICE_TYPE, 1, EVERYTHING, configuration);
        new PciRegisters(model, interrupts, false);
        List<Transport> found = new DeviceFinder(memory, interrupts, Log.of(line -> {})).find("");
        device = new VirtioBlockDevice(new VirtioDevice(found.get(0), memory, counters), memory, counters);
    }
}

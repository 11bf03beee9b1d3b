// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.simulation.SimulatedDisk;

class ExtentTest {
    private final StoredDisk machine;

    ExtentTest() throws StorageException {
        machine = new StoredDisk(1, 8 << 20).open();
    }

    @AfterEach
    void cleanUp() {
        machine.close();
    }

    private void write(Extent extent, long position, String text) throws StorageException {
        Bytes data = machine.bytes(text.getBytes(StandardCharsets.ISO_8859_1));
        extent.write(position, data, 0, data.length());
    }

    private String read(Extent extent, long position, int length) throws StorageException {
        Bytes target = machine.allocate(length);
        extent.read(position, target, 0, length);
        byte[] bytes = new byte[length];
        target.copyTo(0, bytes, 0, length);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private void restart(SimulatedDisk.Fate fate) throws StorageException {
        machine.failPower(fate).open();
    }

    @Test
    void keepsWhatWasSynced() throws Exception {
        Extent extent = machine.storage.open("db", 1 << 20);
        write(extent, 0, "hello");
        write(extent, 10_000, "world");
        extent.sync();
        restart(SimulatedDisk.Fate.LOST);
        extent = machine.storage.find("db");
        assertThat(extent.length()).isEqualTo(10_005);
        assertThat(read(extent, 0, 6)).isEqualTo("hello\0");
        assertThat(read(extent, 9_999, 6)).isEqualTo("\0world");
    }

    @Test
    void doesNotExistBeforeTheFirstSync() throws Exception {
        write(machine.storage.open("db", 1 << 20), 0, "hello");
        restart(SimulatedDisk.Fate.KEPT);
        assertThat(machine.storage.find("db")).isNull();
    }

    @Test
    void showsNothingOfWhatThePlaceHeldBefore() throws Exception {
        Extent old = machine.storage.open("journal", 64 << 10);
        write(old, 0, "s".repeat(20_000));
        old.sync();
        assertThat(machine.storage.delete("journal")).isTrue();
        assertThat(machine.storage.delete("journal")).isFalse();
        for (int operations = 0; operations < 12; operations++) {
            machine.open();
            Extent fresh = machine.storage.open("journal", 64 << 10);
            write(fresh, 0, "n".repeat(10_000));
            machine.disk.powerFailsAfter(operations);
            try {
                fresh.sync();
            } catch (SimulatedDisk.PowerFailure expected) {
                assertThat(operations).isLessThan(12);
            }
            restart(SimulatedDisk.Fate.CHANCE);
            Extent found = machine.storage.find("journal");
            if (found != null) {
                assertThat(read(found, 0, 10_000)).isEqualTo("n".repeat(10_000));
                machine.storage.delete("journal");
            }
        }
    }

    @Test
    void growsWithZerosAfterItWasCut() throws Exception {
        Extent extent = machine.storage.open("db", 1 << 20);
        write(extent, 0, "x".repeat(9000));
        extent.sync();
        extent.setLength(100);
        extent.setLength(5000);
        write(extent, 6000, "y");
        assertThat(read(extent, 0, 6001)).isEqualTo("x".repeat(100) + "\0".repeat(5900) + "y");
        extent.sync();
        restart(SimulatedDisk.Fate.LOST);
        assertThat(read(machine.storage.find("db"), 0, 6001)).isEqualTo("x".repeat(100) + "\0".repeat(5900) + "y");
    }

    @Test
    void costsFewRequestsHoweverManyWritesThereAre() throws Exception {
        Extent extent = machine.storage.open("db", 1 << 20);
        extent.setLength(100_000);
        extent.sync();
        int writes = machine.disk.writes();
        int flushes = machine.disk.flushes();
        for (int i = 0; i < 1000; i++) {
            write(extent, i * 100, "z".repeat(50));
        }
        extent.sync();
        assertThat(machine.disk.writes() - writes).isEqualTo(1);
        assertThat(machine.disk.flushes() - flushes).isEqualTo(1);
        extent.sync();
        assertThat(machine.disk.flushes() - flushes).isEqualTo(1);
    }

    @Test
    void holdsMoreThanTheCache() throws Exception {
        Extent extent = machine.storage.open("db", 4 << 20);
        for (int i = 0; i < 900; i++) {
            write(extent, i * 4096L, String.format("%04d", i).repeat(1024));
        }
        extent.sync();
        restart(SimulatedDisk.Fate.LOST);
        extent = machine.storage.find("db");
        int reads = machine.disk.reads();
        for (int i = 0; i < 900; i++) {
            assertThat(read(extent, i * 4096L, 4096))
                    .isEqualTo(String.format("%04d", i).repeat(1024));
        }
        assertThat(machine.disk.reads() - reads).isLessThan(70);
    }

    /** QEMU with {@code queue-size=16} offers 14, a device that says nothing takes 1. */
    @ParameterizedTest
    @CsvSource({"1,1073741824", "14,1073741824", "2,4096", "3,8192"})
    void asksOfADiskNoMoreThanItTakes(int segments, int segmentBytes) throws Exception {
        machine.disk.segments(segments, segmentBytes);
        machine.open();
        Extent extent = machine.storage.open("db", 4 << 20);
        for (int i = 0; i < 300; i++) {
            write(extent, i * 4096L, String.format("%04d", i).repeat(1024));
        }
        for (int i = 298; i >= 0; i -= 2) {
            write(extent, i * 4096L, "even");
        }
        extent.sync();
        machine.open();
        extent = machine.storage.find("db");
        for (int i = 0; i < 300; i++) {
            assertThat(read(extent, i * 4096L, 4096))
                    .isEqualTo((i % 2 == 0 ? "even" : String.format("%04d", i))
                            + String.format("%04d", i).repeat(1023));
        }
    }

    @Test
    void isFullAtItsCapacity() throws Exception {
        Extent extent = machine.storage.open("db", 8192);
        assertThat(extent.capacity()).isEqualTo(8192);
        assertThatThrownBy(() -> write(extent, 8192, "x"))
                .isInstanceOf(StorageException.class)
                .extracting(e -> ((StorageException) e).kind())
                .isEqualTo(StorageException.Cause.FULL);
        assertThatThrownBy(() -> machine.storage.open("other", 16 << 20))
                .extracting(e -> ((StorageException) e).kind())
                .isEqualTo(StorageException.Cause.FULL);
    }

    @Test
    void givesSpaceOfDeletedExtentsAgain() throws Exception {
        long free = machine.storage.freeBytes();
        for (int i = 0; i < 100; i++) {
            Extent extent = machine.storage.open("name" + i, 6 << 20);
            write(extent, 0, "x");
            if (i % 2 == 0) {
                extent.sync();
            }
            assertThat(machine.storage.delete("name" + i)).isTrue();
        }
        assertThat(machine.storage.freeBytes()).isEqualTo(free);
        restart(SimulatedDisk.Fate.CHANCE);
        assertThat(machine.storage.freeBytes()).isEqualTo(free);
    }

    @Test
    void triesAgainAfterAFailure() throws Exception {
        Extent extent = machine.storage.open("db", 8192);
        write(extent, 0, "kept");
        machine.disk.badSector(128);
        assertThatThrownBy(extent::sync)
                .isInstanceOf(StorageException.class)
                .extracting(e -> ((StorageException) e).sector())
                .isEqualTo(128L);
        assertThat(read(extent, 0, 4)).isEqualTo("kept");
        assertThatThrownBy(extent::sync).isInstanceOf(StorageException.class);
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.simulation.SimulatedDisk;

class RecordLogTest {
    private static final int DISK_BYTES = 4 << 20;
    private static final int LOG_BYTES = 256 << 10;

    private final List<String> replayed = new ArrayList<>();
    private final List<StorageException> outcomes = new ArrayList<>();
    private StoredDisk machine;
    private RecordLog log;

    RecordLogTest() throws StorageException {
        machine = new StoredDisk(1, DISK_BYTES);
        boot();
    }

    private void boot() throws StorageException {
        log = machine.open().storage.log("test", LOG_BYTES);
        replayed.clear();
        log.replay((data, offset, length) -> replayed.add(text(data, offset, length)));
    }

    private static String text(Bytes data, int offset, int length) {
        byte[] bytes = new byte[length];
        data.copyTo(offset, bytes, 0, length);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    @AfterEach
    void cleanUp() {
        machine.close();
    }

    private boolean append(String text) {
        Bytes data = machine.bytes(text.getBytes(StandardCharsets.ISO_8859_1));
        return log.append(data, 0, data.length());
    }

    private boolean appendRewritten(String text) {
        Bytes data = machine.bytes(text.getBytes(StandardCharsets.ISO_8859_1));
        return log.appendRewritten(data, 0, data.length());
    }

    private void appendAndSync(String... texts) {
        for (String text : texts) {
            assertThat(append(text)).isTrue();
        }
        outcomes.clear();
        log.sync(outcomes::add);
        machine.settle();
        assertThat(outcomes).hasSize(1).containsOnlyNulls();
    }

    @Test
    void presentsWhatWasSyncedAfterALossOfPower() throws Exception {
        appendAndSync("one", "two");
        appendAndSync("", "x".repeat(1000));
        append("not synced");
        machine.failPower(SimulatedDisk.Fate.LOST);
        boot();
        assertThat(replayed).containsExactly("one", "two", "", "x".repeat(1000));
        appendAndSync("three");
        machine.failPower(SimulatedDisk.Fate.KEPT);
        boot();
        assertThat(replayed).containsExactly("one", "two", "", "x".repeat(1000), "three");
    }

    @Test
    void makesOneWriteAndOneFlushForAllWhoAskMeanwhile() {
        int writes = machine.disk.writes();
        int flushes = machine.disk.flushes();
        for (int i = 0; i < 30; i++) {
            append("record " + i);
            log.sync(outcomes::add);
        }
        assertThat(outcomes).isEmpty();
        machine.settle();
        assertThat(outcomes).hasSize(30).containsOnlyNulls();
        assertThat(machine.disk.writes() - writes).isEqualTo(1);
        assertThat(machine.disk.flushes() - flushes).isEqualTo(1);
    }

    @Test
    void tellsAtOnceWhenThereIsNothingToSync() {
        log.sync(outcomes::add);
        machine.settle();
        assertThat(outcomes).hasSize(1).containsOnlyNulls();
        assertThat(machine.disk.writes()).isEqualTo(machine.disk.writes());
    }

    @Test
    void takesTheLongestRecord() throws Exception {
        machine.close();
        machine = new StoredDisk(2, 8 << 20);
        log = machine.open().storage.log("large", 3 << 20);
        log.replay((data, offset, length) -> {});
        String longest = "z".repeat(RecordLog.MAXIMUM_RECORD_BYTES);
        appendAndSync(longest, "short");
        machine.failPower(SimulatedDisk.Fate.LOST);
        log = machine.open().storage.log("large", 3 << 20);
        log.replay((data, offset, length) -> replayed.add(text(data, offset, length)));
        assertThat(replayed).containsExactly(longest, "short");
    }

    @Test
    void saysWhenItIsFull() throws Exception {
        String record = "r".repeat(1000);
        int count = 0;
        while (log.fits(record.length())) {
            assertThat(append(record)).isTrue();
            machine.settle();
            count++;
        }
        assertThat(append(record)).isFalse();
        assertThat(count).isBetween(200, 262);
        assertThat(log.length()).isLessThanOrEqualTo(log.capacity());
        appendAndSync();
        machine.failPower(SimulatedDisk.Fate.LOST);
        boot();
        assertThat(replayed).hasSize(count);
    }

    /** Two batches are on their way or full, and a record more is refused; returns whether it was taken when there was room. */
    private List<Boolean> fillUntilRefused() {
        String record = "r".repeat(60_000);
        List<Boolean> retries = new ArrayList<>();
        log.whenRoom(() -> retries.add(append(record)));
        assertThat(append(record)).isTrue();
        assertThat(append(record)).isTrue();
        assertThat(append(record)).isFalse();
        assertThat(log.fits(record.length())).isTrue();
        return retries;
    }

    @Test
    void saysWhenItHasRoomForWhatItRefused() {
        List<Boolean> retries = fillUntilRefused();
        assertThat(retries).isEmpty();
        machine.settle();
        assertThat(retries).containsExactly(true);
        appendAndSync();
        assertThat(retries).hasSize(1);
    }

    @Test
    void wakesWhoWaitsForRoomWhenTheDiskFails() {
        List<Boolean> retries = fillUntilRefused();
        machine.disk.badSector(200);
        machine.settle();
        assertThat(retries).containsExactly(false);
    }

    @Test
    void replacesTheLogAtomically() throws Exception {
        appendAndSync("a=1", "a=2", "b=1");
        long before = log.length();
        assertThat(log.beginRewrite()).isTrue();
        assertThat(log.beginRewrite()).isFalse();
        appendRewritten("a=2");
        appendAndSync("c=1");
        appendRewritten("b=1");
        List<StorageException> ends = new ArrayList<>();
        log.commitRewrite(ends::add);
        append("d=1");
        machine.settle();
        assertThat(ends).hasSize(1).containsOnlyNulls();
        appendAndSync("e=1");
        assertThat(log.length()).isGreaterThan(0).isLessThanOrEqualTo(before + 4096);
        machine.failPower(SimulatedDisk.Fate.LOST);
        boot();
        assertThat(replayed).containsExactly("a=2", "c=1", "b=1", "d=1", "e=1");
    }

    @Test
    void keepsTheOldLogIfARewriteIsAbandoned() throws Exception {
        appendAndSync("old");
        log.beginRewrite();
        appendRewritten("new");
        append("both");
        log.abandonRewrite();
        appendAndSync("more");
        machine.failPower(SimulatedDisk.Fate.KEPT);
        boot();
        assertThat(replayed).containsExactly("old", "both", "more");
    }

    @Test
    void goesOnIfTheNewLogDoesNotFit() throws Exception {
        appendAndSync("old");
        log.beginRewrite();
        String record = "r".repeat(10_000);
        for (int i = 0; i < 40; i++) {
            assertThat(appendRewritten(record)).isTrue();
            machine.settle();
        }
        log.commitRewrite(outcomes::add);
        machine.settle();
        assertThat(outcomes.get(outcomes.size() - 1).kind()).isEqualTo(StorageException.Cause.FULL);
        appendAndSync("more");
        assertThat(log.beginRewrite()).isTrue();
        machine.failPower(SimulatedDisk.Fate.CHANCE);
        boot();
        assertThat(replayed).containsExactly("old", "more");
    }

    @Test
    void tellsOfAFailedWriteWithItsSector() {
        long sector = 128;
        machine.disk.badSector(sector);
        append("lost");
        log.sync(outcomes::add);
        machine.settle();
        assertThat(outcomes).hasSize(1);
        assertThat(outcomes.get(0).kind()).isEqualTo(StorageException.Cause.IO_ERROR);
        assertThat(outcomes.get(0).sector()).isEqualTo(sector);
        assertThat(append("more")).isFalse();
        log.sync(outcomes::add);
        machine.settle();
        assertThat(outcomes).hasSize(2).doesNotContainNull();
    }

    @Test
    void tellsOfAFailedFlush() {
        append("lost");
        machine.disk.failsFlushes(true);
        log.sync(outcomes::add);
        machine.settle();
        assertThat(outcomes).hasSize(1).doesNotContainNull();
        assertThat(append("more")).isFalse();
    }

    @Test
    void tellsDamageFromATornTail() throws Exception {
        appendAndSync("first");
        appendAndSync("second");
        appendAndSync("third");
        appendAndSync("fourth");
        byte[] before = machine.disk.content();
        long second = 129 * 512 + 40;
        machine.disk.corrupt(second, 1);
        assertThatThrownBy(this::boot)
                .isInstanceOf(StorageException.class)
                .hasMessage("the log is damaged at sector 129")
                .satisfies(e -> assertThat(((StorageException) e).sector()).isEqualTo(129));
        machine.disk.corrupt(second, 1);
        assertThat(machine.disk.content()).isEqualTo(before);
        boot();
        assertThat(replayed).hasSize(4);
    }

    /** Two lives tear their first batch at the same place, and the sectors of the second are those that the first one lacks. */
    @Test
    void doesNotBringBackATornBatch() throws Exception {
        String record = "r".repeat(900);
        appendAndSync(record);
        long second = 129 * 512;
        setSector(second, new byte[512]);
        boot();
        assertThat(replayed).isEmpty();
        assertThat(log.tornBytes()).isEqualTo(1024);
        long first = 128 * 512;
        byte[] before = Arrays.copyOfRange(machine.disk.content(), (int) first, (int) second);
        appendAndSync(record);
        setSector(first, before);
        boot();
        assertThat(replayed).isEmpty();
    }

    private void setSector(long position, byte[] content) {
        byte[] now = machine.disk.content();
        for (int i = 0; i < content.length; i++) {
            machine.disk.corrupt(position + i, now[(int) position + i] ^ content[i]);
        }
    }

    @Test
    void readsButDoesNotWriteAReadOnlyDisk() throws Exception {
        appendAndSync("kept");
        machine.disk.readOnly(true);
        boot();
        assertThat(replayed).containsExactly("kept");
        assertThat(append("more")).isFalse();
        log.sync(outcomes::add);
        machine.settle();
        assertThat(outcomes.get(outcomes.size() - 1).kind()).isEqualTo(StorageException.Cause.READ_ONLY);
    }

    @ParameterizedTest
    @ValueSource(ints = {1024, 2048, 4096})
    void goesOnWithLargerBlocks(int blockBytes) throws Exception {
        appendAndSync("small");
        machine.disk.blockBytes(blockBytes);
        boot();
        appendAndSync("large");
        machine.failPower(SimulatedDisk.Fate.LOST);
        machine.disk.blockBytes(512);
        boot();
        assertThat(replayed).containsExactly("small", "large");
    }

    @Test
    void wantsADiskThatTakesABatchAtOnce() throws Exception {
        appendAndSync("kept");
        machine.disk.segments(2, 4096);
        assertThatThrownBy(this::boot)
                .isInstanceOf(StorageException.class)
                .hasMessage("the disk takes 8192 bytes at once, and a log needs 1118208");
        machine.disk.segments(34, 64 << 10);
        boot();
        assertThat(replayed).containsExactly("kept");
    }

    @Test
    void needsNoFlushWithoutACache() throws Exception {
        machine.disk.withoutCache();
        boot();
        int flushes = machine.disk.flushes();
        appendAndSync("kept");
        assertThat(machine.disk.flushes()).isEqualTo(flushes);
        machine.failPower(SimulatedDisk.Fate.LOST);
        boot();
        assertThat(replayed).containsExactly("kept");
    }
}

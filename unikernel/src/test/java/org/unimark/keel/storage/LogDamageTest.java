// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.simulation.SimulatedDisk;

/** A log that was damaged where it had been durable is refused, and left as it is. */
class LogDamageTest {
    /** {@code -Dunimark.crash.seeds=} asks for more. */
    private static final int SEEDS = Integer.getInteger("unimark.crash.seeds", 1000) / 20;

    private static final int DISK_BYTES = 16 << 20;
    private static final int LOG_BYTES = 7 << 20;
    private static final long FIRST_SECTOR = 128;
    private static final int LARGE = 700_000;

    private StoredDisk machine;
    private RecordLog log;
    private int replayed;

    LogDamageTest() throws StorageException {
        machine = new StoredDisk(1, DISK_BYTES);
        boot();
    }

    @AfterEach
    void cleanUp() {
        machine.close();
    }

    private void boot() throws StorageException {
        log = machine.open().storage.log("test", LOG_BYTES);
        replayed = 0;
        log.replay((data, offset, length) -> replayed++);
    }

    private void append(int bytes) {
        Bytes record = machine.allocate(bytes);
        record.fill(0, bytes, 0x5a);
        assertThat(log.append(record, 0, bytes)).isTrue();
        machine.settle();
    }

    private void sync() {
        boolean[] isDone = new boolean[1];
        log.sync(failure -> isDone[0] = failure == null);
        machine.settle();
        assertThat(isDone[0]).isTrue();
    }

    /** Changes one bit of a batch that begins at {@code sector} of the area, and boots. */
    private void refusesDamageAt(long sector) {
        machine.failPower(SimulatedDisk.Fate.LOST);
        machine.disk.corrupt((FIRST_SECTOR + sector) * 512 + 100, 4);
        byte[] before = machine.disk.content();
        assertThatThrownBy(this::boot)
                .isInstanceOf(StorageException.class)
                .hasMessage("the log is damaged at sector " + (FIRST_SECTOR + sector))
                .satisfies(e -> assertThat(((StorageException) e).kind()).isEqualTo(StorageException.Cause.DAMAGED));
        assertThat(machine.disk.content()).isEqualTo(before);
    }

    @Test
    void ofALargeBatch() {
        for (int i = 0; i < 3; i++) {
            append(LARGE);
            sync();
        }
        refusesDamageAt(0);
    }

    @Test
    void ofTheLargestBatchThatThereIs() {
        append(RecordLog.MAXIMUM_RECORD_BYTES);
        sync();
        append(1);
        sync();
        refusesDamageAt(0);
    }

    /** Who syncs once a second lets many batches pass before one says what is durable. */
    @Test
    void megabytesBeforeTheBatchThatProvesIt() {
        for (int i = 0; i < 60; i++) {
            append(60_000);
        }
        sync();
        append(1);
        sync();
        refusesDamageAt(0);
    }

    @Test
    void ofTheLastBatchOfALifeBefore() throws Exception {
        append(100);
        sync();
        append(LARGE);
        sync();
        machine.failPower(SimulatedDisk.Fate.LOST);
        boot();
        assertThat(replayed).isEqualTo(2);
        refusesDamageAt(1);
    }

    @Test
    void ofTheFirstBatchOfALaterLife() throws Exception {
        append(100);
        sync();
        machine.failPower(SimulatedDisk.Fate.LOST);
        boot();
        append(100);
        sync();
        append(100);
        sync();
        refusesDamageAt(1);
    }

    @Test
    void ofWhatARewriteHasWritten() throws Exception {
        append(100);
        sync();
        assertThat(log.beginRewrite()).isTrue();
        Bytes record = machine.allocate(LARGE);
        for (int i = 0; i < 3; i++) {
            assertThat(log.appendRewritten(record, 0, LARGE)).isTrue();
            machine.settle();
        }
        boolean[] isDone = new boolean[1];
        log.commitRewrite(failure -> isDone[0] = failure == null);
        machine.settle();
        assertThat(isDone[0]).isTrue();
        refusesDamageAt(LOG_BYTES / 512);
    }

    /** Whatever bit it is, of whatever a batch says that it was durable. */
    @Test
    void ofAnyBitBeforeTheLastBatch() throws Exception {
        for (long seed = 0; seed < SEEDS; seed++) {
            machine.close();
            machine = new StoredDisk(seed, DISK_BYTES);
            boot();
            int records = 2 + (int) machine.random.below(20);
            for (int i = 0; i < records; i++) {
                append(1 + (int) machine.random.below(i % 4 == 0 ? 200_000 : 2_000));
                if (i == records - 1 || machine.random.happens(0.2)) {
                    sync();
                }
            }
            long position = FIRST_SECTOR * 512 + machine.random.below(log.length());
            append(1);
            sync();
            machine.disk.corrupt(position, 1 << machine.random.below(8));
            byte[] before = machine.disk.content();
            try {
                boot();
                // A bit that belongs to no record does no harm.
                assertThat(replayed).as("seed %s, byte %s", seed, position).isEqualTo(records + 1);
            } catch (StorageException refused) {
                assertThat(refused.kind()).isEqualTo(StorageException.Cause.DAMAGED);
                assertThat(machine.disk.content()).isEqualTo(before);
            }
        }
    }

    /** Nothing on the disk tells it from a torn tail: the limit that docs/supported.md names. */
    @Test
    void butNotOfWhatTheLastSyncMadeDurable() throws Exception {
        append(100);
        sync();
        append(100);
        sync();
        machine.failPower(SimulatedDisk.Fate.LOST);
        machine.disk.corrupt((FIRST_SECTOR + 1) * 512 + 100, 4);
        boot();
        assertThat(replayed).isEqualTo(1);
        assertThat(log.tornBytes()).isEqualTo(512);
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.simulation.Arena;
import org.unimark.keel.simulation.SeededRandom;
import org.unimark.keel.simulation.SimulatedDisk;
import org.unimark.keel.storage.device.BlockDevice;

/** The power fails at any instant, and the disk keeps of the unflushed writes what it likes, sector by sector. */
class CrashTest {
    /** {@code -Dunimark.crash.seeds=} asks for more. */
    private static final int SEEDS = Integer.getInteger("unimark.crash.seeds", 1000);

    private static final int DISK_BYTES = 2 << 20;
    private static final int LIVES = 4;

    @Test
    void theLogHasEverythingThatWasAcknowledged() throws Exception {
        for (long seed = 0; seed < SEEDS; seed++) {
            try (LogLives lives = new LogLives(seed)) {
                lives.run();
            } catch (StorageException | RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }

    @Test
    void anExtentHasWhatTheLastSyncLeftOrWhatWasWrittenSince() throws Exception {
        for (long seed = 0; seed < SEEDS; seed++) {
            try {
                extentLives(seed);
            } catch (StorageException | RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }

    /** Records are numbers; a rewrite replaces all acknowledged ones by one record that says how many they were. */
    private static final class LogLives implements AutoCloseable {
        private static final long SUMMARY = 1L << 62;
        private static final int RECORD_BYTES = 700;
        private static final int LOG_BYTES = 400 << 10;

        private final StoredDisk machine;
        private final SeededRandom faults;
        private final boolean changesBlocks;
        private RecordLog log;
        private Bytes record;
        private long appended;
        private long acknowledged;
        private boolean isRewriting;
        private boolean isCommitting;

        LogLives(long seed) throws StorageException {
            machine = new StoredDisk(seed, DISK_BYTES);
            faults = new SeededRandom(~seed);
            changesBlocks = seed % 3 == 0;
        }

        void run() throws StorageException {
            for (int life = 0; life < LIVES; life++) {
                long found = bootAtLast();
                assertThat(found).as("records of %s", acknowledged).isBetween(acknowledged, appended);
                // What was found is durable: nothing that was lost may come back.
                acknowledged = found;
                appended = found;
                if (faults.happens(0.25)) {
                    refusesDamage(found);
                }
                machine.disk.powerFailsAfter(1 + machine.random.below(120));
                try {
                    live();
                } catch (SimulatedDisk.PowerFailure expected) {
                    assertThat(life).isLessThan(LIVES);
                }
                if (faults.happens(0.2)) {
                    machine.disk.reset();
                } else {
                    machine.failPower(SimulatedDisk.Fate.CHANCE);
                }
            }
            assertThat(bootAtLast()).isBetween(acknowledged, appended);
        }

        /** The power may also fail while it starts. */
        private long bootAtLast() throws StorageException {
            if (changesBlocks) {
                machine.disk.blockBytes(BlockDevice.SECTOR_BYTES << faults.below(4));
            }
            if (faults.happens(0.4)) {
                machine.disk.powerFailsAfter(faults.below(12));
                try {
                    return boot();
                } catch (SimulatedDisk.PowerFailure expected) {
                    machine.failPower(SimulatedDisk.Fate.CHANCE);
                }
            }
            return boot();
        }

        /** What was found at boot is never cut, whatever bit of it is wrong later. */
        private void refusesDamage(long found) throws StorageException {
            if (log.length() == 0) {
                return;
            }
            Area area = machine.storage.areas()[0];
            SimulatedDisk damaged = machine.disk.copy(1, DISK_BYTES);
            long position = area.halfBase(area.half) * BlockDevice.SECTOR_BYTES + faults.below(log.length());
            damaged.corrupt(position, 1 << faults.below(8));
            byte[] before = damaged.content();
            try (Arena arena = new Arena()) {
                DiskStorage storage = new DiskStorage(damaged, damaged::await, arena::allocate, faults);
                // A bit that belongs to no record does no harm.
                assertThat(records(storage.log("log", LOG_BYTES)))
                        .as("records with byte %s damaged", position)
                        .isEqualTo(found);
            } catch (StorageException refused) {
                assertThat(refused.kind()).isEqualTo(StorageException.Cause.DAMAGED);
                assertThat(damaged.content()).isEqualTo(before);
            }
        }

        /** Returns how many records the log stands for. */
        private long boot() throws StorageException {
            isRewriting = false;
            isCommitting = false;
            log = machine.open().storage.log("log", LOG_BYTES);
            record = machine.allocate(8 + RECORD_BYTES);
            return records(log);
        }

        private static long records(RecordLog log) throws StorageException {
            List<Long> values = new ArrayList<>();
            log.replay((data, offset, length) -> values.add(data.i64Little(offset)));
            long next = 0;
            for (long value : values) {
                if ((value & SUMMARY) != 0) {
                    next = Math.max(next, value & ~SUMMARY);
                } else {
                    assertThat(value).as("the order of records").isLessThanOrEqualTo(next);
                    next = Math.max(next, value + 1);
                }
            }
            return next;
        }

        private void live() {
            for (int step = 0; step < 60; step++) {
                act((int) machine.random.below(10));
                if (machine.storage.poll(machine.clock.nanos()) == 0) {
                    long due = machine.disk.nextCompletionNanos();
                    machine.clock.advanceTo(due == Long.MAX_VALUE ? 0 : due);
                }
            }
        }

        private void act(int choice) {
            if (choice < 6) {
                record.put64Little(0, appended);
                // Before it is known: the power may fail while the log takes it, and the record be found.
                appended++;
                if (!log.append(record, 0, 8 + (int) machine.random.below(RECORD_BYTES))) {
                    appended--;
                }
            } else if (choice < 8) {
                long promised = appended;
                log.sync(failure -> {
                    assertThat(failure).isNull();
                    acknowledged = Math.max(acknowledged, promised);
                });
            } else if (!isRewriting && log.beginRewrite()) {
                isRewriting = true;
                record.put64Little(0, SUMMARY | appended);
                assertThat(log.appendRewritten(record, 0, 8)).isTrue();
            } else if (isRewriting && choice == 9) {
                if (!isCommitting && machine.random.happens(0.2)) {
                    log.abandonRewrite();
                    isRewriting = false;
                } else {
                    commit();
                }
            }
        }

        private void commit() {
            if (!isCommitting) {
                isCommitting = true;
                log.commitRewrite(failure -> {
                    isCommitting = false;
                    isRewriting = false;
                });
            }
        }

        @Override
        public void close() {
            machine.close();
        }
    }

    /** Every 512 bytes of the extent hold a version number: after a crash one that may be there. */
    private static void extentLives(long seed) throws StorageException {
        int pages = 24;
        long[] synced = new long[pages];
        long[] written = new long[pages];
        try (StoredDisk machine = new StoredDisk(seed, DISK_BYTES)) {
            machine.open().storage.open("db", 64 << 10).sync();
            for (int life = 0; life < LIVES; life++) {
                machine.open();
                Extent extent = machine.storage.find("db");
                assertThat(extent).isNotNull();
                Bytes page = machine.allocate(512);
                machine.disk.powerFailsAfter(1 + machine.random.below(60));
                try {
                    for (int step = 0; step < 40; step++) {
                        if (machine.random.happens(0.2)) {
                            extent.sync();
                            System.arraycopy(written, 0, synced, 0, pages);
                        } else {
                            int at = (int) machine.random.below(pages);
                            written[at]++;
                            for (int i = 0; i < 512; i += 8) {
                                page.put64Little(i, written[at]);
                            }
                            extent.write(at * 512L, page, 0, 512);
                        }
                    }
                } catch (SimulatedDisk.PowerFailure expected) {
                    assertThat(life).isLessThan(LIVES);
                }
                machine.failPower(SimulatedDisk.Fate.CHANCE).open();
                checkPages(machine, synced, written);
            }
        }
    }

    private static void checkPages(StoredDisk machine, long[] synced, long[] written) throws StorageException {
        Extent extent = machine.storage.find("db");
        Bytes page = machine.allocate(512);
        for (int at = 0; at < synced.length; at++) {
            long found = 0;
            if ((at + 1) * 512L <= extent.length()) {
                extent.read(at * 512L, page, 0, 512);
                found = page.i64Little(0);
                for (int i = 0; i < 512; i += 8) {
                    assertThat(page.i64Little(i)).as("page %s is whole", at).isEqualTo(found);
                }
            }
            assertThat(found).as("version of page %s", at).isBetween(synced[at], written[at]);
            synced[at] = found;
            written[at] = found;
        }
    }
}

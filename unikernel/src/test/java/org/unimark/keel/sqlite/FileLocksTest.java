// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** sqlite.org/lockingv3.html, section 3, among connections of one program. */
class FileLocksTest {
    private final FileLocks locks = new FileLocks();
    private final OpenFile first = new OpenFile();
    private final OpenFile second = new OpenFile();
    private final OpenFile third = new OpenFile();

    private void takes(OpenFile file, int level) {
        assertThat(locks.lock(file, level)).isEqualTo(Results.OK);
        assertThat(file.lock).isEqualTo(level);
    }

    private void isBusyFor(OpenFile file, int level) {
        assertThat(locks.lock(file, level)).isEqualTo(Results.BUSY);
    }

    @Test
    void readersShareWithOneThatWillWrite() {
        takes(first, FileLocks.SHARED);
        takes(second, FileLocks.SHARED);
        takes(first, FileLocks.RESERVED);
        takes(third, FileLocks.SHARED);
        isBusyFor(second, FileLocks.RESERVED);
        assertThat(locks.isReserved()).isTrue();
    }

    @Test
    void aWriterThatWaitsForReadersLetsNoNewOnesIn() {
        takes(first, FileLocks.SHARED);
        takes(second, FileLocks.SHARED);
        takes(first, FileLocks.RESERVED);
        isBusyFor(first, FileLocks.EXCLUSIVE);
        assertThat(first.lock).isEqualTo(FileLocks.PENDING);
        isBusyFor(third, FileLocks.SHARED);
        locks.unlock(second, FileLocks.NONE);
        takes(first, FileLocks.EXCLUSIVE);
        isBusyFor(third, FileLocks.SHARED);
        locks.unlock(first, FileLocks.SHARED);
        assertThat(locks.isReserved()).isFalse();
        takes(third, FileLocks.SHARED);
    }

    @Test
    void aJournalIsRolledBackByOneAlone() {
        takes(first, FileLocks.SHARED);
        takes(first, FileLocks.EXCLUSIVE);
        isBusyFor(second, FileLocks.SHARED);
        locks.unlock(first, FileLocks.NONE);
        takes(second, FileLocks.SHARED);
        takes(second, FileLocks.EXCLUSIVE);
    }

    @Test
    void theLocksOfALogIndexAreTakenAllOrNone() {
        SharedMemory memory = new SharedMemory(new Arena(Memories.platform(64 << 20), 4 << 20));
        int share = 2 | 4;
        int own = 2 | 8;
        assertThat(memory.lock(first, 3, 1, share)).isEqualTo(Results.OK);
        assertThat(memory.lock(second, 3, 1, share)).isEqualTo(Results.OK);
        assertThat(memory.lock(third, 2, 3, own)).isEqualTo(Results.BUSY);
        assertThat(memory.lock(first, 2, 1, own)).isEqualTo(Results.OK);
        assertThat(memory.lock(third, 2, 1, share)).isEqualTo(Results.BUSY);
        memory.lock(first, 3, 1, 1 | 4);
        assertThat(memory.lock(second, 3, 1, own)).isEqualTo(Results.OK);
        memory.lock(second, 3, 1, 1 | 8);
        memory.lock(first, 2, 1, 1 | 8);
        assertThat(memory.lock(third, 0, 8, own)).isEqualTo(Results.OK);
    }
}

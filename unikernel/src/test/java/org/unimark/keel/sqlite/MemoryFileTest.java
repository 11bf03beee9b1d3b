// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.unimark.keel.application.Platform;
import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.machine.Memory;

class MemoryFileTest {
    private static final int LARGEST = 400_000;

    @Test
    void holdsWhatAnArrayWouldHold() {
        for (long seed = 1; seed <= 10; seed++) {
            Random random = new Random(seed);
            Platform platform = Memories.platform(64 << 20);
            Arena arena = new Arena(platform, 2 << 20);
            MemoryFile file =
                    new MemoryFile(new byte[] {'f'}, arena, new ChunkPool(platform, 2 << 20), MemoryFile.POWERSAFE);
            Bytes buffer = platform.allocate(LARGEST);
            long address = buffer.address(0, LARGEST);
            byte[] model = new byte[0];
            for (int i = 0; i < 300; i++) {
                if (random.nextInt(8) == 0) {
                    int length = random.nextInt(LARGEST);
                    assertThat(file.truncate(length)).isEqualTo(Results.OK);
                    model = Arrays.copyOf(model, length);
                } else {
                    int at = random.nextInt(LARGEST / 2);
                    int count = 1 + random.nextInt(random.nextBoolean() ? 100 : 100_000);
                    byte filling = (byte) random.nextInt();
                    Memory.fill(address, count, filling);
                    assertThat(file.write(at, address, count)).isEqualTo(Results.OK);
                    model = model.length < at + count ? Arrays.copyOf(model, at + count) : model;
                    Arrays.fill(model, at, at + count, filling);
                }
                assertThat(file.length()).as("seed " + seed).isEqualTo(model.length);
            }
            assertThat(file.read(0, address, model.length)).isEqualTo(Results.OK);
            byte[] content = new byte[model.length];
            buffer.copyTo(0, content, 0, content.length);
            assertThat(Arrays.equals(content, model)).as("seed " + seed).isTrue();
        }
    }

    @Test
    void isFullAtTheLimitAndEmptyAfterItWasDeleted() {
        Platform platform = Memories.platform(64 << 20);
        ChunkPool pool = new ChunkPool(platform, 4L << ChunkPool.CHUNK_SHIFT);
        Arena arena = new Arena(platform, 2 << 20);
        MemoryFile file = new MemoryFile(new byte[] {'f'}, arena, pool, MemoryFile.POWERSAFE);
        long address = platform.allocate(LARGEST).address(0, LARGEST);
        assertThat(file.exists()).isFalse();
        file.create();
        assertThat(file.write(0, address, 4 * ChunkPool.CHUNK_BYTES)).isEqualTo(Results.OK);
        assertThat(file.write(4L * ChunkPool.CHUNK_BYTES, address, 1)).isEqualTo(Results.FULL);
        file.delete(true);
        assertThat(file.exists()).isFalse();
        MemoryFile other = new MemoryFile(new byte[] {'g'}, arena, pool, MemoryFile.POWERSAFE);
        assertThat(other.write(0, address, 3 * ChunkPool.CHUNK_BYTES)).isEqualTo(Results.OK);
    }
}

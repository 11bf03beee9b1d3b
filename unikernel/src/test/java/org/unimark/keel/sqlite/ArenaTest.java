// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.unimark.keel.machine.Memory;

class ArenaTest {
    private static final long LIMIT_BYTES = 8 << 20;

    private record Piece(long address, int bytes, byte filling) {}

    @Test
    void piecesNeverOverlapAndKeepTheirContentWhateverTheOrder() {
        for (long seed = 1; seed <= 20; seed++) {
            Random random = new Random(seed);
            Arena arena = new Arena(Memories.platform(64 << 20), LIMIT_BYTES);
            List<Piece> pieces = new ArrayList<>();
            for (int i = 0; i < 5000; i++) {
                int action = random.nextInt(10);
                if (action < 5 || pieces.isEmpty()) {
                    add(arena, pieces, random);
                } else {
                    Piece piece = pieces.remove(random.nextInt(pieces.size()));
                    check(piece, piece.bytes, seed);
                    if (action < 8) {
                        arena.free(piece.address);
                    } else {
                        resize(arena, pieces, piece, random, seed);
                    }
                }
            }
            checkApart(arena, pieces, seed);
        }
    }

    private static void add(Arena arena, List<Piece> pieces, Random random) {
        int bytes = random.nextInt(4) == 0 ? random.nextInt(70_000) : random.nextInt(1200);
        long address = arena.allocate(bytes);
        if (address != 0) {
            assertThat(address % 16).isZero();
            assertThat(arena.size(address)).isGreaterThanOrEqualTo(bytes);
            pieces.add(fill(address, bytes, random));
        }
    }

    private static Piece fill(long address, int bytes, Random random) {
        byte filling = (byte) random.nextInt();
        Memory.fill(address, bytes, filling);
        return new Piece(address, bytes, filling);
    }

    private static void resize(Arena arena, List<Piece> pieces, Piece piece, Random random, long seed) {
        int bytes = random.nextInt(5000);
        long address = arena.resize(piece.address, bytes);
        if (address == 0) {
            pieces.add(piece);
            return;
        }
        check(new Piece(address, bytes, piece.filling), Math.min(bytes, piece.bytes), seed);
        pieces.add(fill(address, bytes, random));
    }

    private static void check(Piece piece, int bytes, long seed) {
        for (int i = 0; i < bytes; i++) {
            if (Memory.getByte(piece.address + i) != piece.filling) {
                throw new AssertionError("seed " + seed + ": byte " + i + " of " + piece);
            }
        }
    }

    private static void checkApart(Arena arena, List<Piece> pieces, long seed) {
        TreeMap<Long, Integer> sorted = new TreeMap<>();
        pieces.forEach(piece -> sorted.put(piece.address, arena.size(piece.address)));
        long end = 0;
        for (var entry : sorted.entrySet()) {
            assertThat(entry.getKey()).as("seed " + seed).isGreaterThanOrEqualTo(end);
            end = entry.getKey() + entry.getValue();
        }
    }

    @Test
    void refusesWhatIsBeyondTheLimitAndGivesItAllAgainWhenItIsFree() {
        Arena arena = new Arena(Memories.platform(64 << 20), LIMIT_BYTES);
        for (int round = 0; round < 3; round++) {
            List<Long> pieces = new ArrayList<>();
            for (long piece = arena.allocate(1000); piece != 0; piece = arena.allocate(1000)) {
                pieces.add(piece);
            }
            assertThat(pieces.size()).isGreaterThan((int) (LIMIT_BYTES * 9 / 10 / 1016));
            assertThat(arena.takenBytes()).isLessThanOrEqualTo(LIMIT_BYTES);
            pieces.forEach(arena::free);
            // What was small is joined for something large.
            long large = arena.allocate(900_000);
            assertThat(large).isNotZero();
            arena.free(large);
        }
    }

    @Test
    void refusesImpossibleSizes() {
        Arena arena = new Arena(Memories.platform(64 << 20), LIMIT_BYTES);
        assertThat(arena.allocate(-1)).isZero();
        assertThat(arena.allocate(Integer.MAX_VALUE)).isZero();
        assertThat(arena.allocate((int) LIMIT_BYTES)).isZero();
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.unimark.keel.buffer.Block;
import org.unimark.keel.buffer.BlockPool;
import org.unimark.keel.net.wire.TcpOptions;
import org.unimark.keel.simulation.Arena;
import org.unimark.keel.simulation.SeededRandom;

/** Numbers that wrap, scoreboard, out-of-order queue, table and hash against plain models. */
class StructuresTest {
    private static final int SEGMENT_BYTES = 10;
    private static final int SPACE = 400;

    @Property
    void comparisonSurvivesTheWrap(@ForAll int base, @ForAll @IntRange(min = 1, max = Integer.MAX_VALUE) int distance) {
        assertThat(SequenceNumber.isBefore(base, base + distance)).isTrue();
        assertThat(SequenceNumber.isBefore(base + distance, base)).isFalse();
        assertThat(SequenceNumber.isAtOrBefore(base, base)).isTrue();
        assertThat(SequenceNumber.later(base, base + distance)).isEqualTo(base + distance);
        assertThat(SequenceNumber.earlier(base, base + distance)).isEqualTo(base);
        assertThat(SequenceNumber.isWithin(base + distance - 1, base, distance)).isTrue();
        assertThat(SequenceNumber.isWithin(base + distance, base, distance)).isFalse();
        assertThat(SequenceNumber.isWithin(base - 1, base, distance)).isFalse();
    }

    @Property(tries = 500)
    void scoreboardAgreesWithASetOfBytes(
            @ForAll int base, @ForAll @Size(max = 60) List<@IntRange(min = 0, max = SPACE * SPACE - 1) Integer> edges) {
        SackScoreboard scoreboard = new SackScoreboard();
        scoreboard.reset(base);
        BitSet model = new BitSet();
        TcpOptions options = new TcpOptions();
        int acknowledged = 0;
        for (int i = 0; i < edges.size(); i++) {
            int from = edges.get(i) / SPACE;
            int to = Math.min(SPACE, from + 1 + edges.get(i) % SPACE % 23);
            if (i % 9 == 8) {
                acknowledged = Math.max(acknowledged, from / 2);
                scoreboard.acknowledge(base + acknowledged);
                model.clear(0, acknowledged);
            } else {
                options.sackBlocks = 1;
                options.sackLeft[0] = base + from;
                options.sackRight[0] = base + to;
                scoreboard.update(options, base + acknowledged, base + SPACE);
                if (to > Math.max(from, acknowledged)) {
                    model.set(Math.max(from, acknowledged), to);
                }
            }
            if (scoreboard.ranges() == SackScoreboard.MAXIMUM_RANGES) {
                return;
            }
            compare(scoreboard, model, base, acknowledged);
        }
    }

    private static void compare(SackScoreboard scoreboard, BitSet model, int base, int acknowledged) {
        BitSet held = new BitSet();
        for (int i = 0; i < scoreboard.ranges(); i++) {
            held.set(scoreboard.rangeLeft(i) - base, scoreboard.rangeRight(i) - base);
        }
        assertThat(held).isEqualTo(model);
        assertThat(scoreboard.sackedBytes()).isEqualTo(model.cardinality());
        int firstHole = model.nextClearBit(acknowledged);
        if (model.length() > firstHole) {
            assertThat(scoreboard.findHole(base + acknowledged, SEGMENT_BYTES, false))
                    .isTrue();
            assertThat(scoreboard.holeStart() - base).isEqualTo(firstHole);
            assertThat(scoreboard.holeEnd() - base).isEqualTo(model.nextSetBit(firstHole));
        }
        assertThat(scoreboard.sackedBefore(base + SPACE / 2))
                .isEqualTo(model.get(0, SPACE / 2).cardinality());
        int pipe = 0;
        for (int i = acknowledged; i < SPACE; i++) {
            pipe += !model.get(i) && !isLost(model, i) ? 1 : 0;
        }
        assertThat(scoreboard.pipe(base + acknowledged, base + SPACE, SEGMENT_BYTES))
                .isEqualTo(pipe);
    }

    /** RFC 6675, 4: three discontiguous ranges, or more than two segments' bytes, are held above. */
    private static boolean isLost(BitSet model, int at) {
        BitSet above = model.get(at, SPACE);
        int ranges = 0;
        for (int i = above.nextSetBit(0); i >= 0; i = above.nextSetBit(above.nextClearBit(i))) {
            ranges++;
        }
        return ranges >= 3 || above.cardinality() > 2 * SEGMENT_BYTES;
    }

    @Property(tries = 300)
    void outOfOrderQueueKeepsEveryByteOnce(
            @ForAll int base, @ForAll @Size(max = 50) List<@IntRange(min = 0, max = 9999) Integer> pieces) {
        try (Arena arena = new Arena()) {
            BlockPool pool = arena.blocks(64, 256);
            OutOfOrderQueue queue = new OutOfOrderQueue(new RetentionLimit(64), 64);
            BitSet model = new BitSet();
            for (int piece : pieces) {
                int from = piece / 50;
                int to = from + 1 + piece % 50;
                Block block = pool.take();
                for (int i = from; i < to; i++) {
                    block.bytes.put8(100 + i - from, i);
                }
                assertThat(queue.insert(block, 100, 100 + to - from, base + from))
                        .isTrue();
                block.release();
                model.set(from, to);
                assertThat(queue.bytes()).isEqualTo(model.cardinality());
            }
            if (!pieces.isEmpty()) {
                int last = pieces.get(pieces.size() - 1) / 50;
                assertThat(queue.findRange(0)).isTrue();
                assertThat(queue.rangeLeft() - base).isEqualTo(model.previousClearBit(last) + 1);
                assertThat(queue.rangeRight() - base).isEqualTo(model.nextClearBit(last));
            }
            drain(queue, base, model);
            assertThat(pool.available()).isEqualTo(64);
        }
    }

    private static void drain(OutOfOrderQueue queue, int base, BitSet model) {
        int next = model.nextSetBit(0);
        while (!queue.isEmpty()) {
            Block block = queue.continuing(base + next);
            assertThat(block).isNotNull();
            for (int i = block.start; i < block.end; i++) {
                assertThat(block.bytes.u8(i)).isEqualTo(next & 0xff);
                next++;
            }
            queue.removeFirst();
            next = Math.max(next, model.nextSetBit(next));
        }
        assertThat(model.length()).isEqualTo(Math.max(next, 0));
    }

    @Test
    void tableFindsEverythingAfterManyChanges() {
        try (Conversation c = new Conversation().start()) {
            ConnectionTable table = new ConnectionTable(200, new SeededRandom(3));
            SeededRandom random = new SeededRandom(4);
            List<TcpConnection> present = new ArrayList<>();
            for (int round = 0; round < 20_000; round++) {
                if (present.size() < 200 && random.below(2) == 0) {
                    TcpConnection connection = new TcpConnection(c.engine, new SpanPool(1));
                    connection.reset(Conversation.OWN, (int) random.below(20), (int) random.below(1 << 16));
                    if (table.find(connection.key, connection.localAddress) == null) {
                        table.add(connection);
                        present.add(connection);
                    }
                } else if (!present.isEmpty()) {
                    TcpConnection gone = present.remove((int) random.below(present.size()));
                    table.remove(gone);
                    assertThat(table.find(gone.key, gone.localAddress)).isNull();
                }
                if (round % 500 == 0) {
                    for (TcpConnection connection : present) {
                        assertThat(table.find(connection.key, connection.localAddress))
                                .isSameAs(connection);
                        assertThat(table.find(connection.key, connection.localAddress + 1))
                                .isNull();
                    }
                }
            }
            assertThat(table.size()).isEqualTo(present.size());
        }
    }

    @Test
    void sipHashIsThatOfItsAuthors() {
        // Test vectors of the reference implementation: key 00..0f, message 00..0f and 00..17, as little-endian words.
        SipHash hash = new SipHash(0x0706050403020100L, 0x0f0e0d0c0b0a0908L);
        assertThat(hash.hash(0x0706050403020100L, 0x0f0e0d0c0b0a0908L)).isEqualTo(0x3f2acc7f57c29bdbL);
    }

    @Property
    void cookiesCarryTheOptionsBack(
            @ForAll int ticks, @ForAll boolean sack, @ForAll @IntRange(min = -1, max = 14) int scale) {
        int marked = SynCookies.putOptions(ticks, sack, scale);
        assertThat(ticks - marked).isBetween(0, 1 << SynCookies.TIMESTAMP_BITS);
        assertThat(SynCookies.sackPermitted(marked)).isEqualTo(sack);
        assertThat(SynCookies.windowScale(marked)).isEqualTo(scale);
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.unimark.keel.simulation.Arena;

class RangeSetTest {
    private static final int MAXIMUM = 8;

    private static RangeSet parsed;

    private static int parse(String value, int size) {
        parsed = new RangeSet(MAXIMUM);
        try (Arena arena = new Arena()) {
            byte[] raw = value.getBytes(StandardCharsets.ISO_8859_1);
            return parsed.parse(arena.copyOf(raw), 0, raw.length, size);
        }
    }

    private static List<String> ranges() {
        List<String> ranges = new ArrayList<>();
        for (int i = 0; i < parsed.count(); i++) {
            ranges.add(parsed.begin(i) + "-" + parsed.end(i));
        }
        return ranges;
    }

    @Test
    void readsTheThreeKinds() {
        assertThat(parse("bytes=0-9", 100)).isEqualTo(RangeSet.SATISFIABLE);
        assertThat(ranges()).containsExactly("0-10");
        assertThat(parse("BYTES=90-", 100)).isEqualTo(RangeSet.SATISFIABLE);
        assertThat(ranges()).containsExactly("90-100");
        assertThat(parse("bytes=-5", 100)).isEqualTo(RangeSet.SATISFIABLE);
        assertThat(ranges()).containsExactly("95-100");
        assertThat(parse("bytes= 1-2\t, ,4-4 , -1", 100)).isEqualTo(RangeSet.SATISFIABLE);
        assertThat(ranges()).containsExactly("1-3", "4-5", "99-100");
    }

    @Test
    void ignoresWhatIsMalformed() {
        for (String value : List.of(
                "",
                "bytes",
                "bytes=",
                "bytes=,",
                "bytes=a-b",
                "bytes=1",
                "bytes=-",
                "bytes=2-1",
                "bytes=1-2-3",
                "bytes=1-2;3-4",
                "bytes=0x1-2",
                "items=0-1",
                "bytes=1--2",
                "bytes 1-2",
                "bytes=1 -2")) {
            assertThat(parse(value, 100)).as(value).isEqualTo(RangeSet.IGNORED);
        }
    }

    @Test
    void survivesHugeNumbers() {
        assertThat(parse("bytes=0-99999999999999999999999999", 100)).isEqualTo(RangeSet.SATISFIABLE);
        assertThat(ranges()).containsExactly("0-100");
        assertThat(parse("bytes=99999999999999999999999999-", 100)).isEqualTo(RangeSet.UNSATISFIABLE);
        assertThat(parse("bytes=-99999999999999999999999999", 100)).isEqualTo(RangeSet.SATISFIABLE);
        assertThat(ranges()).containsExactly("0-100");
        assertThat(parse("bytes=0-2147483647", Integer.MAX_VALUE)).isEqualTo(RangeSet.SATISFIABLE);
        assertThat(ranges()).containsExactly("0-2147483647");
    }

    @Test
    void limitsHowManyAndHowMuch() {
        assertThat(parse("bytes=" + "1-1,".repeat(MAXIMUM), 100)).isEqualTo(RangeSet.SATISFIABLE);
        assertThat(parse("bytes=" + "1-1,".repeat(MAXIMUM + 1), 100)).isEqualTo(RangeSet.IGNORED);
        assertThat(parse("bytes=0-,0-", 100)).isEqualTo(RangeSet.IGNORED);
        assertThat(parse("bytes=0-49,50-99", 100)).isEqualTo(RangeSet.SATISFIABLE);
    }

    @Test
    void nothingCanBeSentOfNothing() {
        assertThat(parse("bytes=0-", 0)).isEqualTo(RangeSet.UNSATISFIABLE);
        assertThat(parse("bytes=-1", 0)).isEqualTo(RangeSet.UNSATISFIABLE);
        assertThat(parse("bytes=-0", 100)).isEqualTo(RangeSet.UNSATISFIABLE);
    }

    @Property
    void rangesLieInside(
            @ForAll @Size(min = 1, max = MAXIMUM) List<@IntRange(max = 200) Integer> numbers,
            @ForAll @IntRange(max = 150) int size) {
        String value = numbers.stream()
                .map(n -> n % 3 == 0 ? "-" + n : n % 3 == 1 ? n + "-" : n + "-" + (n + 7))
                .collect(Collectors.joining(", "));
        int outcome = parse("bytes=" + value, size);
        assertThat(outcome == RangeSet.SATISFIABLE).isEqualTo(outcome != RangeSet.IGNORED && parsed.count() > 0);
        for (int i = 0; i < parsed.count(); i++) {
            assertThat(parsed.begin(i)).isBetween(0, size - 1);
            assertThat(parsed.end(i)).isBetween(parsed.begin(i) + 1, size);
        }
    }

    @Property
    void neverThrows(@ForAll String garbage, @ForAll @IntRange(max = 1000) int size) {
        assertThat(parse("bytes=" + garbage, size)).isBetween(RangeSet.IGNORED, RangeSet.SATISFIABLE);
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The dialogue with a store, byte by byte and without a network. */
class KvRequestsTest {
    private static final int PIPELINE = 16;
    private final ByteBuffer out = ByteBuffer.allocate(1 << 18);

    private static Dialogue dialogue(KvRequests requests) {
        return requests.dialogue(0, PIPELINE);
    }

    private String asked(Dialogue dialogue) {
        out.clear();
        dialogue.ask(out);
        return StandardCharsets.US_ASCII.decode(out.flip()).toString();
    }

    private Dialogue.Found answer(Dialogue dialogue, String text) {
        Dialogue.Found found = Dialogue.Found.PARTIAL;
        for (byte next : text.getBytes(StandardCharsets.US_ASCII)) {
            assertThat(found).isEqualTo(Dialogue.Found.PARTIAL);
            dialogue.input().put(next);
            found = dialogue.next(out);
        }
        return found;
    }

    /** The value that a SET carries, by key. */
    private Map<String, String> written(KvRequests requests, int count) {
        Map<String, String> values = new HashMap<>();
        Dialogue dialogue = dialogue(requests);
        for (int i = 0; i < count; i++) {
            String[] parts = asked(dialogue).split("\r\n");
            assertThat(parts).startsWith("*3", "$3", "SET", "$16");
            assertThat(parts[6]).hasSize(Integer.parseInt(parts[5].substring(1)));
            values.put(parts[4], parts[6]);
            assertThat(answer(dialogue, "+OK\r\n")).isEqualTo(Dialogue.Found.CORRECT);
        }
        return values;
    }

    @Test
    void fillsAStoreInOrder() {
        Map<String, String> values = written(KvRequests.fill(300, 3), 300);
        assertThat(values).hasSize(300).containsKeys("key:000000000000", "key:000000000299");
        assertThat(values.values().stream().distinct().count()).isGreaterThan(200);
    }

    @Test
    void readsWhatWasWrittenAndNothingElse() {
        for (int valueBytes : new int[] {3, 1_024, 10_240}) {
            Map<String, String> values = written(KvRequests.fill(100, valueBytes), 100);
            Dialogue reader = dialogue(new KvRequests(100, valueBytes, 1, KvRequests.Order.UNIFORM, true));
            String other = "?".repeat(valueBytes);
            for (int i = 0; i < 50; i++) {
                String value = values.get(asked(reader).split("\r\n")[4]);
                assertThat(answer(reader, "$" + valueBytes + "\r\n" + value + "\r\n"))
                        .isEqualTo(Dialogue.Found.CORRECT);
            }
            asked(reader);
            assertThat(answer(reader, "$" + valueBytes + "\r\n" + other.charAt(0)))
                    .isEqualTo(Dialogue.Found.WRONG_BODY);
        }
    }

    @Test
    void writesAfterItRead() {
        Map<String, String> values = written(KvRequests.fill(500, 3), 500);
        Dialogue both = dialogue(new KvRequests(500, 3, 0.5, KvRequests.Order.UNIFORM, true));
        for (int i = 0; i < 2_000; i++) {
            String[] parts = asked(both).split("\r\n");
            boolean read = parts[2].equals("GET");
            if (!read) {
                assertThat(parts[6]).isEqualTo(values.get(parts[4]));
            }
            assertThat(answer(both, read ? "$3\r\n" + values.get(parts[4]) + "\r\n" : "+OK\r\n"))
                    .isEqualTo(Dialogue.Found.CORRECT);
        }
    }

    @Test
    void tellsWrongAnswersApart() {
        Dialogue reader = dialogue(new KvRequests(1, 3, 1, KvRequests.Order.UNIFORM, true));
        asked(reader);
        assertThat(answer(reader, "$4")).isEqualTo(Dialogue.Found.WRONG_LENGTH);
        reader.open(out);
        asked(reader);
        assertThat(answer(reader, "-")).isEqualTo(Dialogue.Found.WRONG_STATUS);
        reader.open(out);
        asked(reader);
        assertThat(answer(reader, "$-")).as("the key is there").isEqualTo(Dialogue.Found.WRONG_LENGTH);
        reader.open(out);
        assertThat(answer(reader, "+")).as("nobody asked").isEqualTo(Dialogue.Found.MALFORMED);
        Dialogue maybe = dialogue(new KvRequests(1, 3, 1, KvRequests.Order.UNIFORM, false));
        asked(maybe);
        assertThat(answer(maybe, "$-1\r\n")).isEqualTo(Dialogue.Found.CORRECT);
    }

    @Test
    void mixesReadsAndWritesAsToldTo() {
        Dialogue dialogue = dialogue(new KvRequests(1_000, 3, 0.95, KvRequests.Order.ZIPFIAN, false));
        int reads = 0;
        for (int i = 0; i < 10_000; i++) {
            boolean read = asked(dialogue).contains("GET");
            reads += read ? 1 : 0;
            assertThat(answer(dialogue, read ? "$-1\r\n" : "+OK\r\n")).isEqualTo(Dialogue.Found.CORRECT);
        }
        assertThat(reads / 10_000.0).isCloseTo(0.95, within(0.01));
    }

    @Test
    void popularKeysAreAsPopularAsTheLawSays() {
        int keys = 1_000;
        KeyChooser chooser = new KeyChooser(keys, true, 7);
        int draws = 200_000;
        int[] counts = new int[keys];
        for (int i = 0; i < draws; i++) {
            counts[(int) chooser.rank()]++;
        }
        double zeta = 0;
        for (int i = 1; i <= keys; i++) {
            zeta += Math.pow(i, -0.99);
        }
        assertThat(counts[0] / (double) draws).isCloseTo(1 / zeta, within(0.01));
        assertThat(counts[1] / (double) draws).isCloseTo(Math.pow(2, -0.99) / zeta, within(0.01));
        assertThat(chooser.next()).isBetween(0L, keys - 1L);
    }
}

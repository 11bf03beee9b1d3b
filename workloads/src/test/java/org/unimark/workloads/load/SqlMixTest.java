// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.unimark.workloads.load.Dialogue.Found;

/** Answers of a server that is right, and of some that are not. */
class SqlMixTest {
    private static final String CONNECTED = "R\0\0\0\u0008\0\0\0\0Z\0\0\0\u0005I";

    private final SqlMix mix = new SqlMix(1000);
    private final ByteBuffer out = ByteBuffer.allocate(1000);

    private static byte[] message(char type, byte[] content) {
        return ByteBuffer.allocate(5 + content.length)
                .put((byte) type)
                .putInt(4 + content.length)
                .put(content)
                .array();
    }

    private static byte[] tag(String text) {
        return message('C', (text + "\0").getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] ready(char status) {
        return message('Z', new byte[] {(byte) status});
    }

    private static byte[] row(String... columns) {
        return message('D', SqlMixDialogues.row(columns));
    }

    private Found receive(Dialogue dialogue, byte[]... messages) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] message : messages) {
            all.writeBytes(message);
        }
        dialogue.input().put(all.toByteArray());
        return dialogue.next(out);
    }

    private Dialogue asked(Protocol protocol) {
        Dialogue dialogue = protocol.dialogue(0, 1);
        out.clear();
        dialogue.open(out);
        dialogue.ask(out);
        assertThat(receive(dialogue, CONNECTED.getBytes(StandardCharsets.ISO_8859_1)))
                .isEqualTo(Found.PARTIAL);
        return dialogue;
    }

    /** The query that was written last. */
    private String sent() {
        String text = new String(out.array(), 0, out.position(), StandardCharsets.ISO_8859_1);
        String query = text.substring(text.lastIndexOf('Q'));
        out.clear();
        assertThat(query.charAt(4)).isEqualTo((char) (query.length() - 1));
        return query.substring(5, query.length() - 1);
    }

    @Test
    void aRowIsReadByItsKey() {
        Dialogue dialogue = asked(mix.pointReads());
        Matcher query = Pattern.compile("SELECT filler FROM accounts WHERE aid = (\\d+)")
                .matcher(sent());
        assertThat(query.matches()).isTrue();
        String filler = "0".repeat(84 - query.group(1).length()) + query.group(1);
        assertThat(receive(dialogue, row(filler), tag("SELECT 1"), ready('I'))).isEqualTo(Found.CORRECT);
        assertThat(receive(asked(mix.pointReads()), row(filler + "0"))).isEqualTo(Found.WRONG_BODY);
        assertThat(receive(asked(mix.pointReads()), tag("SELECT 0"))).isEqualTo(Found.WRONG_LENGTH);
        assertThat(receive(asked(mix.pointReads()), ready('I'))).isEqualTo(Found.WRONG_LENGTH);
    }

    @Test
    void aTransactionHasSevenSteps() {
        Dialogue dialogue = asked(mix.transactions());
        assertThat(sent()).isEqualTo("BEGIN");
        String[] tags = {"BEGIN", "UPDATE 1", "SELECT 1", "UPDATE 1", "UPDATE 1", "INSERT 0 1"};
        String[] begins = {
            "UPDATE accounts SET abalance = abalance + ",
            "SELECT abalance FROM accounts WHERE aid = ",
            "UPDATE tellers SET tbalance = tbalance + ",
            "UPDATE branches SET bbalance = bbalance + ",
            "INSERT INTO history (tid, bid, aid, delta, mtime) VALUES (",
            "END"
        };
        for (int i = 0; i < tags.length; i++) {
            byte[] row = i == 2 ? row("-17") : new byte[0];
            assertThat(receive(dialogue, row, tag(tags[i]), ready('T'))).isEqualTo(Found.PARTIAL);
            assertThat(sent()).startsWith(begins[i]);
        }
        assertThat(mix.acknowledged).hasValue(0);
        assertThat(receive(dialogue, tag("COMMIT"), ready('I'))).isEqualTo(Found.CORRECT);
        assertThat(mix.acknowledged).hasValue(1);
    }

    @Test
    void aTransactionThatDoesNotHappenIsAnError() {
        assertThat(receive(asked(mix.transactions()), tag("BEGIN"), ready('I'))).isEqualTo(Found.WRONG_STATUS);
        Dialogue nothingUpdated = asked(mix.transactions());
        receive(nothingUpdated, tag("BEGIN"), ready('T'));
        assertThat(receive(nothingUpdated, tag("UPDATE 0"))).isEqualTo(Found.WRONG_LENGTH);
        Dialogue rolledBack = asked(mix.transactions());
        receive(rolledBack, tag("BEGIN"), ready('T'));
        assertThat(receive(rolledBack, message('E', new byte[1]))).isEqualTo(Found.WRONG_STATUS);
        assertThat(mix.acknowledged).hasValue(0);
    }

    @Test
    void aQuestionHasOneAnswer() {
        SqlMix few = new SqlMix(20);
        // Orders 10 to 20 of days 10 to 20, all of items 1 and 2: categories 7 and 14.
        Dialogue dialogue = asked(few.questions());
        assertThat(sent()).startsWith("SELECT i.category");
        long[] orders = new long[2];
        long[] revenue = new long[2];
        for (int order = 10; order <= 20; order++) {
            int item = order * 31 % 2;
            orders[item]++;
            revenue[item] += (1 + order * 17 % 9) * (long) (1 + (item + 1) * 13 % 997);
        }
        int first = revenue[1] > revenue[0] ? 1 : 0;
        byte[][] rows = new byte[2][];
        for (int i = 0; i < 2; i++) {
            int item = i == 0 ? first : 1 - first;
            rows[i] = row("" + (item + 1) * 7, "" + orders[item], "" + revenue[item]);
        }
        assertThat(receive(dialogue, rows[0], rows[1], tag("SELECT 2"), ready('I')))
                .isEqualTo(Found.CORRECT);
        assertThat(receive(asked(few.questions()), rows[1])).isEqualTo(Found.WRONG_BODY);
        assertThat(receive(asked(few.questions()), rows[0], tag("SELECT 1"))).isEqualTo(Found.WRONG_LENGTH);
        assertThat(receive(asked(few.questions()), rows[0], tag("SELECT 2"), ready('I')))
                .isEqualTo(Found.WRONG_LENGTH);
    }
}

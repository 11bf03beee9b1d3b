// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.unimark.workloads.load.Dialogue.Found;

/** Answers of a server that is right, and of some that are not. */
class SqlMixTest {
    private static final String CONNECTED = "R\0\0\0\u0008\0\0\0\0Z\0\0\0\u0005I";
    /** Ready, statements are parsed, and ready again. */
    private static final String PREPARED = CONNECTED + "1\0\0\0\u0004Z\0\0\0\u0005I";

    private static final byte[] BOUND = message('2', new byte[0]);

    private final SqlMix mix = new SqlMix(1000);
    private final ByteBuffer out = ByteBuffer.allocate(2000);

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
        return asked(protocol, CONNECTED);
    }

    private Dialogue asked(Protocol protocol, String welcome) {
        Dialogue dialogue = protocol.dialogue(0, 1);
        out.clear();
        dialogue.open(out);
        dialogue.ask(out);
        assertThat(receive(dialogue, welcome.getBytes(StandardCharsets.ISO_8859_1)))
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
        Dialogue dialogue = asked(mix.pointReads(false));
        Matcher query = Pattern.compile("SELECT filler FROM accounts WHERE aid = (\\d+)")
                .matcher(sent());
        assertThat(query.matches()).isTrue();
        String filler = "0".repeat(84 - query.group(1).length()) + query.group(1);
        assertThat(receive(dialogue, row(filler), tag("SELECT 1"), ready('I'))).isEqualTo(Found.CORRECT);
        assertThat(receive(asked(mix.pointReads(false)), row(filler + "0"))).isEqualTo(Found.WRONG_BODY);
        assertThat(receive(asked(mix.pointReads(false)), tag("SELECT 0"))).isEqualTo(Found.WRONG_LENGTH);
        assertThat(receive(asked(mix.pointReads(false)), ready('I'))).isEqualTo(Found.WRONG_LENGTH);
    }

    @Test
    void aTransactionHasSevenSteps() {
        Dialogue dialogue = asked(mix.transactions(false));
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
        assertThat(receive(asked(mix.transactions(false)), tag("BEGIN"), ready('I')))
                .isEqualTo(Found.WRONG_STATUS);
        Dialogue nothingUpdated = asked(mix.transactions(false));
        receive(nothingUpdated, tag("BEGIN"), ready('T'));
        assertThat(receive(nothingUpdated, tag("UPDATE 0"))).isEqualTo(Found.WRONG_LENGTH);
        Dialogue rolledBack = asked(mix.transactions(false));
        receive(rolledBack, tag("BEGIN"), ready('T'));
        assertThat(receive(rolledBack, message('E', new byte[1]))).isEqualTo(Found.WRONG_STATUS);
        assertThat(mix.acknowledged).hasValue(0);
    }

    /** The messages that were written, in order, those that open the connection left out. */
    private List<String> messages() {
        String text = new String(out.array(), 0, out.position(), StandardCharsets.ISO_8859_1);
        ByteBuffer bytes = ByteBuffer.wrap(out.array(), 0, out.position());
        bytes.position(text.startsWith("\0\0\0") ? bytes.getInt(0) : 0);
        List<String> messages = new ArrayList<>();
        while (bytes.hasRemaining()) {
            int at = bytes.position();
            int end = at + 1 + bytes.getInt(at + 1);
            messages.add(text.charAt(at) + text.substring(at + 5, end));
            bytes.position(end);
        }
        out.clear();
        return messages;
    }

    @Test
    void aReadIsPreparedOnceAConnection() {
        Dialogue dialogue = asked(mix.pointReads(true), PREPARED);
        List<String> first = messages();
        assertThat(first.subList(0, 2))
                .containsExactly("Pread\0SELECT filler FROM accounts WHERE aid = $1\0\0\1\0\0\0\27", "S");
        for (int i = 0; i < 3; i++) {
            List<String> sent = i == 0 ? first.subList(2, first.size()) : messages();
            Matcher bind =
                    Pattern.compile("B\0read\0\0\0\0\1\0\0\0(.)(\\d+)\0\0").matcher(sent.get(0));
            assertThat(bind.matches()).isTrue();
            String account = bind.group(2);
            assertThat((int) bind.group(1).charAt(0)).isEqualTo(account.length());
            assertThat(sent.subList(1, sent.size())).containsExactly("E\0\0\0\0\0", "S");
            byte[] row = row("0".repeat(84 - account.length()) + account);
            assertThat(receive(dialogue, BOUND, row, tag("SELECT 1"), ready('I')))
                    .isEqualTo(Found.CORRECT);
            dialogue.ask(out);
        }
        assertThat(receive(asked(mix.pointReads(true), PREPARED), BOUND, row("x")))
                .isEqualTo(Found.WRONG_BODY);
        assertThat(receive(asked(mix.pointReads(true), PREPARED), BOUND, ready('I')))
                .isEqualTo(Found.WRONG_LENGTH);
    }

    @Test
    void aStatementThatIsNotPreparedIsAnError() {
        Dialogue dialogue = asked(mix.transactions(true));
        assertThat(receive(dialogue, message('E', new byte[1]))).isEqualTo(Found.WRONG_STATUS);
    }

    @Test
    void aConnectionThatIsMadeAgainPreparesAgain() {
        Dialogue dialogue = asked(mix.pointReads(true), PREPARED);
        out.clear();
        dialogue.open(out);
        assertThat(messages()).hasSize(2);
        // Ready twice, before the first answer.
        assertThat(receive(dialogue, PREPARED.getBytes(StandardCharsets.ISO_8859_1)))
                .isEqualTo(Found.PARTIAL);
    }

    @Test
    void aPreparedTransactionHasTheSameNumbers() {
        Dialogue simple = asked(mix.transactions(false));
        sent();
        List<String> queries = new ArrayList<>();
        String[] tags = {"BEGIN", "UPDATE 1", "SELECT 1", "UPDATE 1", "UPDATE 1", "INSERT 0 1"};
        for (int i = 0; i < tags.length; i++) {
            receive(simple, i == 2 ? row("1") : new byte[0], tag(tags[i]), ready('T'));
            queries.add(sent());
        }
        Dialogue prepared = asked(mix.transactions(true), PREPARED);
        assertThat(messages()).filteredOn(message -> message.startsWith("P")).hasSize(7);
        for (int i = 0; i < tags.length; i++) {
            byte[] row = i == 2 ? row("1") : new byte[0];
            assertThat(receive(prepared, BOUND, row, tag(tags[i]), ready('T'))).isEqualTo(Found.PARTIAL);
            List<String> sent = messages();
            assertThat(sent.subList(1, 3)).containsExactly("E\0\0\0\0\0", "S");
            assertThat(numbers(sent.get(0))).isEqualTo(numbersIn(queries.get(i)));
        }
        assertThat(receive(prepared, BOUND, tag("COMMIT"), ready('I'))).isEqualTo(Found.CORRECT);
        assertThat(mix.acknowledged).hasValue(1);
    }

    private static List<String> numbersIn(String query) {
        return Pattern.compile("-?\\d+")
                .matcher(query)
                .results()
                .map(result -> result.group())
                .toList();
    }

    /** The parameters of a Bind: behind two names and the count of formats. */
    private static List<String> numbers(String bind) {
        ByteBuffer bytes = ByteBuffer.wrap(bind.getBytes(StandardCharsets.ISO_8859_1));
        bytes.position(bind.indexOf('\0', 2) + 1 + Short.BYTES);
        List<String> numbers = new ArrayList<>();
        for (int rest = bytes.getShort(); rest > 0; rest--) {
            byte[] text = new byte[bytes.getInt()];
            bytes.get(text);
            numbers.add(new String(text, StandardCharsets.US_ASCII));
        }
        assertThat(bytes.remaining()).isEqualTo(Short.BYTES);
        return numbers;
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

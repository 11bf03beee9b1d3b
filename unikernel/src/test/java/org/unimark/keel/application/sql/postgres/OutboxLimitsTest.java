// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.sql.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.unimark.keel.net.socket.CloseReason;
import org.unimark.keel.simulation.ScriptedConnection;

/** The longest answers there are, to clients that read when the server has nothing more to say and no room to say it in. */
class OutboxLimitsTest {
    /** SQLite's limit. */
    private static final int COLUMNS = 2000;

    private static final byte[] SYNC = ProtocolTest.message('S', "");
    private static final byte[] EXECUTE = ProtocolTest.message('E', "\0\0\0\0\0");
    private static final byte[] DESCRIBE_STATEMENT = ProtocolTest.message('D', "S\0");
    private static final byte[] DESCRIBE_PORTAL = ProtocolTest.message('D', "P\0");
    private static final byte[] BIND = ProtocolTest.message('B', "\0\0\0\0\0\0\0\0");

    private final VirtualServer server = new VirtualServer(":memory:", "");

    @AfterEach
    void stop() {
        server.close();
    }

    private static byte[] parse(String sql) {
        return ProtocolTest.message('P', "\0" + sql + "\0\0\0");
    }

    /** Messages whose answers fill the outbox as far as answers may, but for those to three small messages. */
    private static byte[] filling() {
        ByteArrayOutputStream messages = new ByteArrayOutputStream();
        int answers = (Outbox.CAPACITY - Outbox.ROOM_FOR_OTHERS) / 5 - 3;
        for (int i = 0; i < answers; i++) {
            messages.writeBytes(ProtocolTest.message('C', "S\0"));
        }
        return messages.toByteArray();
    }

    private static String names(int count, int length, String separator) {
        return IntStream.range(0, count)
                .mapToObj(i -> "c" + "0".repeat(length - 1 - String.valueOf(i).length()) + i)
                .collect(Collectors.joining(separator));
    }

    /** The same of a client that takes everything, and of those that take it in parts once the outbox is full. */
    private String answers(String preparation, byte[]... messages) {
        String expected = answers(Integer.MAX_VALUE, preparation, messages);
        for (int step : new int[] {1000, 7777}) {
            assertThat(answers(step, preparation, messages)).isEqualTo(expected);
        }
        return expected;
    }

    private String answers(int step, String preparation, byte[]... messages) {
        ScriptedConnection client = server.begin();
        assertThat(server.answer(client, preparation)).endsWith(VirtualServer.READY);
        byte[] filling = filling();
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(filling);
        for (byte[] message : messages) {
            all.writeBytes(message);
        }
        client.setSpace(0);
        client.arrive(all.toByteArray());
        server.work(client);
        StringBuilder text = new StringBuilder();
        for (int quiet = 0; quiet < 3; quiet++) {
            client.setSpace(step);
            server.work(client);
            String more = client.takeText();
            text.append(more);
            quiet = more.isEmpty() ? quiet : 0;
        }
        client.end(CloseReason.RESET);
        server.work();
        int filled = 5 * (filling.length / 7);
        assertThat(text.toString()).startsWith("3\0\0\0\4".repeat(filling.length / 7));
        assertThat(text.toString()).endsWith(VirtualServer.READY);
        return text.substring(filled);
    }

    private String extended(String sql) {
        return answers("", parse(sql), BIND, DESCRIBE_PORTAL, EXECUTE, SYNC);
    }

    private String simple(String sql) {
        return answers("", VirtualServer.query(sql));
    }

    private static int count(String text, String part) {
        return (text.length() - text.replace(part, "").length()) / part.length();
    }

    @Test
    void everyNameThatIsMissingHasANotice() {
        String drop = "drop table if exists " + names(2000, 8, ",");
        for (String answers : new String[] {simple(drop), extended(drop)}) {
            assertThat(count(answers, "does not exist, skipping")).isEqualTo(2000);
            assertThat(answers).contains("C\0\0\0\17DROP TABLE");
        }
        String longest = "drop table if exists " + names(20, 700, ",");
        assertThat(count(simple(longest), "skipping")).isEqualTo(20);
        assertThat(simple("drop table if exists " + names(15, 2000, ","))).contains("DROP TABLE");
    }

    @Test
    void everyStatementOfAScriptMayHaveAWarning() {
        String answers = simple("begin; " + "begin; ".repeat(1000) + "rollback");
        assertThat(count(answers, "there is already a transaction in progress")).isEqualTo(1000);
    }

    @Test
    void parametersAreLimited() {
        String many = IntStream.rangeClosed(1, 1024).mapToObj(i -> "$" + i).collect(Collectors.joining(","));
        assertThat(answers("", parse("select 1 in (" + many + ")"), DESCRIBE_STATEMENT, SYNC))
                .contains("t\0\0\20\6\4\0");
        assertThat(answers("", parse("select $65535"), DESCRIBE_STATEMENT, SYNC))
                .contains("C54000\0");
        ByteBuffer types = ByteBuffer.allocate(2 + 2 + 4 * 3000).put((byte) 0).put((byte) 0);
        types.putShort((short) 3000);
        String content = "\0select 1" + new String(types.array(), StandardCharsets.ISO_8859_1).substring(1);
        assertThat(answers("", ProtocolTest.message('P', content), DESCRIBE_STATEMENT, SYNC))
                .contains("t\0\0\0\6\0\0");
    }

    @Test
    void descriptionsAreLimited() {
        String fitting =
                "select " + names(198, 63, "=1,").replace("c0", "1 as c0").replace("=1", "");
        assertThat(extended(fitting)).contains("T\0\0\77", "C\0\0\0\15SELECT 1");
        String table = "(" + names(COLUMNS, 20, ",") + ")";
        try (VirtualServer other = new VirtualServer(":memory:", "")) {
            ScriptedConnection client = other.begin();
            assertThat(other.answer(client, "create table wide" + table)).contains("CREATE TABLE");
            assertThat(other.answer(client, "select * from wide")).contains("C54011\0");
        }
    }

    /** A table of the widest kind whose rows can be described. */
    private static String widest() {
        return "create temp table wide(" + names(198, 62, ",") + ");";
    }

    @ParameterizedTest
    @ValueSource(strings = {"copy wide to stdout with (format csv, header)", "copy wide to stdout"})
    void copyOutBeginsWithALongHeader(String copy) {
        assertThat(answers(widest(), VirtualServer.query(copy))).contains("H\0\0\1", "COPY 0");
        assertThat(answers(widest(), parse(copy), BIND, EXECUTE, SYNC)).contains("H\0\0\1", "COPY 0");
    }

    @Test
    void copyInBeginsWithALongHeader() {
        String create = "create temp table wide(" + names(COLUMNS, 6, ",") + ")";
        byte[] row = ProtocolTest.message('d', "1\t".repeat(COLUMNS - 1) + "1\n");
        byte[] done = ProtocolTest.message('c', "");
        byte[] copy = parse("copy wide from stdin");
        assertThat(answers(create, copy, BIND, EXECUTE, row, done, SYNC))
                .contains("G\0\0\17\u00a7\0\7\u00d0", "COPY 1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"select \"%s\".a", "select * from %s", "selec%s", "set %s.x to 'y' z", "show %s", "release %s"})
    void errorsQuoteOnlySoMuchOfAStatement(String form) {
        for (int length : new int[] {900, 1100, 6000, 12_000}) {
            String statement = String.format(form, "x".repeat(length));
            for (String answers : new String[] {simple(statement), extended(statement)}) {
                assertThat(answers).containsAnyOf("SERROR\0", "C\0\0\0\10SET");
            }
        }
    }

    @Test
    void errorsEndWithAWholeCharacter() {
        ScriptedConnection client = server.begin();
        for (int i = 0; i < 4; i++) {
            String name = "x".repeat(i) + "\u00e2\u0082\u00ac".repeat(1000);
            byte[] error = server.answer(client, "select * from " + name).getBytes(StandardCharsets.ISO_8859_1);
            assertThat(new String(error, StandardCharsets.UTF_8))
                    .contains("no such table")
                    .doesNotContain("\ufffd");
        }
    }

    @Test
    void namesOfUsersAreCutAsPostgresCutsThem() {
        ScriptedConnection client = server.connect();
        String content = "\0\3\0\0user\0" + "u".repeat(9900) + "\0\0";
        client.arrive(ByteBuffer.allocate(4 + content.length())
                .putInt(4 + content.length())
                .put(content.getBytes(StandardCharsets.ISO_8859_1))
                .array());
        server.work(client);
        assertThat(client.takeText()).endsWith(VirtualServer.READY);
        client.setSpace(0);
        client.arrive(filling());
        client.arrive(parse("show session_authorization"));
        client.arrive(BIND);
        client.arrive(EXECUTE);
        client.arrive(SYNC);
        server.work(client);
        client.setSpace(Integer.MAX_VALUE);
        server.work(client);
        assertThat(client.takeText())
                .contains("\0\0\0\77" + "u".repeat(63) + "C")
                .endsWith(VirtualServer.READY);
    }
}

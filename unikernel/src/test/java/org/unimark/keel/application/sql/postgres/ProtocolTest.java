// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.sql.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Conversations message by message, as clients were seen to hold them, and as hostile ones might. */
class ProtocolTest {
    @TempDir
    Path directory;

    private TestServer server;

    @BeforeEach
    void start() {
        server = new TestServer(directory, "startup_timeout_seconds=1\nmax_connections=3\nmax_message_bytes=100000\n");
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    /** A client of bytes. */
    private final class Client implements AutoCloseable {
        private final Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        private final DataInputStream in = new DataInputStream(socket.getInputStream());
        int processId;
        int secret;

        Client() throws IOException {
            socket.setSoTimeout(10_000);
        }

        Client begin() throws IOException {
            startup(3 << 16, "user\0me\0database\0keel\0application_name\0test\0\0");
            assertThat(answers()).startsWith("R0 S(application_name=test)").endsWith("K ZI");
            return this;
        }

        void startup(int code, String content) throws IOException {
            byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
            send(ByteBuffer.allocate(8 + bytes.length)
                    .putInt(8 + bytes.length)
                    .putInt(code)
                    .put(bytes)
                    .array());
        }

        void send(byte[] bytes) throws IOException {
            socket.getOutputStream().write(bytes);
        }

        void send(byte[]... messages) throws IOException {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            for (byte[] message : messages) {
                all.write(message);
            }
            send(all.toByteArray());
        }

        int byteBack() throws IOException {
            return in.read();
        }

        /** Everything up to ReadyForQuery or the end, one word a message. */
        String answers() throws IOException {
            StringBuilder words = new StringBuilder();
            int type;
            while ((type = in.read()) >= 0) {
                byte[] content = new byte[in.readInt() - 4];
                in.readFully(content);
                words.append(words.isEmpty() ? "" : " ").append(word((char) type, content));
                if (type == 'Z') {
                    break;
                }
            }
            return words.toString();
        }

        private String word(char type, byte[] content) {
            ByteBuffer buffer = ByteBuffer.wrap(content);
            String text = new String(content, StandardCharsets.UTF_8);
            return switch (type) {
                case 'R' -> "R" + buffer.getInt();
                case 'S' -> "S(" + text.substring(0, text.length() - 1).replace('\0', '=') + ")";
                case 'K' -> {
                    processId = buffer.getInt();
                    secret = buffer.getInt();
                    yield "K";
                }
                case 'Z' -> "Z" + text;
                case 'E', 'N' ->
                    type + text.replaceAll(".*\0C([0-9A-Z]{5})\0.*", "$1").replace("\0", "|");
                case 'C' -> "C(" + text.trim() + ")";
                case 'T' -> "T" + buffer.getShort();
                case 'D' -> "D" + values(buffer);
                default -> String.valueOf(type);
            };
        }

        private String values(ByteBuffer buffer) {
            StringBuilder values = new StringBuilder("(");
            int count = buffer.getShort();
            for (int i = 0; i < count; i++) {
                int length = buffer.getInt();
                byte[] value = new byte[Math.max(length, 0)];
                buffer.get(value);
                values.append(i == 0 ? "" : ",")
                        .append(length < 0 ? "null" : new String(value, StandardCharsets.UTF_8));
            }
            return values.append(")").toString();
        }

        /** Over a connection of its own. */
        void cancel() throws IOException {
            try (Client other = new Client()) {
                other.send(ByteBuffer.allocate(16)
                        .putInt(16)
                        .putInt(80_877_102)
                        .putInt(processId)
                        .putInt(secret)
                        .array());
                assertThat(other.byteBack()).isEqualTo(-1);
            }
        }

        String query(String sql) throws IOException {
            send(message('Q', sql + "\0"));
            return answers();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    static byte[] message(char type, String content) {
        byte[] bytes = content.getBytes(StandardCharsets.ISO_8859_1);
        return ByteBuffer.allocate(5 + bytes.length)
                .put((byte) type)
                .putInt(4 + bytes.length)
                .put(bytes)
                .array();
    }

    private static byte[] parse(String name, String sql) {
        return message('P', name + "\0" + sql + "\0\0\0");
    }

    private static byte[] bind(String statement, String... values) {
        StringBuilder content = new StringBuilder("\0" + statement + "\0\0\0\0" + (char) values.length);
        for (String value : values) {
            content.append("\0\0\0").append((char) value.length()).append(value);
        }
        return message('B', content + "\0\0");
    }

    private static final byte[] EXECUTE = message('E', "\0\0\0\0\0");
    private static final byte[] EXECUTE_TWO = message('E', "\0\0\0\0\2");
    private static final byte[] SYNC = message('S', "");
    private static final byte[] DESCRIBE = message('D', "P\0");

    @Test
    void encryptionIsRefusedPolitely() throws IOException {
        try (Client client = new Client()) {
            client.startup(80_877_103, "");
            assertThat(client.byteBack()).isEqualTo('N');
            client.startup(80_877_104, "");
            assertThat(client.byteBack()).isEqualTo('N');
            client.begin();
        }
    }

    @Test
    void simpleQueriesAnswerAsPostgresDoes() throws IOException {
        try (Client client = new Client()) {
            client.begin();
            assertThat(client.query("")).isEqualTo("I ZI");
            assertThat(client.query("create table t(a int, b text)")).isEqualTo("C(CREATE TABLE) ZI");
            assertThat(client.query("insert into t values (1,'x'),(2,null); select * from t"))
                    .isEqualTo("C(INSERT 0 2) T2 D(1,x) D(2,null) C(SELECT 2) ZI");
            assertThat(client.query("update t set b = 'y'; delete from t where a = 2"))
                    .isEqualTo("C(UPDATE 2) C(DELETE 1) ZI");
            assertThat(client.query("insert into t values (5, ''); select nope"))
                    .isEqualTo("C(INSERT 0 1) E42703 ZI");
            assertThat(client.query("select count(*) from t")).isEqualTo("T1 D(1) C(SELECT 1) ZI");
            assertThat(client.query("begin")).isEqualTo("C(BEGIN) ZT");
            assertThat(client.query("begin")).isEqualTo("N25001 C(BEGIN) ZT");
            assertThat(client.query("selec")).isEqualTo("E42601 ZE");
            assertThat(client.query("select 1")).isEqualTo("E25P02 ZE");
            assertThat(client.query("commit")).isEqualTo("C(ROLLBACK) ZI");
            assertThat(client.query("rollback")).isEqualTo("N25P01 C(ROLLBACK) ZI");
            assertThat(client.query("listen a")).isEqualTo("E0A000 ZI");
            assertThat(client.query("select $1")).isEqualTo("E42P02 ZI");
            assertThat(client.query("set application_name to 'x'")).isEqualTo("S(application_name=x) C(SET) ZI");
            assertThat(client.query("show application_name")).isEqualTo("T1 D(x) C(SHOW) ZI");
            assertThat(client.query("set nonsense to 1")).isEqualTo("E42704 ZI");
        }
    }

    @Test
    void extendedQueriesGoOnAfterSuspensionAndSkipAfterErrors() throws IOException {
        try (Client client = new Client()) {
            client.begin();
            client.send(
                    parse("", "select g from generate_series(1, $1::int) g"),
                    bind("", "3"),
                    DESCRIBE,
                    EXECUTE_TWO,
                    EXECUTE_TWO,
                    SYNC);
            assertThat(client.answers()).isEqualTo("1 2 T1 D(1) D(2) s D(3) C(SELECT 1) ZI");
            client.send(parse("s", "select 1"), parse("s", "select 2"), bind("s"), EXECUTE, SYNC);
            assertThat(client.answers()).isEqualTo("1 E42P05 ZI");
            client.send(bind("s"), DESCRIBE, EXECUTE, SYNC);
            assertThat(client.answers()).isEqualTo("2 T1 D(1) C(SELECT 1) ZI");
            client.send(bind("missing"), EXECUTE, SYNC);
            assertThat(client.answers()).isEqualTo("E26000 ZI");
            client.send(message('C', "Ss\0"), bind("s"), SYNC);
            assertThat(client.answers()).isEqualTo("3 E26000 ZI");
            client.send(parse("", "select $1::int"), bind("", "x"), SYNC);
            assertThat(client.answers()).isEqualTo("1 E22P02 ZI");
        }
    }

    @Test
    void statementsUpToSyncAreOneTransaction() throws IOException {
        try (Client client = new Client()) {
            client.begin().query("create table t(a int primary key)");
            client.send(
                    parse("i", "insert into t values ($1)"),
                    bind("i", "1"),
                    EXECUTE,
                    bind("i", "2"),
                    EXECUTE,
                    bind("i", "1"),
                    EXECUTE,
                    bind("i", "3"),
                    EXECUTE,
                    SYNC);
            assertThat(client.answers()).isEqualTo("1 2 C(INSERT 0 1) 2 C(INSERT 0 1) 2 E23505 ZI");
            assertThat(client.query("select count(*) from t")).isEqualTo("T1 D(0) C(SELECT 1) ZI");
        }
    }

    @Test
    void theEndOfAMessageMayComeLater() throws IOException, InterruptedException {
        try (Client client = new Client()) {
            client.begin();
            byte[] query = message('Q', "select 42\0");
            for (int i = 0; i < query.length; i++) {
                client.send(new byte[] {query[i]});
            }
            assertThat(client.answers()).isEqualTo("T1 D(42) C(SELECT 1) ZI");
        }
    }

    @Test
    void longMessagesAreCollectedAndTooLongOnesSkipped() throws IOException {
        try (Client client = new Client()) {
            client.begin();
            String text = "z".repeat(60_000);
            assertThat(client.query("select length('" + text + "')")).isEqualTo("T1 D(60000) C(SELECT 1) ZI");
            client.send(message('Q', "select '" + "z".repeat(300_000) + "'\0"));
            assertThat(client.answers()).isEqualTo("E54000 ZI");
            assertThat(client.query("select 1")).isEqualTo("T1 D(1) C(SELECT 1) ZI");
        }
    }

    @Test
    void aHeaderOfAGigabyteAllocatesNothing() throws IOException {
        try (Client client = new Client()) {
            client.begin();
            client.send(new byte[] {'Q', 0x3f, -1, -1, -1, 'x'});
        }
        try (Client client = new Client()) {
            client.send(new byte[] {0x3f, -1, -1, -1, 0, 3, 0, 0});
            assertThat(client.answers()).isEqualTo("E08P01");
        }
        try (Client client = new Client()) {
            assertThat(client.begin().query("select 1")).endsWith("ZI");
        }
    }

    @Test
    void tooManyClientsAndThoseWhoDoNotBeginAreTurnedAway() throws IOException {
        try (Client one = new Client();
                Client two = new Client();
                Client three = new Client();
                Client four = new Client();
                Client silent = new Client()) {
            one.begin();
            two.begin();
            three.begin();
            four.startup(3 << 16, "user\0me\0\0");
            assertThat(four.answers()).isEqualTo("E53300");
            assertThat(silent.byteBack()).isEqualTo(-1);
        }
    }

    @Test
    void cancelEndsAWaitingStatement() throws IOException {
        try (Client writer = new Client();
                Client other = new Client();
                Client canceler = new Client()) {
            writer.begin().query("create table t(a int)");
            writer.query("begin; insert into t values (1)");
            other.begin();
            other.send(message('Q', "insert into t values (2)\0"));
            byte[] key = ByteBuffer.allocate(8)
                    .putInt(other.processId)
                    .putInt(other.secret)
                    .array();
            canceler.startup(80_877_102, new String(key, StandardCharsets.ISO_8859_1).substring(0, 0));
            assertThat(canceler.byteBack()).isEqualTo(-1);
            other.cancel();
            assertThat(other.answers()).isEqualTo("E57014 ZI");
            assertThat(writer.query("commit")).isEqualTo("C(COMMIT) ZI");
        }
    }

    /** One step of SQLite that would never end. */
    private static final String ENDLESS =
            "with recursive c(x) as (values (1) union all select x + 1 from c) select count(*) from c";

    @Test
    void cancelEndsAStatementWithinAStep() throws IOException {
        try (Client client = new Client()) {
            client.begin();
            for (int i = 0; i < 3; i++) {
                client.send(message('Q', ENDLESS + "\0"));
                client.cancel();
                assertThat(client.answers()).isEqualTo("E57014 ZI");
                client.send(parse("", ENDLESS), bind(""), EXECUTE, SYNC);
                client.cancel();
                assertThat(client.answers()).isEqualTo("1 2 E57014 ZI");
                client.send(parse("", ENDLESS), bind(""), DESCRIBE, EXECUTE, SYNC);
                client.cancel();
                assertThat(client.answers()).isEqualTo("1 2 E57014 ZI");
            }
            assertThat(client.query("select 1")).isEqualTo("T1 D(1) C(SELECT 1) ZI");
        }
    }

    @Test
    void whoeverSpeaksDuringAStepIsServedAfterIt() throws IOException {
        try (Client busy = new Client();
                Client other = new Client();
                Client late = new Client();
                Client starting = new Client()) {
            busy.begin();
            other.begin().query("create table t(a int)");
            busy.send(message('Q', ENDLESS + "\0"));
            starting.startup(80_877_103, "");
            assertThat(starting.byteBack()).isEqualTo('N');
            starting.startup(3 << 16, "user\0me\0\0");
            other.send(message('Q', "insert into t values (1)\0"));
            late.startup(3 << 16, "");
            busy.cancel();
            assertThat(busy.answers()).isEqualTo("E57014 ZI");
            assertThat(other.answers()).isEqualTo("C(INSERT 0 1) ZI");
            assertThat(starting.answers()).endsWith("ZI");
            assertThat(late.answers()).isEqualTo("E08P01");
            assertThat(other.query("select count(*) > 0 from t")).isEqualTo("T1 D(t) C(SELECT 1) ZI");
        }
    }

    @Test
    void aClientThatLeavesDuringItsOwnStepStopsNobodyElse() throws IOException {
        try (Client canceler = new Client();
                Client other = new Client()) {
            other.begin();
            Client leaver = new Client();
            leaver.begin();
            leaver.send(message('Q', ENDLESS + "\0"));
            canceler.processId = leaver.processId;
            canceler.secret = leaver.secret;
            leaver.close();
            other.send(message('Q', "select 2\0"));
            canceler.cancel();
            assertThat(other.answers()).isEqualTo("T1 D(2) C(SELECT 1) ZI");
        }
    }

    /** A message is whole even if the statement is cancelled while the client reads it slowly. */
    @Test
    void cancelDoesNotCutAMessage() throws IOException {
        for (String query : new String[] {"copy t to stdout", "select a from t"}) {
            try (Client reader = new Client()) {
                reader.begin().query("drop table if exists t; create table t(a text)");
                reader.query("insert into t values ('" + "z".repeat(60_000) + "')");
                reader.query("insert into t select " + "a || ".repeat(63) + "a from t");
                assertThat(reader.query(
                                "insert into t select " + "a || ".repeat(7) + "a from t where length(a) > 60000"))
                        .isEqualTo("C(INSERT 0 1) ZI");
                reader.send(message('Q', query + "\0"));
                // A row that does not fit into the buffers of both sides waits for this client.
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
                reader.cancel();
                assertThat(reader.answers().replaceAll("D\\(z+\\)", "D")).matches("(H|T1)( d| D){2,3} E57014 ZI");
            }
        }
    }
}

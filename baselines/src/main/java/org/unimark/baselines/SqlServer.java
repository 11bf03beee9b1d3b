// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

/**
 * What every SQL server under test offers: an empty database, over version 3 of PostgreSQL's protocol.
 *
 * @param place where the database is; on a disk, SQLite keeps a write-ahead log, and each transaction is durable
 */
public record SqlServer(SqlBatch.Place place) implements Service {
    private static final int PORT = 5432;
    /** Room for a cluster of PostgreSQL with its log, and for the rows. */
    private static final int DISK_MEBIBYTES = 384;

    private static final int PROTOCOL_VERSION = 3 << 16;
    private static final byte[] READY = "ready".getBytes(StandardCharsets.US_ASCII);
    /** After the connection, and after the statements. */
    private static final int ANSWERS = 2;

    /** Type and length of a message. */
    private static final int HEADER_BYTES = 5;

    private static final String STATEMENTS = "CREATE TABLE unimark (id INTEGER PRIMARY KEY, value TEXT);"
            + "INSERT INTO unimark VALUES (1, 'ready'); SELECT value FROM unimark WHERE id = 1; DROP TABLE unimark";

    @Override
    public String application() {
        return "sql";
    }

    @Override
    public String label() {
        return isOnDisk() ? "sql-server-on-disk" : "sql-server";
    }

    @Override
    public int port() {
        return PORT;
    }

    @Override
    public Map<String, byte[]> resources() {
        String text = "mode=server\ndatabase=" + place.database() + "\nfiles=system\nfile=" + place.file() + "\n"
                + (isOnDisk() ? "journal_mode=wal\nsynchronous=" + place.synchronous() + "\n" : "");
        return Map.of("sql.properties", text.getBytes(StandardCharsets.US_ASCII));
    }

    /** What a client says first, without encryption; everybody is trusted. */
    public static byte[] startUp() {
        byte[] parameters = "user\0unimark\0database\0unimark\0\0".getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(2 * Integer.BYTES + parameters.length)
                .putInt(2 * Integer.BYTES + parameters.length)
                .putInt(PROTOCOL_VERSION)
                .put(parameters)
                .array();
    }

    /** The message of statements that come as a text. */
    public static byte[] query(String statements) {
        byte[] text = (statements + "\0").getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(1 + Integer.BYTES + text.length)
                .put((byte) 'Q')
                .putInt(Integer.BYTES + text.length)
                .put(text)
                .array();
    }

    /** Makes a table, writes a row, reads it, and drops the table, all in one transaction. */
    @Override
    public Probe probe() {
        ByteArrayOutputStream question = new ByteArrayOutputStream();
        question.writeBytes(startUp());
        question.writeBytes(query(STATEMENTS));
        return new Probe() {
            @Override
            public byte[] request() {
                return question.toByteArray();
            }

            @Override
            public Verdict judge(byte[] received, int length) {
                return SqlServer.judge(ByteBuffer.wrap(received, 0, length));
            }
        };
    }

    private static Probe.Verdict judge(ByteBuffer received) {
        int answers = 0;
        int rows = 0;
        while (received.remaining() >= HEADER_BYTES) {
            int type = received.get();
            int bytes = received.getInt() - Integer.BYTES;
            boolean isRow = type == 'D';
            if (bytes < 0 || type == 'E') {
                return Probe.Verdict.WRONG;
            }
            if (bytes > received.remaining()) {
                return Probe.Verdict.PARTIAL;
            }
            byte[] content = new byte[bytes];
            received.get(content);
            if (isRow && (++rows > 1 || !isReady(content))) {
                return Probe.Verdict.WRONG;
            }
            answers += type == 'Z' ? 1 : 0;
        }
        if (answers < ANSWERS) {
            return Probe.Verdict.PARTIAL;
        }
        return rows == 1 && !received.hasRemaining() ? Probe.Verdict.CORRECT : Probe.Verdict.WRONG;
    }

    /** One column, its length, and its text. */
    private static boolean isReady(byte[] row) {
        ByteBuffer expected = ByteBuffer.allocate(Short.BYTES + Integer.BYTES + READY.length);
        expected.putShort((short) 1).putInt(READY.length).put(READY);
        return Arrays.equals(expected.array(), row);
    }

    @Override
    public String durability() {
        return isOnDisk() ? "each transaction" : "none: in memory";
    }

    private boolean isOnDisk() {
        return place == SqlBatch.Place.DISK;
    }

    @Override
    public int diskMebibytes() {
        return isOnDisk() ? DISK_MEBIBYTES : 0;
    }

    @Override
    public boolean usesFilesOfLinux() {
        return true;
    }
}

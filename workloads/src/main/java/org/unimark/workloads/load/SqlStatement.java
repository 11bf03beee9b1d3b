// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.load;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * A statement with whole numbers in it, $1 and so on in this order, as a client sends it: with the numbers in its text, or
 * parsed once a connection and then named (https://www.postgresql.org/docs/15/protocol-message-formats.html). Only the
 * preparation allocates.
 */
final class SqlStatement {
    /** Of PostgreSQL's type of numbers of 4 bytes, as JDBC's setInt says it. */
    private static final int INT4 = 23;

    private static final int DECIMAL = 10;
    private static final byte[] SYNC = {'S', 0, 0, 0, Integer.BYTES};
    /** What Execute says when its portal has no name and all rows are wanted. */
    private static final byte[] EXECUTE = {'E', 0, 0, 0, Integer.BYTES + 1 + Integer.BYTES, 0, 0, 0, 0, 0};

    private static final int PREPARED_BYTES = 256;

    private final byte[] name;
    private final byte[] text;
    /** What is before, between and behind the numbers. */
    private final byte[][] pieces;

    /** @param name what it is called when it is prepared: unique in its connection */
    SqlStatement(String name, String text) {
        this.name = SqlDialogue.ascii(name + "\0");
        this.text = SqlDialogue.ascii(text + "\0");
        String[] split = text.split("\\$[0-9]", -1);
        pieces = new byte[split.length][];
        for (int i = 0; i < split.length; i++) {
            pieces[i] = SqlDialogue.ascii(split[i]);
        }
    }

    private int parameters() {
        return pieces.length - 1;
    }

    /** The messages that prepare some statements, up to a Sync. */
    static byte[] preparation(List<SqlStatement> statements) {
        ByteBuffer out = ByteBuffer.allocate(PREPARED_BYTES * statements.size() + SYNC.length);
        for (SqlStatement statement : statements) {
            statement.parse(out);
        }
        byte[] messages = new byte[out.put(SYNC).position()];
        out.flip().get(messages);
        return messages;
    }

    private void parse(ByteBuffer out) {
        int at = begin(out, 'P');
        out.put(name).put(text).putShort((short) parameters());
        for (int i = 0; i < parameters(); i++) {
            out.putInt(INT4);
        }
        end(out, at);
    }

    /** As a simple query, or prepared: up to a Sync, with texts in both directions. */
    void write(ByteBuffer out, boolean isPrepared, int[] numbers) {
        if (isPrepared) {
            execute(out, numbers);
        } else {
            query(out, numbers);
        }
    }

    private void query(ByteBuffer out, int[] numbers) {
        int at = begin(out, 'Q');
        out.put(pieces[0]);
        for (int i = 0; i < parameters(); i++) {
            number(out, numbers[i]).put(pieces[i + 1]);
        }
        end(out.put((byte) 0), at);
    }

    private void execute(ByteBuffer out, int[] numbers) {
        int at = begin(out, 'B');
        out.put((byte) 0).put(name).putShort((short) 0).putShort((short) parameters());
        for (int i = 0; i < parameters(); i++) {
            int length = out.position();
            number(out.putInt(0), numbers[i]);
            out.putInt(length, out.position() - length - Integer.BYTES);
        }
        end(out.putShort((short) 0), at);
        out.put(EXECUTE).put(SYNC);
    }

    private static int begin(ByteBuffer out, char type) {
        int at = out.position();
        out.put((byte) type).putInt(0);
        return at;
    }

    /** The message that began at {@code at} is complete: its length is known. */
    private static void end(ByteBuffer out, int at) {
        out.putInt(at + 1, out.position() - at - 1);
    }

    private static ByteBuffer number(ByteBuffer out, int value) {
        int rest = Math.abs(value);
        if (value < 0) {
            out.put((byte) '-');
        }
        int digits = 1;
        for (int power = rest; power >= DECIMAL; power /= DECIMAL) {
            digits++;
        }
        int at = out.position() + digits;
        out.position(at);
        for (int i = 1; i <= digits; i++) {
            out.put(at - i, (byte) ('0' + rest % DECIMAL));
            rest /= DECIMAL;
        }
        return out;
    }
}

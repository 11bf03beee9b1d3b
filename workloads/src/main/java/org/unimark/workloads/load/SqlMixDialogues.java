// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.load;

import java.nio.ByteBuffer;
import java.util.List;
import org.unimark.baselines.SqlServer;

/** The connections of {@link SqlMix}. */
final class SqlMixDialogues {
    private static final int LONGEST_QUERY = 256;
    private static final int DECIMAL = 10;
    /** Count of columns and length of the first. */
    private static final int ROW_HEADER_BYTES = 6;

    private SqlMixDialogues() {}

    /** The columns of a row as they are sent: count, and length and text of each. */
    static byte[] row(String... columns) {
        ByteBuffer bytes = ByteBuffer.allocate(LONGEST_QUERY).putShort((short) columns.length);
        for (String column : columns) {
            bytes.putInt(column.length()).put(SqlDialogue.ascii(column));
        }
        byte[] row = new byte[bytes.position()];
        bytes.flip().get(row);
        return row;
    }

    /** A query put together from pieces without allocation: type and length come when it is complete. */
    private static void begin(ByteBuffer out) {
        out.put((byte) 'Q').putInt(0);
    }

    private static void end(ByteBuffer out, int at) {
        out.put((byte) 0);
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

    /** A row by its key. */
    static final class PointReads extends SqlDialogue {
        private static final byte[] SELECT = ascii("SELECT filler FROM accounts WHERE aid = ");
        private static final byte[] TAG = ascii("SELECT 1\0");

        private final KeyChooser accounts;
        /** One column, whose digits are filled in. */
        private final byte[] expected = row(SqlMix.filler(0));

        private int rows;

        PointReads(SqlMix mix, int number) {
            super(LONGEST_QUERY);
            accounts = new KeyChooser(mix.accounts(), false, number + 1);
        }

        @Override
        void opened() {
            rows = 0;
        }

        @Override
        void write(int before, ByteBuffer out) {
            int account = 1 + (int) accounts.next();
            int at = out.position();
            begin(out);
            end(number(out.put(SELECT), account), at);
            for (int i = expected.length - 1; i >= ROW_HEADER_BYTES; i--) {
                expected[i] = (byte) ('0' + account % DECIMAL);
                account /= DECIMAL;
            }
        }

        @Override
        boolean isRow(int at, int end) {
            return ++rows == 1 && isSame(at, end, expected);
        }

        @Override
        boolean isTag(int at, int end) {
            return isSame(at, end, TAG);
        }

        @Override
        Found ready(int status, ByteBuffer out) {
            boolean complete = rows == 1 && status == 'I';
            rows = 0;
            return complete ? Found.CORRECT : Found.WRONG_LENGTH;
        }
    }

    /** pgbench's transaction: https://www.postgresql.org/docs/15/pgbench.html, "What is the transaction". */
    static final class Transactions extends SqlDialogue {
        private static final int STEPS = 7;
        private static final int LAST_OF_TRANSACTION = 5;
        private static final int MOST_DELTA = 5000;
        private static final byte[] UPDATE_ACCOUNT = ascii("UPDATE accounts SET abalance = abalance + ");
        private static final byte[] WHERE_ACCOUNT = ascii(" WHERE aid = ");
        private static final byte[] SELECT = ascii("SELECT abalance FROM accounts WHERE aid = ");
        private static final byte[] UPDATE_TELLER = ascii("UPDATE tellers SET tbalance = tbalance + ");
        private static final byte[] WHERE_TELLER = ascii(" WHERE tid = ");
        private static final byte[] UPDATE_BRANCH = ascii("UPDATE branches SET bbalance = bbalance + ");
        private static final byte[] WHERE_BRANCH = ascii(" WHERE bid = ");
        private static final byte[] INSERT = ascii("INSERT INTO history (tid, bid, aid, delta, mtime) VALUES (");
        private static final byte[] NOW = ascii(", CURRENT_TIMESTAMP)");
        private static final byte[] COMMA = ascii(", ");
        private static final byte[] BEGIN = ascii("BEGIN");
        private static final byte[] END = ascii("END");
        private static final byte[][] TAGS = {
            ascii("BEGIN\0"),
            ascii("UPDATE 1\0"),
            ascii("SELECT 1\0"),
            ascii("UPDATE 1\0"),
            ascii("UPDATE 1\0"),
            ascii("INSERT 0 1\0"),
            ascii("COMMIT\0")
        };

        private final KeyChooser numbers;
        private final SqlMix mix;
        private int step;
        private int rows;
        private boolean isTagged;
        private int account;
        private int teller;
        private int delta;

        Transactions(SqlMix mix, int number) {
            super(LONGEST_QUERY);
            this.mix = mix;
            numbers = new KeyChooser(Integer.MAX_VALUE, false, number + 1);
        }

        @Override
        void opened() {
            step = 0;
            rows = 0;
            isTagged = false;
        }

        @Override
        void write(int before, ByteBuffer out) {
            account = 1 + (int) (numbers.nextDouble() * mix.accounts());
            teller = 1 + (int) (numbers.nextDouble() * SqlMix.BRANCHES * SqlMix.TELLERS_OF_BRANCH);
            delta = (int) (numbers.nextDouble() * (2 * MOST_DELTA + 1)) - MOST_DELTA;
            step = 0;
            writeStep(out);
        }

        private void writeStep(ByteBuffer out) {
            int at = out.position();
            int branch = SqlMix.branchOfTeller(teller);
            begin(out);
            switch (step) {
                case 0 -> out.put(BEGIN);
                case 1 -> number(number(out.put(UPDATE_ACCOUNT), delta).put(WHERE_ACCOUNT), account);
                case 2 -> number(out.put(SELECT), account);
                case 3 -> number(number(out.put(UPDATE_TELLER), delta).put(WHERE_TELLER), teller);
                case 4 -> number(number(out.put(UPDATE_BRANCH), delta).put(WHERE_BRANCH), branch);
                case LAST_OF_TRANSACTION -> {
                    number(number(out.put(INSERT), teller).put(COMMA), branch);
                    number(number(out.put(COMMA), account).put(COMMA), delta);
                    out.put(NOW);
                }
                default -> out.put(END);
            }
            end(out, at);
        }

        /** The balance: any number. */
        @Override
        boolean isRow(int at, int end) {
            if (step != 2 || ++rows > 1 || end - at <= ROW_HEADER_BYTES) {
                return false;
            }
            for (int i = at + ROW_HEADER_BYTES; i < end; i++) {
                boolean sign = i == at + ROW_HEADER_BYTES && get(i) == '-';
                if (!sign && (get(i) < '0' || get(i) > '9')) {
                    return false;
                }
            }
            return true;
        }

        @Override
        boolean isTag(int at, int end) {
            isTagged = isSame(at, end, TAGS[step]);
            return isTagged;
        }

        @Override
        Found ready(int status, ByteBuffer out) {
            boolean right =
                    isTagged && status == (step <= LAST_OF_TRANSACTION ? 'T' : 'I') && rows == (step == 2 ? 1 : 0);
            isTagged = false;
            rows = 0;
            if (!right) {
                return Found.WRONG_STATUS;
            }
            if (++step == STEPS) {
                mix.acknowledged.incrementAndGet();
                return Found.CORRECT;
            }
            writeStep(out);
            return Found.PARTIAL;
        }
    }

    /** A question whose answer does not change. */
    static final class Questions extends SqlDialogue {
        private static final byte[] QUERY = SqlServer.query(SqlMix.QUESTION);

        private final List<byte[]> answer;
        private final byte[] tag;
        private int rows;

        Questions(List<byte[]> answer) {
            super(QUERY.length);
            this.answer = answer;
            tag = ascii("SELECT " + answer.size() + "\0");
        }

        @Override
        void opened() {
            rows = 0;
        }

        @Override
        void write(int before, ByteBuffer out) {
            out.put(QUERY);
        }

        @Override
        boolean isRow(int at, int end) {
            return rows < answer.size() && isSame(at, end, answer.get(rows++));
        }

        @Override
        boolean isTag(int at, int end) {
            return isSame(at, end, tag);
        }

        @Override
        Found ready(int status, ByteBuffer out) {
            boolean complete = rows == answer.size() && status == 'I';
            rows = 0;
            return complete ? Found.CORRECT : Found.WRONG_LENGTH;
        }
    }
}

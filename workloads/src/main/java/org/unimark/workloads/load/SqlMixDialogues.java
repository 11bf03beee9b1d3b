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

    /** A row by its key. */
    static final class PointReads extends SqlDialogue {
        private static final SqlStatement SELECT =
                new SqlStatement("read", "SELECT filler FROM accounts WHERE aid = $1");
        private static final byte[] PREPARATION = SqlStatement.preparation(List.of(SELECT));
        private static final byte[] TAG = ascii("SELECT 1\0");

        private final boolean isPrepared;
        private final KeyChooser accounts;
        private final int[] numbers = new int[1];
        /** One column, whose digits are filled in. */
        private final byte[] expected = row(SqlMix.filler(0));

        private int rows;

        PointReads(SqlMix mix, boolean isPrepared, int number) {
            super(LONGEST_QUERY, isPrepared ? PREPARATION : NOTHING);
            this.isPrepared = isPrepared;
            accounts = new KeyChooser(mix.accounts(), false, number + 1);
        }

        @Override
        void opened() {
            rows = 0;
        }

        @Override
        void write(int before, ByteBuffer out) {
            int account = 1 + (int) accounts.next();
            numbers[0] = account;
            SELECT.write(out, isPrepared, numbers);
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
        private static final int MOST_NUMBERS = 4;
        private static final List<SqlStatement> STATEMENTS = List.of(
                new SqlStatement("begin", "BEGIN"),
                new SqlStatement("account", "UPDATE accounts SET abalance = abalance + $1 WHERE aid = $2"),
                new SqlStatement("balance", "SELECT abalance FROM accounts WHERE aid = $1"),
                new SqlStatement("teller", "UPDATE tellers SET tbalance = tbalance + $1 WHERE tid = $2"),
                new SqlStatement("branch", "UPDATE branches SET bbalance = bbalance + $1 WHERE bid = $2"),
                new SqlStatement(
                        "history",
                        "INSERT INTO history (tid, bid, aid, delta, mtime) VALUES ($1, $2, $3, $4, CURRENT_TIMESTAMP)"),
                new SqlStatement("end", "END"));
        private static final byte[] PREPARATION = SqlStatement.preparation(STATEMENTS);
        private static final byte[][] TAGS = {
            ascii("BEGIN\0"),
            ascii("UPDATE 1\0"),
            ascii("SELECT 1\0"),
            ascii("UPDATE 1\0"),
            ascii("UPDATE 1\0"),
            ascii("INSERT 0 1\0"),
            ascii("COMMIT\0")
        };

        private final KeyChooser chooser;
        private final SqlMix mix;
        private final boolean isPrepared;
        /** Those of the statement of this step. */
        private final int[] numbers = new int[MOST_NUMBERS];

        private int step;
        private int rows;
        private boolean isTagged;
        private int account;
        private int teller;
        private int delta;

        Transactions(SqlMix mix, boolean isPrepared, int number) {
            super(LONGEST_QUERY, isPrepared ? PREPARATION : NOTHING);
            this.mix = mix;
            this.isPrepared = isPrepared;
            chooser = new KeyChooser(Integer.MAX_VALUE, false, number + 1);
        }

        @Override
        void opened() {
            step = 0;
            rows = 0;
            isTagged = false;
        }

        @Override
        void write(int before, ByteBuffer out) {
            account = 1 + (int) (chooser.nextDouble() * mix.accounts());
            teller = 1 + (int) (chooser.nextDouble() * SqlMix.BRANCHES * SqlMix.TELLERS_OF_BRANCH);
            delta = (int) (chooser.nextDouble() * (2 * MOST_DELTA + 1)) - MOST_DELTA;
            step = 0;
            writeStep(out);
        }

        private void writeStep(ByteBuffer out) {
            int branch = SqlMix.branchOfTeller(teller);
            switch (step) {
                case 1 -> numbers(delta, account);
                case 2 -> numbers[0] = account;
                case 3 -> numbers(delta, teller);
                case 4 -> numbers(delta, branch);
                case LAST_OF_TRANSACTION -> {
                    numbers(teller, branch);
                    numbers[2] = account;
                    numbers[3] = delta;
                }
                default -> {}
            }
            STATEMENTS.get(step).write(out, isPrepared, numbers);
        }

        private void numbers(int first, int second) {
            numbers[0] = first;
            numbers[1] = second;
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

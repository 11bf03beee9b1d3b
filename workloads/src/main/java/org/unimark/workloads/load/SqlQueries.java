// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.load;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.unimark.baselines.SqlServer;

/** Queries that need no table, over version 3 of PostgreSQL's protocol: each computes another number, which is checked. */
public final class SqlQueries implements Protocol {
    private static final int NUMBERS = 1_000_000;
    private static final int DIGITS = 6;
    private static final int DECIMAL = 10;
    /** Count of columns and length of the only one. */
    private static final int ROW_HEADER_BYTES = 6;

    private static final int MILLIONS_OF_SUM = 9;
    private static final byte[] TAG = SqlDialogue.ascii("SELECT 1\0");
    /** The digits after the 1 are filled in. */
    private static final byte[] QUERY = SqlServer.query("SELECT 1000000 + 8000000");

    private static final int LAST_DIGIT = new String(QUERY, StandardCharsets.US_ASCII).indexOf(" +") - 1;

    private final AtomicInteger next = new AtomicInteger();

    @Override
    public Dialogue dialogue(int number, int pipeline) {
        return new Sums(next, pipeline);
    }

    @Override
    public boolean closes() {
        return false;
    }

    @Override
    public long bodyBytes() {
        return 0;
    }

    private static final class Sums extends SqlDialogue {
        private final AtomicInteger numbers;
        /** What was asked and not answered, as a ring. */
        private final int[] asked;

        private int oldest;
        private int rows;

        private Sums(AtomicInteger numbers, int pipeline) {
            super(QUERY.length * pipeline);
            this.numbers = numbers;
            this.asked = new int[pipeline];
        }

        @Override
        void opened() {
            rows = 0;
        }

        @Override
        void write(int before, ByteBuffer out) {
            int number = Math.floorMod(numbers.getAndIncrement(), NUMBERS);
            int at = out.position();
            out.put(QUERY);
            int rest = number;
            for (int i = 0; i < DIGITS; i++) {
                out.put(at + LAST_DIGIT - i, (byte) ('0' + rest % DECIMAL));
                rest /= DECIMAL;
            }
            int slot = oldest + before;
            asked[slot >= asked.length ? slot - asked.length : slot] = number;
        }

        /** The sum: a 9 and the digits that were asked with. */
        @Override
        boolean isRow(int at, int end) {
            if (++rows > 1 || end - at != ROW_HEADER_BYTES + DIGITS + 1) {
                return false;
            }
            int rest = asked[oldest];
            int digit = at + ROW_HEADER_BYTES + DIGITS;
            for (int i = 0; i < DIGITS; i++) {
                if (get(digit - i) != '0' + rest % DECIMAL) {
                    return false;
                }
                rest /= DECIMAL;
            }
            return get(digit - DIGITS) == '0' + MILLIONS_OF_SUM;
        }

        @Override
        boolean isTag(int at, int end) {
            return isSame(at, end, TAG) && rows == 1;
        }

        @Override
        Found ready(int status, ByteBuffer out) {
            if (rows != 1) {
                return Found.WRONG_LENGTH;
            }
            rows = 0;
            oldest = oldest + 1 == asked.length ? 0 : oldest + 1;
            return Found.CORRECT;
        }
    }
}

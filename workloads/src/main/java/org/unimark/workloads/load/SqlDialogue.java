// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.load;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.unimark.baselines.SqlServer;

/** One connection that sends simple queries (https://www.postgresql.org/docs/15/protocol-flow.html). */
final class SqlDialogue implements Dialogue {
    private static final int INPUT_BYTES = 1 << 16;
    /** Type and length of a message. */
    private static final int HEADER_BYTES = 5;
    /** Count of columns and length of the only one. */
    private static final int ROW_HEADER_BYTES = 6;

    private static final int NUMBERS = 1_000_000;
    private static final int DIGITS = 6;
    private static final int DECIMAL = 10;
    private static final int MILLIONS_OF_SUM = 9;
    private static final byte[] START_UP = SqlServer.startUp();
    /** The digits after the 1 are filled in. */
    private static final byte[] QUERY = SqlServer.query("SELECT 1000000 + 8000000");

    private static final int LAST_DIGIT = new String(QUERY, StandardCharsets.US_ASCII).indexOf(" +") - 1;

    private final AtomicInteger numbers;
    private final InputBuffer input = new InputBuffer(INPUT_BYTES);
    /** What was asked and not answered, as a ring. */
    private final int[] asked;

    private int oldest;
    private int outstanding;
    private boolean isOpen;
    private int rows;

    /** {@code numbers} are shared by all connections. */
    SqlDialogue(AtomicInteger numbers, int pipeline) {
        this.numbers = numbers;
        this.asked = new int[pipeline];
    }

    @Override
    public int outputBytes() {
        return START_UP.length + QUERY.length * asked.length;
    }

    @Override
    public void open(ByteBuffer out) {
        input.clear();
        outstanding = 0;
        rows = 0;
        isOpen = false;
        out.put(START_UP);
    }

    @Override
    public void ask(ByteBuffer out) {
        int number = Math.floorMod(numbers.getAndIncrement(), NUMBERS);
        int at = out.position();
        out.put(QUERY);
        int rest = number;
        for (int i = 0; i < DIGITS; i++) {
            out.put(at + LAST_DIGIT - i, (byte) ('0' + rest % DECIMAL));
            rest /= DECIMAL;
        }
        int slot = oldest + outstanding;
        asked[slot >= asked.length ? slot - asked.length : slot] = number;
        outstanding++;
    }

    @Override
    public ByteBuffer input() {
        return input.bytes();
    }

    @Override
    public Found next(ByteBuffer out) {
        while (input.available() >= HEADER_BYTES) {
            int type = input.get(input.start());
            int bytes = 1 + number(input.start() + 1);
            if (bytes < HEADER_BYTES || bytes > INPUT_BYTES) {
                return Found.MALFORMED;
            }
            if (input.available() < bytes) {
                break;
            }
            if (type == 'E') {
                return Found.WRONG_STATUS;
            }
            if (type == 'D' && (++rows > 1 || outstanding == 0 || !isExpected(input.start() + HEADER_BYTES, bytes))) {
                return Found.WRONG_BODY;
            }
            input.consume(bytes);
            if (type == 'Z') {
                if (isOpen) {
                    return answered();
                }
                isOpen = true;
            }
        }
        input.makeRoom();
        return Found.PARTIAL;
    }

    private Found answered() {
        if (outstanding == 0 || rows != 1) {
            return Found.WRONG_LENGTH;
        }
        rows = 0;
        oldest = oldest + 1 == asked.length ? 0 : oldest + 1;
        outstanding--;
        return Found.CORRECT;
    }

    private int number(int at) {
        return (input.get(at) & 0xff) << 24
                | (input.get(at + 1) & 0xff) << 16
                | (input.get(at + 2) & 0xff) << 8
                | input.get(at + 3) & 0xff;
    }

    /** Whether the row at {@code at} has the sum: a 9 and the digits that were asked with. */
    private boolean isExpected(int at, int bytes) {
        if (bytes != HEADER_BYTES + ROW_HEADER_BYTES + DIGITS + 1) {
            return false;
        }
        int rest = asked[oldest];
        int digit = at + ROW_HEADER_BYTES + DIGITS;
        for (int i = 0; i < DIGITS; i++) {
            if (input.get(digit - i) != '0' + rest % DECIMAL) {
                return false;
            }
            rest /= DECIMAL;
        }
        return input.get(digit - DIGITS) == '0' + MILLIONS_OF_SUM;
    }

    @Override
    public boolean isInsideAnswer() {
        return rows > 0 || input.available() > 0;
    }

    @Override
    public boolean isClosing() {
        return false;
    }
}

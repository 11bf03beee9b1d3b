// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.load;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.unimark.baselines.SqlServer;

/**
 * One connection that sends queries (https://www.postgresql.org/docs/15/protocol-flow.html): takes messages apart, and
 * leaves it to others what they must say.
 */
abstract class SqlDialogue implements Dialogue {
    private static final int INPUT_BYTES = 1 << 16;
    /** Type and length of a message. */
    private static final int HEADER_BYTES = 5;

    private static final byte[] START_UP = SqlServer.startUp();
    /** No statement is prepared. */
    static final byte[] NOTHING = {};

    private final InputBuffer input = new InputBuffer(INPUT_BYTES);
    private final int longestRequest;
    /** Messages that follow the start-up and end with a Sync of their own, or none. */
    private final byte[] preparation;

    private int outstanding;
    /** How often the server must still say that it is ready before it answers a request. */
    private int untilOpen;

    private boolean isInside;

    /** @param longestRequest bytes that may wait to be sent, all requests that fit the pipeline together */
    SqlDialogue(int longestRequest) {
        this(longestRequest, NOTHING);
    }

    /** @param preparation of statements that the requests name: messages that each connection sends first, and one Sync */
    SqlDialogue(int longestRequest, byte[] preparation) {
        this.longestRequest = longestRequest;
        this.preparation = preparation;
    }

    @Override
    public final int outputBytes() {
        return START_UP.length + preparation.length + longestRequest;
    }

    @Override
    public final void open(ByteBuffer out) {
        input.clear();
        outstanding = 0;
        untilOpen = preparation.length == 0 ? 1 : 2;
        isInside = false;
        out.put(START_UP).put(preparation);
        opened();
    }

    @Override
    public final void ask(ByteBuffer out) {
        write(outstanding++, out);
    }

    /** A new connection is being made. */
    abstract void opened();

    /** Writes a request, or its first step, while {@code before} others are not answered. */
    abstract void write(int before, ByteBuffer out);

    /** Whether the row whose columns are in [at, end) is the next one of the oldest request's answer. */
    abstract boolean isRow(int at, int end);

    /** Whether the tag of a command, in [at, end), is what the oldest request's next command must say. */
    abstract boolean isTag(int at, int end);

    /**
     * The server is ready for the next query: says whether the oldest request is answered, or writes its next step.
     *
     * @param status of the transaction: I, T or E
     */
    abstract Found ready(int status, ByteBuffer out);

    @Override
    public final ByteBuffer input() {
        return input.bytes();
    }

    @Override
    public final Found next(ByteBuffer out) {
        while (input.available() >= HEADER_BYTES) {
            int at = input.start();
            int end = at + 1 + number(at + 1);
            if (end < at + HEADER_BYTES || end - at > INPUT_BYTES) {
                return Found.MALFORMED;
            }
            if (input.end() < end) {
                break;
            }
            Found found = message(input.get(at), at + HEADER_BYTES, end, out);
            input.consume(end - at);
            if (found != Found.PARTIAL) {
                return found;
            }
        }
        input.makeRoom();
        return Found.PARTIAL;
    }

    private Found message(int type, int at, int end, ByteBuffer out) {
        switch (type) {
            case 'E':
                return Found.WRONG_STATUS;
            case 'D':
                isInside = true;
                return outstanding > 0 && isRow(at, end) ? Found.PARTIAL : Found.WRONG_BODY;
            case 'C':
                return outstanding > 0 && isTag(at, end) ? Found.PARTIAL : Found.WRONG_LENGTH;
            case 'Z':
                return end - at == 1 ? received(input.get(at), out) : Found.MALFORMED;
            default:
                return Found.PARTIAL;
        }
    }

    private Found received(int status, ByteBuffer out) {
        if (untilOpen > 0) {
            untilOpen--;
            return Found.PARTIAL;
        }
        if (outstanding == 0) {
            return Found.WRONG_LENGTH;
        }
        Found found = ready(status, out);
        if (found == Found.CORRECT) {
            outstanding--;
            isInside = false;
        }
        return found;
    }

    final byte get(int at) {
        return input.get(at);
    }

    private int number(int at) {
        return (input.get(at) & 0xff) << 24
                | (input.get(at + 1) & 0xff) << 16
                | (input.get(at + 2) & 0xff) << 8
                | input.get(at + 3) & 0xff;
    }

    /** Whether [at, end) is exactly {@code expected}. */
    final boolean isSame(int at, int end, byte[] expected) {
        if (end - at != expected.length) {
            return false;
        }
        for (int i = 0; i < expected.length; i++) {
            if (input.get(at + i) != expected[i]) {
                return false;
            }
        }
        return true;
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public final boolean isInsideAnswer() {
        return isInside || input.available() > 0;
    }

    @Override
    public final boolean isClosing() {
        return false;
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.load;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;

/** One connection that sends GETs and SETs (RESP2, https://redis.io/docs/reference/protocol-spec). */
final class KvDialogue implements Dialogue {
    private static final int SMALLEST_INPUT_BYTES = 1 << 16;
    private static final int KEY_DIGITS = 12;
    private static final byte[] GET = ascii("*2\r\n$3\r\nGET\r\n$16\r\nkey:000000000000\r\n");
    private static final byte[] SET = ascii("*3\r\n$3\r\nSET\r\n$16\r\nkey:000000000000\r\n");
    private static final byte[] STORED = ascii("+OK\r\n");
    private static final byte[] NOTHING = ascii("$-1\r\n");
    /** Marks a SET among the requests that are not answered. */
    private static final long WRITE = 1L << 62;

    private final KvRequests requests;
    private final KeyChooser chooser;
    private final AtomicLong inOrder;
    /** What SETs are written from. */
    private final ByteBuffer values;
    /** The same, for comparing: its limits change. */
    private final ByteBuffer expected;

    private final byte[] lengthLine;
    private final InputBuffer input;
    /** What was asked and not answered, as a ring; a SET is its key with {@link #WRITE} added. */
    private final long[] asked;

    private int oldest;
    private int outstanding;
    /** Bytes of a value that were compared, or -1 before one. */
    private int compared = -1;

    /**
     * @param chooser of keys, or null if they come one after another
     * @param inOrder the next of those
     */
    KvDialogue(KvRequests requests, KeyChooser chooser, AtomicLong inOrder, ByteBuffer values, int pipeline) {
        this.requests = requests;
        this.chooser = chooser;
        this.inOrder = inOrder;
        this.values = values;
        this.expected = values.duplicate();
        this.lengthLine = ascii("$" + requests.valueBytes() + "\r\n");
        this.input = new InputBuffer(SMALLEST_INPUT_BYTES);
        this.asked = new long[pipeline];
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public int outputBytes() {
        return (SET.length + lengthLine.length + requests.valueBytes() + 2) * asked.length;
    }

    @Override
    public void open(ByteBuffer out) {
        input.clear();
        outstanding = 0;
        compared = -1;
    }

    @Override
    public void ask(ByteBuffer out) {
        long key = chooser == null ? inOrder.getAndIncrement() % requests.keys() : chooser.next();
        boolean reads = chooser != null && chooser.nextDouble() < requests.readShare();
        int at = out.position();
        out.put(reads ? GET : SET);
        int digit = at + GET.length - 2;
        long rest = key;
        for (int i = 0; i < KEY_DIGITS; i++) {
            out.put(--digit, (byte) ('0' + rest % 10));
            rest /= 10;
        }
        if (!reads) {
            out.put(lengthLine);
            int length = requests.valueBytes();
            out.put(out.position(), values, KvRequests.valueStart(key), length);
            out.position(out.position() + length);
            out.put((byte) '\r').put((byte) '\n');
        }
        int slot = oldest + outstanding;
        asked[slot >= asked.length ? slot - asked.length : slot] = reads ? key : key | WRITE;
        outstanding++;
    }

    @Override
    public ByteBuffer input() {
        return input.bytes();
    }

    @Override
    public Found next(ByteBuffer out) {
        if (input.available() == 0) {
            input.makeRoom();
            return Found.PARTIAL;
        }
        if (outstanding == 0) {
            return Found.MALFORMED;
        }
        long request = asked[oldest];
        Found found = (request & WRITE) != 0 ? line(STORED, Found.WRONG_STATUS) : value(request);
        if (found == Found.CORRECT) {
            oldest = oldest + 1 == asked.length ? 0 : oldest + 1;
            outstanding--;
        } else if (found == Found.PARTIAL) {
            input.makeRoom();
        }
        return found;
    }

    /** Expects exactly {@code line}, and consumes it when all of it is there. */
    private Found line(byte[] line, Found otherwise) {
        int there = Math.min(input.available(), line.length);
        for (int i = 0; i < there; i++) {
            if (input.get(input.start() + i) != line[i]) {
                return otherwise;
            }
        }
        if (there < line.length) {
            return Found.PARTIAL;
        }
        input.consume(line.length);
        return Found.CORRECT;
    }

    private Found value(long key) {
        if (compared < 0) {
            Found found = header();
            if (found != Found.CORRECT || compared < 0) {
                return found;
            }
        }
        int length = Math.min(input.available(), requests.valueBytes() - compared);
        if (length > 0) {
            if (!input.consumeIfSame(expected, KvRequests.valueStart(key) + compared, length)) {
                return Found.WRONG_BODY;
            }
            compared += length;
        }
        if (compared < requests.valueBytes() || input.available() < 2) {
            return Found.PARTIAL;
        }
        if (input.get(input.start()) != '\r' || input.get(input.start() + 1) != '\n') {
            return Found.MALFORMED;
        }
        input.consume(2);
        compared = -1;
        return Found.CORRECT;
    }

    /** The line with the length of a value; nothing at all is correct as well, where keys may be missing. */
    private Found header() {
        boolean absent = !requests.present() && input.available() > 1 && input.get(input.start() + 1) == '-';
        if (absent) {
            return line(NOTHING, Found.MALFORMED);
        }
        if (input.get(input.start()) != '$') {
            return Found.WRONG_STATUS;
        }
        if (input.available() < 2) {
            return Found.PARTIAL;
        }
        Found found = line(lengthLine, Found.WRONG_LENGTH);
        compared = found == Found.CORRECT ? 0 : -1;
        return found;
    }

    @Override
    public boolean isInsideAnswer() {
        return compared >= 0 || input.available() > 0;
    }

    @Override
    public boolean isClosing() {
        return false;
    }
}

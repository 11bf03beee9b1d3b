// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.load;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;

/**
 * GETs and SETs in RESP, of keys {@code key:000000000000} and on. What a key's value is follows from its number, so that
 * every GET can be checked, whoever wrote the key.
 */
public final class KvRequests implements Protocol {
    /** Values differ in where they begin in one long text of this many different beginnings. */
    private static final int DIFFERENT_VALUES = 251;

    private static final int LETTERS = 26;

    /** Which keys are asked for. */
    public enum Order {
        /** All alike. */
        UNIFORM,
        /** A few are asked for most of the time, as YCSB has it. */
        ZIPFIAN,
        /** One after another: to fill a store. */
        SEQUENTIAL
    }

    private final long keys;
    private final int valueBytes;
    private final double readShare;
    private final Order order;
    private final boolean present;
    private final AtomicLong inOrder = new AtomicLong();

    /**
     * Requests.
     *
     * @param keys how many there are
     * @param valueBytes length of each value
     * @param readShare share of GETs, 0 to 1; the rest are SETs
     * @param order which keys are asked for; only SETs can come in sequence
     * @param present whether all keys were written before; else a GET may find nothing
     */
    public KvRequests(long keys, int valueBytes, double readShare, Order order, boolean present) {
        if (keys < 1 || valueBytes < 1 || readShare < 0 || readShare > 1) {
            throw new IllegalArgumentException("no such requests: " + keys + ", " + valueBytes + ", " + readShare);
        }
        this.keys = keys;
        this.valueBytes = valueBytes;
        this.readShare = readShare;
        this.order = order;
        this.present = present;
    }

    /** All keys once, in their order, on a single connection or on many. */
    public static KvRequests fill(long keys, int valueBytes) {
        return new KvRequests(keys, valueBytes, 0, Order.SEQUENTIAL, false);
    }

    @Override
    public Dialogue dialogue(int number, int pipeline) {
        return new KvDialogue(this, chooser(number), inOrder, values(), pipeline);
    }

    private KeyChooser chooser(int number) {
        return order == Order.SEQUENTIAL ? null : new KeyChooser(keys, order == Order.ZIPFIAN, number + 1);
    }

    long keys() {
        return keys;
    }

    int valueBytes() {
        return valueBytes;
    }

    double readShare() {
        return readShare;
    }

    boolean present() {
        return present;
    }

    @Override
    public boolean closes() {
        return false;
    }

    @Override
    public long bodyBytes() {
        return valueBytes;
    }

    /** The text whose parts are the values. */
    private ByteBuffer values() {
        ByteBuffer values = ByteBuffer.allocateDirect(valueBytes + DIFFERENT_VALUES);
        long state = 1;
        while (values.hasRemaining()) {
            state = state * 6364136223846793005L + 1442695040888963407L;
            values.put((byte) ('a' + (state >>> 33) % LETTERS));
        }
        return values.flip();
    }

    /** Where the value of {@code key} begins in that text. */
    static int valueStart(long key) {
        return (int) (key % DIFFERENT_VALUES);
    }
}

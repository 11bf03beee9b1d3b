// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.http;

import org.unimark.keel.buffer.Bytes;

/**
 * Names of fields that were read before, letter for letter, and which field they mean. Values differ from one request to
 * the next, but clients know few names and send them in the same order: comparing one with the name that followed last
 * time is several times cheaper than to look at each of its letters. Directly mapped by the end of the name, so that
 * whoever sends many names slows down only himself.
 */
final class KnownNames {
    /** At the end of what can be looked at, too long, or no name at all. */
    static final int UNKNOWN = 0;

    /** A power of two. */
    private static final int SLOTS = 64;

    private static final int SLOT_SHIFT = 5;
    /** The colon belongs to what is compared. */
    private static final int LONGEST = (1 << SLOT_SHIFT) - 1;

    /** Spreads names over the slots: found by trying, without collisions among the names of today's browsers. */
    private static final int SPREAD = 0xf694_7687;

    private static final int LENGTH_SPREAD = 3;

    private final Bytes names;
    private final Bytes colons;
    private final Fields fields;
    /** For each slot: which of the first 16 bytes belong to name and colon, then what {@link #find} returns. */
    private final long[] known = new long[SLOTS];
    /** For each slot, which one came after it. */
    private final int[] following = new int[SLOTS];

    /** Where the last name was found, and what came after it. */
    private int last;

    private int expected;

    /** @param memory {@link #bytesNeeded} bytes */
    KnownNames(Bytes memory, Fields fields) {
        this.fields = fields;
        names = new Bytes().wrap(memory, 0, SLOTS << SLOT_SHIFT);
        colons = new Bytes().wrap(memory, SLOTS << SLOT_SHIFT, 16);
        colons.fill(0, 16, ':');
    }

    static int bytesNeeded() {
        return (SLOTS << SLOT_SHIFT) + 16;
    }

    /** The number of letters of a found name. */
    static int length(int found) {
        return found & 0xff;
    }

    static int kind(int found) {
        return found >> 8;
    }

    /**
     * Finds the name of the line at {@code at}, which follows another line: {@link #length} and {@link #kind}, or
     * {@link #UNKNOWN}. A colon may belong to a later line; then there is a line end in the name, which is no letter.
     */
    int find(Bytes data, int at) {
        if (at + LONGEST + 1 > data.length()) {
            return UNKNOWN;
        }
        int slot = expected;
        long name = known[slot];
        int different = ~data.bitsEqual(at, names, slot << SLOT_SHIFT) & (int) (name >>> 32);
        if (different == 0 && (name & 0xf0) == 0 && name != 0) {
            last = slot;
            expected = following[slot];
            return (int) name;
        }
        return search(data, at);
    }

    private int search(Bytes data, int at) {
        int bits = data.bitsEqual(at, colons, 0);
        bits = bits != 0 ? bits : data.bitsEqual(at + 16, colons, 0) << 16;
        if (bits == 0 || (bits & 1) != 0) {
            return UNKNOWN;
        }
        int length = Bytes.lowestBit(bits);
        int slot = (data.i32Little(at + length - 3) + length * LENGTH_SPREAD) * SPREAD >>> 26;
        if (length((int) known[slot]) != length || !names.matches(slot << SLOT_SHIFT, data, at, length)) {
            if (Scan.tokenEnd(data, at, at + length) != at + length) {
                return UNKNOWN;
            }
            names.copyFrom(slot << SLOT_SHIFT, data, at, length + 1);
            long mask = length < 16 ? (2L << length) - 1 : 0xffff;
            known[slot] = mask << 32 | fields.kind(data, at, length) << 8 | length;
        }
        following[last] = slot;
        last = slot;
        expected = following[slot];
        return (int) known[slot];
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import org.unimark.keel.buffer.Bytes;

/**
 * A key with what belongs to it, in one cell:
 *
 * <pre>
 *  0 next entry of the bucket      4 hash
 *  8 length of the key            12 type (3 bits), volatile (1), encoding (4), access clock (24)
 * 16 payload, two words: a long, or a handle and a word more
 * 24 if volatile: time of expiry in ms, number in the list of volatile entries, nothing
 *    key, then the value of a string that is embedded
 * </pre>
 *
 * The handle of an entry changes when it is given a time of expiry, or another embedded value: keep it no longer than a
 * command takes, and use the one that the call returned.
 */
final class Entry {
    static final int STRING = 0;
    static final int LIST = 1;
    static final int SET = 2;
    static final int SORTED_SET = 3;
    static final int HASH = 4;

    static final int NEXT = 0;
    private static final int HASH_AT = 4;
    private static final int KEY_LENGTH = 8;
    private static final int META = 12;
    private static final int PAYLOAD = 16;
    private static final int PAYLOAD_HIGH = 20;
    private static final int EXPIRY = 24;
    private static final int VOLATILE_INDEX = 32;

    static final int HEADER_BYTES = 24;
    static final int VOLATILE_BYTES = 16;

    private static final int TYPE_MASK = 7;
    private static final int VOLATILE = 8;
    private static final int ENCODING_SHIFT = 4;
    private static final int CLOCK_SHIFT = 8;
    private static final int CLOCK_MASK = 0xffffff;

    private Entry() {}

    static int next(Bytes memory, int entry) {
        return memory.i32Little(entry);
    }

    static void setNext(Bytes memory, int entry, int next) {
        memory.put32Little(entry, next);
    }

    static int hash(Bytes memory, int entry) {
        return memory.i32Little(entry + HASH_AT);
    }

    static int keyLength(Bytes memory, int entry) {
        return memory.i32Little(entry + KEY_LENGTH);
    }

    /** Whether the key has this hash and length: entries whose keys differ rarely agree in both. */
    static boolean resembles(Bytes memory, int entry, int hash, int keyLength) {
        return memory.i64Little(entry + HASH_AT) == (hash & 0xffffffffL | (long) keyLength << 32);
    }

    /** Position of the key in memory. */
    static int keyAt(Bytes memory, int entry) {
        return entry + HEADER_BYTES + ((memory.i32Little(entry + META) & VOLATILE) << 1);
    }

    /** Position of an embedded value. */
    static int embeddedAt(Bytes memory, int entry) {
        return keyAt(memory, entry) + keyLength(memory, entry);
    }

    /** Length of the key and what {@link #encodingOf} and its like know, for those who ask for more than one of them. */
    static long description(Bytes memory, int entry) {
        return memory.i64Little(entry + KEY_LENGTH);
    }

    static int typeOf(long description) {
        return (int) (description >>> 32) & TYPE_MASK;
    }

    static boolean isVolatile(long description) {
        return ((int) (description >>> 32) & VOLATILE) != 0;
    }

    static int encodingOf(long description) {
        return (int) (description >>> 32 + ENCODING_SHIFT) & 15;
    }

    /** Position of an embedded value. */
    static int embeddedAt(int entry, long description) {
        int volatileBit = (int) (description >>> 32) & VOLATILE;
        return entry + HEADER_BYTES + (volatileBit << 1) + (int) description;
    }

    static void begin(Bytes memory, int entry, int hash, int keyLength, int type, int encoding, int clock) {
        memory.put32Little(entry + HASH_AT, hash);
        memory.put32Little(entry + KEY_LENGTH, keyLength);
        memory.put32Little(entry + META, type | encoding << ENCODING_SHIFT | clock << CLOCK_SHIFT);
    }

    static void setKey(Bytes memory, int entry, int hash, int keyLength) {
        memory.put32Little(entry + HASH_AT, hash);
        memory.put32Little(entry + KEY_LENGTH, keyLength);
    }

    static int type(Bytes memory, int entry) {
        return memory.i32Little(entry + META) & TYPE_MASK;
    }

    /** What it means is the business of the type; 0 to 15. */
    static int encoding(Bytes memory, int entry) {
        return memory.i32Little(entry + META) >> ENCODING_SHIFT & 15;
    }

    static void setKind(Bytes memory, int entry, int type, int encoding) {
        int rest = memory.i32Little(entry + META) & ~(TYPE_MASK | 15 << ENCODING_SHIFT);
        memory.put32Little(entry + META, rest | type | encoding << ENCODING_SHIFT);
    }

    static boolean isVolatile(Bytes memory, int entry) {
        return (memory.i32Little(entry + META) & VOLATILE) != 0;
    }

    static void setVolatile(Bytes memory, int entry, boolean value) {
        int meta = memory.i32Little(entry + META);
        memory.put32Little(entry + META, value ? meta | VOLATILE : meta & ~VOLATILE);
    }

    /** The clock of {@link Eviction}: when it was used last, or how often. */
    static int clock(Bytes memory, int entry) {
        return memory.i32Little(entry + META) >>> CLOCK_SHIFT;
    }

    static void setClock(Bytes memory, int entry, int clock) {
        memory.put32Little(
                entry + META,
                memory.i32Little(entry + META) & (1 << CLOCK_SHIFT) - 1 | (clock & CLOCK_MASK) << CLOCK_SHIFT);
    }

    static long number(Bytes memory, int entry) {
        return memory.i64Little(entry + PAYLOAD);
    }

    static void setNumber(Bytes memory, int entry, long value) {
        memory.put64Little(entry + PAYLOAD, value);
    }

    /** First word of the payload: the handle of the value, or the length of an embedded one. */
    static int value(Bytes memory, int entry) {
        return memory.i32Little(entry + PAYLOAD);
    }

    static void setValue(Bytes memory, int entry, int value) {
        memory.put32Little(entry + PAYLOAD, value);
    }

    /** Second word of the payload. */
    static int extra(Bytes memory, int entry) {
        return memory.i32Little(entry + PAYLOAD_HIGH);
    }

    static void setExtra(Bytes memory, int entry, int value) {
        memory.put32Little(entry + PAYLOAD_HIGH, value);
    }

    /** Of a volatile entry. */
    static long expiry(Bytes memory, int entry) {
        return memory.i64Little(entry + EXPIRY);
    }

    static void setExpiry(Bytes memory, int entry, long epochMillis) {
        memory.put64Little(entry + EXPIRY, epochMillis);
    }

    static int volatileIndex(Bytes memory, int entry) {
        return memory.i32Little(entry + VOLATILE_INDEX);
    }

    static void setVolatileIndex(Bytes memory, int entry, int index) {
        memory.put32Little(entry + VOLATILE_INDEX, index);
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.buffer;

import org.unimark.keel.machine.Arithmetic;
import org.unimark.keel.machine.Memory;

/**
 * A bounds-checked view of {@code length} bytes of memory outside the garbage-collected heap. Multi-byte accessors
 * without a suffix are big-endian (network order); those with {@code Little} are little-endian (device order). An access
 * outside the view throws {@link IndexOutOfBoundsException}; nothing outside the view is ever read or written.
 */
public final class Bytes {
    private static final long EVERY_BYTE = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;

    private long address;
    private int length;

    /** An empty view: {@link #wrap} gives it something to look at. */
    public Bytes() {}

    public Bytes(long address, int length) {
        wrap(address, length);
    }

    /** Looks at {@code length} bytes from {@code address} on: for those who own memory. */
    public Bytes wrap(long address, int length) {
        if (length < 0) {
            throw new IndexOutOfBoundsException("negative length");
        }
        this.address = address;
        this.length = length;
        return this;
    }

    /** Looks at {@code length} bytes of {@code other} from {@code from} on. */
    public Bytes wrap(Bytes other, int from, int length) {
        other.check(from, length);
        this.address = other.address + from;
        this.length = length;
        return this;
    }

    public int length() {
        return length;
    }

    /** The address of byte {@code at}, for devices and for constant spans; checked like an access of {@code size}. */
    public long address(int at, int size) {
        check(at, size);
        return address + at;
    }

    /** Throws unless {@code size} bytes from {@code at} on lie inside. */
    public void check(int at, int size) {
        // One test for the three: any negative operand makes the result negative (length >= 0 always).
        if ((at | size | (length - at - size)) < 0) {
            outside();
        }
    }

    private static void outside() {
        throw new IndexOutOfBoundsException("access outside the view");
    }

    public int u8(int at) {
        if (at < 0 || at >= length) {
            outside();
        }
        return Memory.getByte(address + at) & 0xff;
    }

    public int u16(int at) {
        check(at, 2);
        return Short.reverseBytes(Memory.getShort(address + at)) & 0xffff;
    }

    public int i32(int at) {
        check(at, 4);
        return Integer.reverseBytes(Memory.getInt(address + at));
    }

    public long u32(int at) {
        return i32(at) & 0xffffffffL;
    }

    public long i64(int at) {
        check(at, 8);
        return Long.reverseBytes(Memory.getLong(address + at));
    }

    public int u16Little(int at) {
        check(at, 2);
        return Memory.getShort(address + at) & 0xffff;
    }

    public int i32Little(int at) {
        check(at, 4);
        return Memory.getInt(address + at);
    }

    public long i64Little(int at) {
        check(at, 8);
        return Memory.getLong(address + at);
    }

    public void put8(int at, int value) {
        if (at < 0 || at >= length) {
            outside();
        }
        Memory.putByte(address + at, (byte) value);
    }

    public void put16(int at, int value) {
        check(at, 2);
        Memory.putShort(address + at, Short.reverseBytes((short) value));
    }

    public void put32(int at, int value) {
        check(at, 4);
        Memory.putInt(address + at, Integer.reverseBytes(value));
    }

    public void put64(int at, long value) {
        check(at, 8);
        Memory.putLong(address + at, Long.reverseBytes(value));
    }

    public void put16Little(int at, int value) {
        check(at, 2);
        Memory.putShort(address + at, (short) value);
    }

    public void put32Little(int at, int value) {
        check(at, 4);
        Memory.putInt(address + at, value);
    }

    public void put64Little(int at, long value) {
        check(at, 8);
        Memory.putLong(address + at, value);
    }

    /** Puts two words, one behind the other, for the price of one check. */
    public void putPairLittle(int at, long first, long second) {
        check(at, 16);
        Memory.putLong(address + at, first);
        Memory.putLong(address + at + 8, second);
    }

    /** Copies {@code size} bytes of {@code source} to {@code at}; the two must not overlap. */
    public void copyFrom(int at, Bytes source, int sourceAt, int size) {
        check(at, size);
        source.check(sourceAt, size);
        Memory.copy(source.address + sourceAt, address + at, size);
    }

    /** Copies {@code size} bytes of a Java array to {@code at}. */
    public void copyFrom(int at, byte[] source, int sourceAt, int size) {
        check(at, size);
        for (int i = 0; i < size; i++) {
            Memory.putByte(address + at + i, source[sourceAt + i]);
        }
    }

    /** Copies {@code size} bytes from {@code at} on into a Java array. */
    public void copyTo(int at, byte[] target, int targetAt, int size) {
        check(at, size);
        for (int i = 0; i < size; i++) {
            target[targetAt + i] = Memory.getByte(address + at + i);
        }
    }

    public void fill(int at, int size, int value) {
        check(at, size);
        Memory.fill(address + at, size, (byte) value);
    }

    /** Puts the characters of an ASCII string from {@code at} on and returns the position behind the last. */
    public int putAscii(int at, String text) {
        check(at, text.length());
        for (int i = 0; i < text.length(); i++) {
            Memory.putByte(address + at + i, (byte) text.charAt(i));
        }
        return at + text.length();
    }

    /** Compares {@code size} bytes with those of {@code other}, in time that depends on {@code size} only. */
    public boolean equalBytes(int at, Bytes other, int otherAt, int size) {
        check(at, size);
        other.check(otherAt, size);
        int difference = 0;
        for (int i = 0; i < size; i++) {
            difference |= Memory.getByte(address + at + i) ^ Memory.getByte(other.address + otherAt + i);
        }
        return difference == 0;
    }

    /**
     * Adds up {@code size} bytes as little-endian 32-bit words, a rest of 1 to 3 bytes padded with zeros: the inner loop of
     * the Internet checksum, whose ones' complement sum does not depend on the byte order (RFC 1071, 2B).
     */
    public long sum32(int at, int size) {
        check(at, size);
        long from = address + at;
        long sum = 0;
        int left = size;
        for (; left >= 32; left -= 32) {
            long first = Memory.getLong(from);
            long second = Memory.getLong(from + 8);
            long third = Memory.getLong(from + 16);
            long fourth = Memory.getLong(from + 24);
            sum += (first & 0xffffffffL) + (second & 0xffffffffL) + (third & 0xffffffffL) + (fourth & 0xffffffffL);
            sum += (first >>> 32) + (second >>> 32) + (third >>> 32) + (fourth >>> 32);
            from += 32;
        }
        for (; left >= 8; left -= 8) {
            long word = Memory.getLong(from);
            sum += (word & 0xffffffffL) + (word >>> 32);
            from += 8;
        }
        if (left >= 4) {
            sum += Memory.getInt(from) & 0xffffffffL;
            from += 4;
            left -= 4;
        }
        if (left >= 2) {
            sum += Memory.getShort(from) & 0xffff;
            from += 2;
            left -= 2;
        }
        if (left == 1) {
            sum += Memory.getByte(from) & 0xff;
        }
        return sum;
    }

    /** Position of the first byte in [at, end) that is less than {@code limit}, 1 to 128, or {@code end}. */
    public int findBelow(int at, int end, int limit) {
        check(at, end - at);
        long from = address + at;
        long last = address + end;
        long below = limit * EVERY_BYTE;
        for (; from + 16 <= last; from += 16) {
            long first = Memory.getLong(from);
            long second = Memory.getLong(from + 8);
            // A borrow marks bytes behind a true hit only, so that this is zero exactly when there is none.
            if ((((first - below) & ~first | (second - below) & ~second) & HIGH_BITS) != 0) {
                from += ((first - below) & ~first & HIGH_BITS) == 0 ? 8 : 0;
                break;
            }
        }
        while (from < last && (Memory.getByte(from) & 0xff) >= limit) {
            from++;
        }
        return (int) (from - address);
    }

    /**
     * Which of the 64 bytes from {@code at} on are less than {@code limit}, 1 to 255: a bit for each, the lowest for the
     * first. What lies behind the view is not less.
     */
    public long bitsBelow(int at, int limit) {
        check(at, 0);
        if (length - at >= 64) {
            return Memory.below64(address + at, limit);
        }
        long bits = 0;
        for (int i = length - at - 1; i >= 0; i--) {
            bits = bits << 1 | ((Memory.getByte(address + at + i) & 0xff) < limit ? 1 : 0);
        }
        return bits;
    }

    /** The number of the lowest bit of such a result that is set; one is. */
    public static int lowestBit(long bits) {
        return Arithmetic.lowestBit(bits);
    }

    /** Which of the 16 bytes from {@code at} on are those of {@code other} from {@code otherAt} on: a bit for each. */
    public int bitsEqual(int at, Bytes other, int otherAt) {
        check(at, 16);
        other.check(otherAt, 16);
        return Memory.equal16(address + at, other.address + otherAt);
    }

    /** Compares like {@link #equalBytes}, but as fast as it can: for what is no secret. */
    public boolean matches(int at, Bytes other, int otherAt, int size) {
        check(at, size);
        other.check(otherAt, size);
        return Memory.matches(address + at, other.address + otherAt, size);
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.sql.postgres;

import org.unimark.keel.buffer.Bytes;

/** Text (UTF-8) that is put together in memory of a fixed size; what does not fit is noted and left out. */
final class TextBuffer {
    private static final String HEX = "0123456789abcdef";

    final Bytes bytes;
    int length;
    boolean overflown;

    TextBuffer(Bytes memory) {
        this.bytes = memory;
    }

    TextBuffer clear() {
        length = 0;
        overflown = false;
        return this;
    }

    /** How much more fits. */
    int room() {
        return overflown ? 0 : bytes.length() - length;
    }

    TextBuffer text(String ascii) {
        if (fits(ascii.length())) {
            length = bytes.putAscii(length, ascii);
        }
        return this;
    }

    TextBuffer copy(Bytes source, int at, int size) {
        if (fits(size)) {
            bytes.copyFrom(length, source, at, size);
            length += size;
        }
        return this;
    }

    TextBuffer put8(int value) {
        if (fits(1)) {
            bytes.put8(length++, value);
        }
        return this;
    }

    TextBuffer hex(int value) {
        return put8(HEX.charAt(value >> 4 & 15)).put8(HEX.charAt(value & 15));
    }

    TextBuffer number(long value) {
        if (fits(Numbers.MAXIMUM_DIGITS)) {
            length = Numbers.put(bytes, length, value);
        }
        return this;
    }

    /** Puts text in front of what begins at {@code at}. */
    TextBuffer insert(int at, String ascii) {
        int size = ascii.length();
        if (fits(size)) {
            for (int i = length - 1; i >= at; i--) {
                bytes.put8(i + size, bytes.u8(i));
            }
            bytes.putAscii(at, ascii);
            length += size;
        }
        return this;
    }

    /** Whether it is that text from {@code at} on, letter by letter. */
    boolean is(int at, String ascii) {
        return length - at == ascii.length() && Ascii.matches(bytes, at, ascii);
    }

    byte[] toArray() {
        byte[] copy = new byte[length];
        bytes.copyTo(0, copy, 0, length);
        return copy;
    }

    private boolean fits(int size) {
        if (size > bytes.length() - length) {
            overflown = true;
        }
        return !overflown;
    }
}

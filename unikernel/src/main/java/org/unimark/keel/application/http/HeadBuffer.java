// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.http;

import org.unimark.keel.buffer.Bytes;

/** Memory in which a head is composed that was not foreseen when the site was compiled. Text that does not fit is noted. */
final class HeadBuffer {
    /** Longer than any ready head plus what the server adds to one. */
    static final int CAPACITY = 2048;

    /** For pools. */
    HeadBuffer next;

    private final Bytes bytes;
    private int length;
    private boolean overflown;

    /** @param memory {@link #CAPACITY} bytes */
    HeadBuffer(Bytes memory) {
        this.bytes = memory;
    }

    Bytes bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    /** Whether something did not fit since {@link #clear}. */
    boolean isOverflown() {
        return overflown;
    }

    HeadBuffer clear() {
        length = 0;
        overflown = false;
        return this;
    }

    HeadBuffer text(String ascii) {
        if (fits(ascii.length())) {
            length = bytes.putAscii(length, ascii);
        }
        return this;
    }

    HeadBuffer copy(Bytes source, int at, int size) {
        if (fits(size)) {
            bytes.copyFrom(length, source, at, size);
            length += size;
        }
        return this;
    }

    HeadBuffer date(DateStamp date) {
        if (fits(HttpDate.LENGTH)) {
            date.copyTo(bytes, length);
            length += HttpDate.LENGTH;
        }
        return this;
    }

    HeadBuffer number(long value) {
        int digits = Decimal.digits(value);
        if (fits(digits)) {
            Decimal.put(bytes, length, value, digits);
            length += digits;
        }
        return this;
    }

    /** Takes back the last {@code size} bytes. */
    HeadBuffer drop(int size) {
        length -= size;
        return this;
    }

    private boolean fits(int size) {
        if (size > CAPACITY - length) {
            overflown = true;
        }
        return !overflown;
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.part;

import org.unimark.keel.buffer.Bytes;

/** Something that Keel does for every request, again and again. */
public interface Part {
    /** Where a part gets its memory from, once. */
    interface Allocator {
        /** Zeroed memory outside the garbage-collected heap. */
        Bytes allocate(int bytes);
    }

    /** Does it once. What it returns depends on all that was done, so that no compiler can leave anything out. */
    long run();

    /** Copies a text of ASCII into memory of its own. */
    static Bytes ascii(Allocator allocator, String text) {
        Bytes bytes = allocator.allocate(text.length());
        bytes.putAscii(0, text);
        return bytes;
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.kernel;

import org.unimark.keel.buffer.Bytes;

/** The console: one line an event worth a person's attention. Not for the data path. */
public interface Log {
    void line(String text);

    /**
     * Writes {@code text[from, from + length)}, ASCII with line ends of its own, as it is. Real consoles do so without
     * allocating anything; this default makes a string of each line.
     */
    default void text(Bytes text, int from, int length) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < length; i++) {
            int character = text.u8(from + i);
            if (character == '\n') {
                line(line.toString());
                line.setLength(0);
            } else {
                line.append((char) character);
            }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.kernel;

import java.util.function.Consumer;
import org.unimark.keel.buffer.Bytes;

/** The console: one line an event worth a person's attention. Not for the data path. */
public interface Log {
    void line(String text);

    /** Writes {@code text[from, from + length)}, ASCII with line ends of its own, as it is, without allocating anything. */
    void text(Bytes text, int from, int length);

    /** A log that hands on each line: for tests, which may allocate. */
    static Log of(Consumer<String> lines) {
        return new Log() {
            @Override
            public void line(String text) {
                lines.accept(text);
            }

            @Override
            public void text(Bytes text, int from, int length) {
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
        };
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.boot;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** Text protocols, as clients in tests read them. */
public final class Lines {
    private Lines() {}

    /** The next line without its end; throws {@link EOFException} if it never ends. */
    public static String read(InputStream in) throws IOException {
        StringBuilder text = new StringBuilder();
        for (int character = in.read(); character != '\n'; character = in.read()) {
            if (character < 0) {
                throw new EOFException("the connection ended");
            }
            if (character != '\r') {
                text.append((char) character);
            }
        }
        return text.toString();
    }
}

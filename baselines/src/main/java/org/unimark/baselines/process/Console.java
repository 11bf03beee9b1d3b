// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines.process;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The file that a system writes its console to. */
public final class Console {
    private static final int TAIL_BYTES = 4096;

    private Console() {}

    /** The last few kilobytes of {@code file}, or a sentence if it cannot be read. */
    public static String tail(Path file) {
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            byte[] bytes = new byte[(int) Math.min(in.length(), TAIL_BYTES)];
            in.seek(in.length() - bytes.length);
            in.readFully(bytes);
            return new String(bytes, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "(no console: " + e.getMessage() + ")";
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.simulation;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Frames that real systems sent, one a file in {@code packets/}, captured with tcpdump between two Linux namespaces. */
public final class CapturedFrame {
    private CapturedFrame() {}

    /** Reads {@code packets/NAME.hex}. */
    public static byte[] named(String name) {
        try (InputStream in = CapturedFrame.class.getResourceAsStream("/packets/" + name + ".hex")) {
            if (in == null) {
                throw new IllegalArgumentException("no captured frame " + name);
            }
            String text = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
            return HexFormat.of().parseHex(text.replaceAll("\\s", ""));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

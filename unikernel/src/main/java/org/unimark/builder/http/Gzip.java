// SPDX-License-Identifier: Apache-2.0
package org.unimark.builder.http;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * RFC 1952 with a fixed header. {@code GZIPOutputStream} marks the operating system differently from one JDK to the next,
 * and images are to be reproducible.
 */
final class Gzip {
    /** Magic, deflate, no flags, no time, best compression, unknown system. */
    private static final byte[] HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 2, (byte) 0xff};

    private static final int TRAILER_BYTES = 8;

    private Gzip() {}

    static byte[] compress(byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(content.length / 2 + 64);
        out.writeBytes(HEADER);
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
        try {
            deflater.setInput(content);
            deflater.finish();
            byte[] part = new byte[8192];
            while (!deflater.finished()) {
                out.write(part, 0, deflater.deflate(part));
            }
        } finally {
            deflater.end();
        }
        CRC32 check = new CRC32();
        check.update(content);
        out.writeBytes(ByteBuffer.allocate(TRAILER_BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt((int) check.getValue())
                .putInt(content.length)
                .array());
        return out.toByteArray();
    }
}

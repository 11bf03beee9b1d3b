// SPDX-License-Identifier: Apache-2.0
package org.unimark.builder.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * The site that every server under test serves: an index page of 612 bytes, as long as the one that nginx installs, and
 * files of 64 bytes to 10 MiB that do not compress. Always the same bytes and dates, so that nothing large is committed.
 */
public final class BenchmarkSite {
    /** The length of {@code index.html}. */
    public static final int INDEX_BYTES = 612;

    private static final long SEED = 20_260_612;
    /** 2026-01-01T00:00Z. */
    private static final long MODIFIED_MILLIS = 1_767_225_600_000L;

    private static final int KIBIBYTE = 1024;

    private static final String INDEX = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <title>Unimark: the page that is measured</title>
            <style>
            body { max-width: 34em; margin: 3em auto; font-family: sans-serif; }
            </style>
            </head>
            <body>
            <h1>The page that is measured</h1>
            <p>Whoever asks for this page gets the same bytes from every server
            that takes part: from Keel, which boots without an operating system,
            and from those that run on Linux, in a container.</p>
            <p>It is as long as the first page of a well-known web server, so that
            figures can be set side by side.</p>
            <p>It has 612 bytes, neither more nor less.</p>
            </body>
            </html>
            """;

    private BenchmarkSite() {}

    /** Configuration under which a server is measured: it does not close a connection to have it opened again. */
    public static String configuration() {
        return "keepalive_requests = 2000000000\n";
    }

    /** Writes the index page only: a site of one page. */
    public static void writeIndex(Path directory) throws IOException {
        write(directory, Map.of("index.html", index()));
    }

    /** Writes the whole site. */
    public static void write(Path directory) throws IOException {
        writeIndex(directory);
        writeFiles(directory);
    }

    /** Writes the files, without an index page. */
    public static void writeFiles(Path directory) throws IOException {
        write(directory, files());
    }

    /** The contents of the files, by name, from small to large. */
    public static Map<String, byte[]> files() {
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("64b.bin", noise(64));
        files.put("1k.bin", noise(KIBIBYTE));
        files.put("16k.bin", noise(16 * KIBIBYTE));
        files.put("256k.bin", noise(256 * KIBIBYTE));
        files.put("1m.bin", noise(KIBIBYTE * KIBIBYTE));
        files.put("10m.bin", noise(10 * KIBIBYTE * KIBIBYTE));
        return files;
    }

    /** The index page. */
    static byte[] index() {
        return INDEX.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] noise(int bytes) {
        byte[] noise = new byte[bytes];
        new SplittableRandom(SEED + bytes).nextBytes(noise);
        return noise;
    }

    private static void write(Path directory, Map<String, byte[]> files) throws IOException {
        Files.createDirectories(directory);
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Path path = directory.resolve(file.getKey());
            Files.write(path, file.getValue());
            Files.setLastModifiedTime(path, FileTime.fromMillis(MODIFIED_MILLIS));
        }
    }
}

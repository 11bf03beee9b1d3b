// SPDX-License-Identifier: Apache-2.0
package org.unimark.builder.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** Small sites for tests: files by name, all modified at the same known time. */
public final class TestSites {
    /** Sun, 06 Nov 1994 08:49:37 GMT, the date of RFC 9110. */
    public static final long MODIFIED_SECONDS = 784_111_777;

    public static final String INDEX = "<!DOCTYPE html>\n<title>Keel</title>\n" + "<p>A page.</p>\n".repeat(38);

    private TestSites() {}

    /** A site with an index, a directory, a name that needs escapes and something that cannot be compressed. */
    public static Map<String, byte[]> standard() {
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("index.html", INDEX.getBytes(StandardCharsets.US_ASCII));
        files.put("digits.bin", "0123456789abcdefghijklmnopqrstuvwxyz".getBytes(StandardCharsets.US_ASCII));
        files.put("empty.txt", new byte[0]);
        files.put("sub/index.html", "<p>sub</p>\n".getBytes(StandardCharsets.US_ASCII));
        files.put("sub/sp ace+%.txt", "odd name\n".getBytes(StandardCharsets.US_ASCII));
        files.put("sub/naïve.css", "p{color:red}\n".repeat(20).getBytes(StandardCharsets.US_ASCII));
        files.put("plain/file", "no extension\n".getBytes(StandardCharsets.US_ASCII));
        files.put("noise.bin", noise(100_000));
        files.put(".hidden", "secret".getBytes(StandardCharsets.US_ASCII));
        return files;
    }

    /** Bytes that do not compress, always the same. */
    public static byte[] noise(int size) {
        byte[] noise = new byte[size];
        new SplittableRandom(7).nextBytes(noise);
        return noise;
    }

    /** The text in gzip coding. */
    public static byte[] gzip(String text) {
        return Gzip.compress(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Writes the files below {@code root}. */
    public static void write(Path root, Map<String, byte[]> files) {
        try {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                Path path = root.resolve(file.getKey());
                Files.createDirectories(path.getParent());
                Files.write(path, file.getValue());
                Files.setLastModifiedTime(path, FileTime.fromMillis(MODIFIED_SECONDS * 1000));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Deletes a directory and what is in it. */
    public static void delete(Path root) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    /** Compiles the files with a configuration. */
    public static byte[] compile(Path root, Map<String, byte[]> files, String configuration) {
        write(root, files);
        try {
            return SiteCompiler.compileSite(root, SiteConfiguration.parse("http.properties", configuration));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

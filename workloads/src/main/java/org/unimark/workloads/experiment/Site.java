// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.experiment;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Locale;
import java.util.Random;
import org.unimark.baselines.HttpAnswer;
import org.unimark.baselines.HttpSite;
import org.unimark.baselines.Probe;
import org.unimark.baselines.Service;
import org.unimark.workloads.load.HttpExchange;
import org.unimark.workloads.load.Protocol;

/** The content that all HTTP systems serve; the same bytes in every run. */
public enum Site implements Subject {
    /** One page of 612 bytes, the size of nginx's own. */
    PAGE("index.html", "/"),
    /** One file of 1 MiB that does not compress. */
    BULK("bulk.bin", "/bulk.bin");

    private static final Instant LAST_MODIFIED = Instant.parse("2026-01-01T00:00:00Z");
    private static final int PAGE_BYTES = 612;
    private static final int BULK_BYTES = 1 << 20;
    private static final long BULK_SEED = 198_18;

    /** The name that requests give. */
    static final String HOST = "unimark.test";

    private final String file;
    private final String path;

    Site(String file, String path) {
        this.file = file;
        this.path = path;
    }

    @Override
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The path to ask for. */
    public String path() {
        return path;
    }

    /** What the answer must be. */
    public byte[] body() {
        if (this == PAGE) {
            String start = "<!DOCTYPE html>\n<html>\n<head>\n<title>Unimark</title>\n</head>\n<body>\n<p>";
            String end = "</p>\n</body>\n</html>\n";
            String text = "One page, the same bytes from every system. ".repeat(PAGE_BYTES);
            return (start + text.substring(0, PAGE_BYTES - start.length() - end.length()) + end)
                    .getBytes(StandardCharsets.US_ASCII);
        }
        return incompressible(BULK_BYTES);
    }

    /** The same bytes in every run. */
    static byte[] incompressible(int bytes) {
        byte[] body = new byte[bytes];
        new Random(BULK_SEED).nextBytes(body);
        return body;
    }

    @Override
    public String application() {
        return "http";
    }

    /** The request for it, and the only correct answer. */
    public HttpExchange exchange() {
        return HttpExchange.keepAlive(HOST, path, body());
    }

    @Override
    public Protocol requests() {
        return exchange();
    }

    @Override
    public Probe probe() {
        return new HttpAnswer(HOST, path, body());
    }

    @Override
    public Service service(Path directory) throws IOException {
        return new HttpSite(write(directory), writeConfiguration(directory));
    }

    /**
     * Writes the configuration of the HTTP application next to the sites in {@code parent}, and returns the file. It says
     * what the configuration of nginx says: connections are kept for as long as the load lasts, nothing is compressed.
     */
    public static Path writeConfiguration(Path parent) throws IOException {
        return Files.writeString(
                Files.createDirectories(parent).resolve("http.properties"),
                "keepalive_requests = 1000000000\ngzip = off\naccess_log = off\n");
    }

    /** Writes the site's directory below {@code parent}, for the builders of images, and returns it. */
    public Path write(Path parent) throws IOException {
        Path directory = Files.createDirectories(parent.resolve(label()));
        writeFile(directory, file, body());
        return directory;
    }

    /** Writes a file of a site. */
    static void writeFile(Path directory, String name, byte[] body) throws IOException {
        Path content = Files.write(directory.resolve(name), body);
        // Part of the answer: the same in every run, so that images are the same, too.
        Files.setLastModifiedTime(content, FileTime.from(LAST_MODIFIED));
    }
}

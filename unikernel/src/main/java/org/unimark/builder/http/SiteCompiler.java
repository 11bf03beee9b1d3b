// SPDX-License-Identifier: Apache-2.0
package org.unimark.builder.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.unimark.keel.application.http.Setting;
import org.unimark.keel.application.http.SiteFormat;

/** Turns a directory and a configuration into the resource that {@code HttpApplication} serves. */
public final class SiteCompiler {
    private static final int TAG_BYTES = 8;
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
            .withZone(ZoneOffset.UTC);
    private static final Map<Integer, String> REASONS = reasons();

    private final SiteConfiguration configuration;
    private final ContentTypes types;
    private final String common;
    private final SiteWriter writer;

    private SiteCompiler(SiteConfiguration configuration) {
        this.configuration = configuration;
        this.types = new ContentTypes(configuration.types(), configuration.charset());
        StringBuilder lines = new StringBuilder();
        if (!configuration.server().isEmpty()) {
            lines.append("Server: ").append(configuration.server()).append("\r\n");
        }
        configuration
                .headers()
                .forEach((name, value) ->
                        lines.append(name).append(": ").append(value).append("\r\n"));
        this.common = lines.toString();
        int[] settings = new int[Setting.COUNT];
        for (int i = 0; i < settings.length; i++) {
            settings[i] = configuration.setting(i);
        }
        this.writer = new SiteWriter(settings, common);
    }

    private static Map<Integer, String> reasons() {
        Map<Integer, String> reasons = new LinkedHashMap<>();
        reasons.put(400, "Bad Request");
        reasons.put(404, "Not Found");
        reasons.put(405, "Method Not Allowed");
        reasons.put(408, "Request Timeout");
        reasons.put(412, "Precondition Failed");
        reasons.put(413, "Content Too Large");
        reasons.put(414, "URI Too Long");
        reasons.put(416, "Range Not Satisfiable");
        reasons.put(431, "Request Header Fields Too Large");
        reasons.put(500, "Internal Server Error");
        reasons.put(501, "Not Implemented");
        reasons.put(503, "Service Unavailable");
        reasons.put(505, "HTTP Version Not Supported");
        return reasons;
    }

    /**
     * Compiles a site.
     *
     * @param root the directory; its files appear under {@code /}
     * @param configuration the file {@code http.properties}, or null for the standard configuration
     * @return the resources to seal into the image, by name
     * @throws SiteException if the directory or the configuration cannot be made into a site
     * @throws IOException if a file cannot be read
     */
    public static Map<String, byte[]> compile(Path root, Path configuration) throws IOException {
        SiteConfiguration read =
                configuration == null ? SiteConfiguration.standard() : SiteConfiguration.read(configuration);
        return Map.of(SiteFormat.RESOURCE, compileSite(root, read));
    }

    static byte[] compileSite(Path root, SiteConfiguration configuration) throws IOException {
        if (!Files.isDirectory(root)) {
            throw new SiteException(root + " is not a directory");
        }
        SiteCompiler compiler = new SiteCompiler(configuration);
        compiler.addFiles(root);
        compiler.addMetrics();
        compiler.addErrors();
        return compiler.writer.write();
    }

    private void addFiles(Path root) throws IOException {
        List<Path> files;
        try (Stream<Path> walk = Files.walk(root, FileVisitOption.FOLLOW_LINKS)) {
            // Sorted, so that the same directory gives the same image on every file system.
            files = walk.filter(Files::isRegularFile).sorted().toList();
        }
        for (Path file : files) {
            Path relative = root.relativize(file);
            if (configuration.hiddenFiles() || !isHidden(relative)) {
                addFile(file, relative);
            }
        }
        for (String directory : directories(writer.paths())) {
            addIndex(directory);
        }
    }

    private static boolean isHidden(Path relative) {
        for (Path part : relative) {
            if (part.toString().startsWith(".")) {
                return true;
            }
        }
        return false;
    }

    private static String urlPath(Path relative) {
        StringBuilder path = new StringBuilder();
        for (Path part : relative) {
            path.append('/').append(part);
        }
        return path.toString();
    }

    private void addFile(Path file, Path relative) throws IOException {
        String path = urlPath(relative);
        byte[] content = Files.readAllBytes(file);
        long modified = Math.max(0, Files.getLastModifiedTime(file).toMillis() / 1000);
        String type = types.of(file.getFileName().toString());
        if (type.length() > 255) {
            throw new SiteException(path + ": its content type has " + type.length() + " characters, more than 255");
        }
        byte[] compressed = compressed(content, type);
        String vary = compressed == null ? "" : "Vary: Accept-Encoding\r\n";
        int identity = writer.add(fileResponse(content, content, modified, type, vary, ""));
        int gzip = compressed == null
                ? SiteFormat.NONE
                : writer.add(fileResponse(compressed, content, modified, type, vary, "gzip"));
        writer.add(CompiledEntry.file(path, identity, gzip, modified));
    }

    /** The content in gzip coding, or null if that is not wanted or not smaller. */
    private byte[] compressed(byte[] content, String type) {
        if (!configuration.gzip()
                || content.length < configuration.gzipMinimumLength()
                || !ContentTypes.isCompressible(type)) {
            return null;
        }
        byte[] compressed = Gzip.compress(content);
        return compressed.length < content.length ? compressed : null;
    }

    private CompiledResponse fileResponse(
            byte[] body, byte[] content, long modified, String type, String vary, String coding) {
        // Two codings are two representations: a strong tag must tell them apart (RFC 9110 section 8.8.3.3).
        String tag = configuration.etag() ? '"' + digest(content) + (coding.isEmpty() ? "" : "-" + coding) + '"' : "";
        String validators = common + vary + "Last-Modified: " + DATE.format(Instant.ofEpochSecond(modified)) + "\r\n"
                + (tag.isEmpty() ? "" : "ETag: " + tag + "\r\n");
        String details = "Accept-Ranges: bytes\r\n" + (coding.isEmpty() ? "" : "Content-Encoding: " + coding + "\r\n");
        return CompiledResponse.of(200, "HTTP/1.1 200 OK", validators, details, body, tag, type);
    }

    private static String digest(byte[] content) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
            return HexFormat.of().formatHex(digest, 0, TAG_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Paths of all directories that hold files, each with its slash. */
    private static Set<String> directories(Collection<String> paths) {
        Set<String> directories = new TreeSet<>();
        for (String path : paths) {
            directories.add(path.substring(0, path.lastIndexOf('/') + 1));
        }
        return directories;
    }

    /** A directory with an index file is that file, and its name without the slash leads to it. */
    private void addIndex(String directory) {
        for (String index : configuration.index()) {
            CompiledEntry file = writer.entry(directory + index);
            if (file != null) {
                writer.add(CompiledEntry.file(directory, file.identity(), file.gzip(), file.modifiedSeconds()));
                if (directory.length() > 1) {
                    addRedirect(directory);
                }
                return;
            }
        }
    }

    private void addRedirect(String directory) {
        String location = encode(directory);
        byte[] body = page(301, "Moved Permanently");
        String statusLine = "HTTP/1.1 301 Moved Permanently";
        String lines = common + "Location: " + location + "\r\n";
        int response = writer.add(CompiledResponse.of(301, statusLine, lines, "", body, "", "text/html"));
        writer.add(CompiledEntry.redirect(directory.substring(0, directory.length() - 1), response, location));
    }

    /** Percent-encodes all that is not unreserved (RFC 3986 section 2.3), but slashes. */
    private static String encode(String path) {
        StringBuilder encoded = new StringBuilder();
        for (byte value : path.getBytes(StandardCharsets.UTF_8)) {
            if ((value >= 'a' && value <= 'z')
                    || (value >= 'A' && value <= 'Z')
                    || "0123456789-._~/".indexOf(value) >= 0) {
                encoded.append((char) value);
            } else {
                encoded.append('%').append(HexFormat.of().withUpperCase().toHexDigits(value));
            }
        }
        return encoded.toString();
    }

    private void addMetrics() {
        String path = configuration.metrics();
        if (!path.isEmpty() && !writer.add(CompiledEntry.metrics(path))) {
            throw new SiteException(configuration.place("metrics") + ": the site has a file " + path
                    + "; set 'metrics' to another path, or to nothing");
        }
    }

    private void addErrors() {
        for (int status : SiteFormat.ERROR_STATUSES) {
            String reason = REASONS.get(status);
            byte[] body = page(status, reason);
            String type = "text/html";
            String own = configuration.errorPages().get(status);
            if (own != null) {
                CompiledEntry file = writer.entry(own);
                if (file == null || file.identity() < 0) {
                    throw new SiteException(
                            configuration.place("error_page." + status) + ": the site has no file " + own);
                }
                body = writer.response(file.identity()).body();
                type = writer.response(file.identity()).type();
            }
            String lines = common + extraLines(status);
            String statusLine = "HTTP/1.1 " + status + " " + reason;
            int response = writer.add(CompiledResponse.of(status, statusLine, lines, "", body, "", type));
            writer.addError(status, response);
        }
    }

    private static String extraLines(int status) {
        return switch (status) {
            case 405 -> "Allow: GET, HEAD, OPTIONS\r\n";
            case 503 -> "Retry-After: 1\r\n";
            default -> "";
        };
    }

    private static byte[] page(int status, String reason) {
        String title = status + " " + reason;
        String page = "<!DOCTYPE html>\n<html lang=\"en\">\n<head><title>" + title + "</title></head>\n<body><h1>"
                + title + "</h1></body>\n</html>\n";
        return page.getBytes(StandardCharsets.US_ASCII);
    }
}

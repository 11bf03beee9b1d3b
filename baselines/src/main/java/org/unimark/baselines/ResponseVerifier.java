// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Compares what a server answers with the content it was given, byte for byte, before anything is timed: a server that
 * answers something else, quickly, is no competitor.
 */
public final class ResponseVerifier {
    private static final int TIMEOUT_MILLIS = 10_000;
    private static final String ABSENT_PATH = "/there-is-no-such-page";
    /** Media types by file name extension; several where registrations changed over the years. */
    private static final Map<String, Set<String>> MEDIA_TYPES = Map.of(
            "html", Set.of("text/html"),
            "css", Set.of("text/css"),
            "txt", Set.of("text/plain"),
            "js", Set.of("text/javascript", "application/javascript"),
            "json", Set.of("application/json"),
            "png", Set.of("image/png"),
            "svg", Set.of("image/svg+xml"),
            "bin", Set.of("application/octet-stream"));

    private final Map<String, byte[]> expected;

    private ResponseVerifier(Map<String, byte[]> expected) {
        this.expected = expected;
    }

    /** Expects the regular files below the root of {@code site}, and its index at {@code /}. */
    public static ResponseVerifier of(HttpSite site) throws IOException {
        Map<String, byte[]> expected = new TreeMap<>();
        List<Path> files;
        try (Stream<Path> walk = Files.walk(site.root())) {
            files = walk.filter(Files::isRegularFile).toList();
        }
        for (Path file : files) {
            expected.put("/" + site.root().relativize(file), Files.readAllBytes(file));
        }
        if (expected.containsKey("/index.html")) {
            expected.put("/", expected.get("/index.html"));
        }
        if (expected.isEmpty()) {
            throw new IOException("no content in " + site.root());
        }
        return new ResponseVerifier(expected);
    }

    /** The paths that are compared. */
    public Set<String> paths() {
        return expected.keySet();
    }

    /** Whether {@code response} is the right one for {@code path}. */
    public boolean isCorrect(String path, HttpProbe.Response response) {
        return problem(path, response) == null;
    }

    /**
     * Fetches every path, and one that does not exist, from {@code address}.
     *
     * @throws IOException that names all differences
     */
    public void verify(String system, InetSocketAddress address) throws IOException {
        List<String> problems = new ArrayList<>();
        for (String path : expected.keySet()) {
            String problem = problem(path, HttpProbe.get(address, path, TIMEOUT_MILLIS));
            if (problem != null) {
                problems.add(path + ": " + problem);
            }
        }
        int absent = HttpProbe.get(address, ABSENT_PATH, TIMEOUT_MILLIS).status();
        if (absent != 404) {
            problems.add(ABSENT_PATH + ": status " + absent + " instead of 404");
        }
        if (!problems.isEmpty()) {
            throw new IOException(system + " does not answer as it must: " + String.join("; ", problems));
        }
    }

    private String problem(String path, HttpProbe.Response response) {
        byte[] body = expected.get(path);
        if (body == null) {
            throw new IllegalArgumentException("not a path of the site: " + path);
        }
        if (response.status() != 200) {
            return "status " + response.status() + " instead of 200";
        }
        int difference = Arrays.mismatch(body, response.body());
        if (difference >= 0) {
            return "body of " + response.body().length + " bytes differs from the " + body.length
                    + " expected ones at byte " + difference;
        }
        String name = path.equals("/") ? "/index.html" : path;
        Set<String> types = MEDIA_TYPES.get(name.substring(name.lastIndexOf('.') + 1));
        String type = response.headers().getOrDefault("content-type", "");
        if (types != null && !types.contains(type.split(";", 2)[0].strip())) {
            return "Content-Type '" + type + "' instead of one of " + types;
        }
        return hasValidDate(response) ? null : "no valid Date header (RFC 9110, 6.6.1)";
    }

    private static boolean hasValidDate(HttpProbe.Response response) {
        try {
            ZonedDateTime.parse(response.headers().getOrDefault("date", ""), DateTimeFormatter.RFC_1123_DATE_TIME);
            return true;
        } catch (DateTimeException e) {
            return false;
        }
    }
}

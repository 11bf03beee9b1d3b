// SPDX-License-Identifier: Apache-2.0
package org.unimark.builder.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.unimark.keel.application.http.Setting;
import org.unimark.keel.application.http.SiteFormat;
import org.unimark.keel.net.socket.Connection;

/**
 * {@code http.properties}: lines of {@code key = value}, comments after {@code #}. A key that is unknown, appears twice
 * or has a value out of range is an error with its line, because a sealed image cannot be corrected afterwards.
 */
final class SiteConfiguration {
    private enum Unit {
        COUNT,
        SECONDS,
        BYTES
    }

    /** A number of the configuration: where it goes in {@link Setting}, and what it may be. */
    private record Number(int setting, Unit unit, long standard, long minimum, long maximum) {}

    private static final long MEBIBYTE = 1024 * 1024;
    private static final Map<String, Number> NUMBERS = numbers();

    private final String source;
    private final int[] settings = new int[Setting.COUNT];
    private final Map<String, Integer> lines = new LinkedHashMap<>();
    private final Map<String, String> types = new LinkedHashMap<>();
    private final Map<String, String> headers = new LinkedHashMap<>();
    private final Map<Integer, String> errorPages = new LinkedHashMap<>();
    private String server = "Keel";
    private String metrics = "/metrics";
    private String charset = "utf-8";
    private List<String> index = List.of("index.html");
    private boolean gzip = true;
    private int gzipMinimumLength = 20;
    private boolean etag = true;
    private boolean hiddenFiles;

    private SiteConfiguration(String source) {
        this.source = source;
        NUMBERS.values().forEach(number -> settings[number.setting] = (int) number.standard);
    }

    private static Map<String, Number> numbers() {
        Map<String, Number> numbers = new LinkedHashMap<>();
        numbers.put("port", new Number(Setting.PORT, Unit.COUNT, 80, 1, 65_535));
        numbers.put("backlog", new Number(Setting.BACKLOG, Unit.COUNT, 1024, 1, 65_535));
        numbers.put("max_connections", new Number(Setting.MAX_CONNECTIONS, Unit.COUNT, 16_384, 1, 1_000_000));
        numbers.put(
                "keepalive_requests", new Number(Setting.KEEPALIVE_REQUESTS, Unit.COUNT, 1000, 1, Integer.MAX_VALUE));
        numbers.put("keepalive_timeout", seconds(Setting.KEEPALIVE_TIMEOUT_SECONDS, 75));
        numbers.put("header_timeout", seconds(Setting.HEADER_TIMEOUT_SECONDS, 60));
        numbers.put("body_timeout", seconds(Setting.BODY_TIMEOUT_SECONDS, 60));
        numbers.put("send_timeout", seconds(Setting.SEND_TIMEOUT_SECONDS, 60));
        numbers.put("lingering_timeout", seconds(Setting.LINGERING_TIMEOUT_SECONDS, 5));
        numbers.put("max_request_line", new Number(Setting.MAX_REQUEST_LINE_BYTES, Unit.BYTES, 4096, 64, 15_000));
        numbers.put("max_header_bytes", new Number(Setting.MAX_HEADER_BYTES, Unit.BYTES, 8192, 128, 16_000));
        numbers.put("max_headers", new Number(Setting.MAX_HEADERS, Unit.COUNT, 100, 1, 8000));
        numbers.put("max_body", new Number(Setting.MAX_BODY_BYTES, Unit.BYTES, MEBIBYTE, 0, 1024 * MEBIBYTE));
        numbers.put("max_ranges", new Number(Setting.MAX_RANGES, Unit.COUNT, 16, 1, 1000));
        return numbers;
    }

    private static Number seconds(int setting, long standard) {
        return new Number(setting, Unit.SECONDS, standard, 1, 86_400);
    }

    /** The configuration that an absent or empty file stands for. */
    static SiteConfiguration standard() {
        return new SiteConfiguration("standard configuration");
    }

    /**
     * @throws SiteException if the file says something that is not understood
     */
    static SiteConfiguration read(Path file) throws IOException {
        return parse(file.toString(), Files.readString(file, StandardCharsets.UTF_8));
    }

    static SiteConfiguration parse(String source, String text) {
        SiteConfiguration configuration = new SiteConfiguration(source);
        int number = 0;
        for (String line : text.split("\n", -1)) {
            number++;
            String content = line.strip();
            if (!content.isEmpty() && content.charAt(0) != '#') {
                configuration.line(number, content);
            }
        }
        configuration.checkTogether();
        return configuration;
    }

    private void line(int number, String content) {
        int equals = content.indexOf('=');
        if (equals < 0) {
            throw error(number, "expected 'key = value', found '" + content + "'");
        }
        String key = content.substring(0, equals).strip();
        String value = content.substring(equals + 1).strip();
        Integer earlier = lines.put(key, number);
        if (earlier != null) {
            throw error(number, "'" + key + "' was already set in line " + earlier);
        }
        if (NUMBERS.containsKey(key)) {
            settings[NUMBERS.get(key).setting] = number(number, key, value);
        } else {
            text(number, key, value);
        }
    }

    private void text(int number, String key, String value) {
        switch (key) {
            case "server" -> server = fieldValue(number, value);
            case "metrics" -> metrics = path(number, value, true);
            case "charset" -> charset = fieldValue(number, value);
            case "index" ->
                index = Arrays.stream(value.split(",")).map(String::strip).toList();
            case "gzip" -> gzip = isOn(number, key, value);
            case "gzip_min_length" -> gzipMinimumLength = (int) parseNumber(number, value, Unit.BYTES);
            case "etag" -> etag = isOn(number, key, value);
            case "hidden_files" -> hiddenFiles = isOn(number, key, value);
            case "access_log" -> settings[Setting.ACCESS_LOG] = isOn(number, key, value) ? 1 : 0;
            default -> prefixed(number, key, value);
        }
    }

    private void prefixed(int number, String key, String value) {
        int dot = key.indexOf('.');
        String name = key.substring(dot + 1);
        switch (dot < 0 ? key : key.substring(0, dot)) {
            case "type" -> types.put(name.toLowerCase(Locale.ROOT), fieldValue(number, value));
            case "header" -> {
                if (!name.matches("[!#$%&'*+.^_`|~0-9A-Za-z-]+")) {
                    throw error(number, "'" + name + "' is not a header field name");
                }
                headers.put(name, fieldValue(number, value));
            }
            case "error_page" -> errorPages.put(status(number, name), path(number, value, false));
            default -> throw error(number, "unknown key '" + key + "'; the keys are " + String.join(", ", keys()));
        }
    }

    private static List<String> keys() {
        List<String> keys = new ArrayList<>(NUMBERS.keySet());
        keys.addAll(List.of("server", "metrics", "charset", "index", "gzip", "gzip_min_length", "etag"));
        keys.addAll(List.of("hidden_files", "access_log", "type.EXTENSION", "header.NAME", "error_page.STATUS"));
        return keys;
    }

    private int number(int line, String key, String value) {
        Number number = NUMBERS.get(key);
        long parsed = parseNumber(line, value, number.unit);
        if (parsed < number.minimum || parsed > number.maximum) {
            throw error(
                    line, "'" + key + "' must be from " + number.minimum + " to " + number.maximum + ", not " + value);
        }
        return (int) parsed;
    }

    /** Digits, with a suffix that multiplies: k, m for bytes and s, m, h for seconds. */
    private long parseNumber(int line, String value, Unit unit) {
        String small = value.toLowerCase(Locale.ROOT);
        String suffix = small.isEmpty() ? "" : small.substring(small.length() - 1);
        long factor = switch (unit.name() + suffix) {
            case "BYTESk" -> 1024;
            case "BYTESm" -> MEBIBYTE;
            case "SECONDSs" -> 1;
            case "SECONDSm" -> 60;
            case "SECONDSh" -> 3600;
            default -> 0;
        };
        String digits = factor == 0 ? small : small.substring(0, small.length() - 1);
        if (!digits.matches("[0-9]{1,10}")) {
            throw error(line, "'" + value + "' is not a number" + suffixes(unit));
        }
        return Long.parseLong(digits) * Math.max(factor, 1);
    }

    private static String suffixes(Unit unit) {
        return switch (unit) {
            case COUNT -> "";
            case SECONDS -> " of seconds (suffixes s, m, h)";
            case BYTES -> " of bytes (suffixes k, m)";
        };
    }

    private boolean isOn(int line, String key, String value) {
        if (!value.equals("on") && !value.equals("off")) {
            throw error(line, "'" + key + "' is 'on' or 'off', not '" + value + "'");
        }
        return value.equals("on");
    }

    private String fieldValue(int line, String value) {
        if (!value.matches("[\\x20-\\x7e]*")) {
            throw error(line, "only printable ASCII characters can be sent in a header field");
        }
        return value;
    }

    private String path(int line, String value, boolean mayBeEmpty) {
        if (!(value.isEmpty() && mayBeEmpty) && !value.matches("/[^\\s?#%]*")) {
            throw error(line, "'" + value + "' is not a path that begins with '/'");
        }
        return value;
    }

    private int status(int line, String name) {
        int status = name.matches("[0-9]{3}") ? Integer.parseInt(name) : 0;
        if (Arrays.stream(SiteFormat.ERROR_STATUSES).noneMatch(known -> known == status)) {
            throw error(line, "no page can be set for status '" + name + "'");
        }
        return status;
    }

    private void checkTogether() {
        int head = settings[Setting.MAX_REQUEST_LINE_BYTES] + 2 + settings[Setting.MAX_HEADER_BYTES];
        if (head > Connection.RECEIVE_CONTIGUOUS) {
            throw new SiteException(source + ": max_request_line and max_header_bytes add up to " + head
                    + ", more than " + Connection.RECEIVE_CONTIGUOUS);
        }
    }

    private SiteException error(int line, String message) {
        return new SiteException(source + ":" + line + ": " + message);
    }

    /** The line in which {@code key} was set, for messages about its value. */
    String place(String key) {
        return lines.containsKey(key) ? source + ":" + lines.get(key) : source;
    }

    int setting(int number) {
        return settings[number];
    }

    String server() {
        return server;
    }

    /** Empty if there is to be no metrics page. */
    String metrics() {
        return metrics;
    }

    String charset() {
        return charset;
    }

    List<String> index() {
        return index;
    }

    boolean gzip() {
        return gzip;
    }

    int gzipMinimumLength() {
        return gzipMinimumLength;
    }

    boolean etag() {
        return etag;
    }

    boolean hiddenFiles() {
        return hiddenFiles;
    }

    Map<String, String> types() {
        return types;
    }

    Map<String, String> headers() {
        return headers;
    }

    Map<Integer, String> errorPages() {
        return errorPages;
    }
}

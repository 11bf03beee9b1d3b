// SPDX-License-Identifier: Apache-2.0
package org.unimark.builder.http;

import java.util.Locale;
import java.util.Map;

/** Media types by file name extension, and which of them are worth compressing. */
final class ContentTypes {
    private static final String UNKNOWN = "application/octet-stream";

    private static final Map<String, String> STANDARD = Map.ofEntries(
            Map.entry("atom", "application/atom+xml"),
            Map.entry("avif", "image/avif"),
            Map.entry("bmp", "image/bmp"),
            Map.entry("css", "text/css"),
            Map.entry("csv", "text/csv"),
            Map.entry("eot", "application/vnd.ms-fontobject"),
            Map.entry("gif", "image/gif"),
            Map.entry("gz", "application/gzip"),
            Map.entry("htm", "text/html"),
            Map.entry("html", "text/html"),
            Map.entry("ico", "image/x-icon"),
            Map.entry("ics", "text/calendar"),
            Map.entry("jpeg", "image/jpeg"),
            Map.entry("jpg", "image/jpeg"),
            Map.entry("js", "text/javascript"),
            Map.entry("json", "application/json"),
            Map.entry("map", "application/json"),
            Map.entry("md", "text/markdown"),
            Map.entry("mjs", "text/javascript"),
            Map.entry("mp3", "audio/mpeg"),
            Map.entry("mp4", "video/mp4"),
            Map.entry("ogg", "audio/ogg"),
            Map.entry("otf", "font/otf"),
            Map.entry("pdf", "application/pdf"),
            Map.entry("png", "image/png"),
            Map.entry("rss", "application/rss+xml"),
            Map.entry("svg", "image/svg+xml"),
            Map.entry("tar", "application/x-tar"),
            Map.entry("ttf", "font/ttf"),
            Map.entry("txt", "text/plain"),
            Map.entry("wasm", "application/wasm"),
            Map.entry("webm", "video/webm"),
            Map.entry("webmanifest", "application/manifest+json"),
            Map.entry("webp", "image/webp"),
            Map.entry("woff", "font/woff"),
            Map.entry("woff2", "font/woff2"),
            Map.entry("xhtml", "application/xhtml+xml"),
            Map.entry("xml", "text/xml"),
            Map.entry("zip", "application/zip"));

    private final Map<String, String> own;
    private final String charset;

    /**
     * @param own types by extension in small letters, which go before the standard ones
     * @param charset appended to text types; empty for none
     */
    ContentTypes(Map<String, String> own, String charset) {
        this.own = own;
        this.charset = charset;
    }

    /** The value of Content-Type for a file of that name. */
    String of(String fileName) {
        String extension = fileName.substring(fileName.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        if (own.containsKey(extension)) {
            return own.get(extension);
        }
        String type = fileName.indexOf('.') < 0 ? UNKNOWN : STANDARD.getOrDefault(extension, UNKNOWN);
        return type.startsWith("text/") && !charset.isEmpty() ? type + "; charset=" + charset : type;
    }

    /** Whether content of that type usually shrinks: text in one form or another. */
    static boolean isCompressible(String type) {
        String bare = type.indexOf(';') < 0
                ? type
                : type.substring(0, type.indexOf(';')).strip();
        return bare.startsWith("text/")
                || bare.endsWith("+xml")
                || bare.endsWith("+json")
                || bare.equals("application/json")
                || bare.equals("application/xml")
                || bare.equals("application/javascript")
                || bare.equals("application/wasm")
                || bare.equals("application/vnd.ms-fontobject")
                || bare.equals("image/bmp")
                || bare.equals("image/x-icon")
                || bare.equals("font/ttf")
                || bare.equals("font/otf");
    }
}

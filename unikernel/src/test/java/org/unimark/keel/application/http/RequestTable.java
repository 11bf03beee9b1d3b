// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.http;

import java.util.ArrayList;
import java.util.List;

/**
 * Requests and what must come back, for the site of {@code TestSites.standard()} with the standard configuration. The
 * same table is played against a scripted connection, against real sockets and against nginx.
 */
final class RequestTable {
    /**
     * One exchange.
     *
     * @param name what is shown
     * @param request the bytes, one character each
     * @param statuses the status codes of all responses, in order
     * @param closes whether the server closes afterwards
     * @param contains a text that the response has, or empty
     * @param nginx what nginx 1.22 answers instead, with the reason; empty where it agrees
     */
    record Case(String name, String request, List<Integer> statuses, boolean closes, String contains, String nginx) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static final List<Case> CASES = new ArrayList<>();
    private static final String HOST = "Host: a\r\n";

    private RequestTable() {}

    static List<Case> cases() {
        return CASES;
    }

    private static void stays(String name, String request, int status, String contains) {
        CASES.add(new Case(name, request, List.of(status), false, contains, ""));
    }

    private static void closes(String name, String request, int status, String contains) {
        CASES.add(new Case(name, request, List.of(status), true, contains, ""));
    }

    private static void sequence(String name, String request, boolean closes, Integer... statuses) {
        CASES.add(new Case(name, request, List.of(statuses), closes, "", ""));
    }

    /** The last case differs from nginx; {@code reason} begins with nginx's statuses, comma-separated, then a colon. */
    private static void unlikeNginx(String reason) {
        Case last = CASES.remove(CASES.size() - 1);
        CASES.add(new Case(last.name, last.request, last.statuses, last.closes, last.contains, reason));
    }

    static String get(String target, String... fields) {
        StringBuilder request = new StringBuilder("GET " + target + " HTTP/1.1\r\n" + HOST);
        for (String field : fields) {
            request.append(field).append("\r\n");
        }
        return request.append("\r\n").toString();
    }

    static {
        methodsAndVersions();
        targets();
        hosts();
        connections();
        bodies();
        smuggling();
        malformed();
        limits();
        conditions();
        ranges();
        codings();
    }

    private static void methodsAndVersions() {
        stays("index", get("/"), 200, "Content-Type: text/html");
        stays("head", "HEAD / HTTP/1.1\r\n" + HOST + "\r\n", 200, "Content-Length: ");
        stays("post", "POST / HTTP/1.1\r\n" + HOST + "Content-Length: 2\r\n\r\nhi", 405, "Allow: GET, HEAD, OPTIONS");
        unlikeNginx("405: nginx sends no Allow");
        stays("trace", "TRACE / HTTP/1.1\r\n" + HOST + "\r\n", 405, "");
        stays("connect", "CONNECT a:80 HTTP/1.1\r\n" + HOST + "\r\n", 405, "");
        unlikeNginx("400: nginx does not read the authority form");
        stays("options", "OPTIONS / HTTP/1.1\r\n" + HOST + "\r\n", 204, "Allow: GET, HEAD, OPTIONS");
        unlikeNginx("405: nginx offers no OPTIONS for files");
        stays("options of all", "OPTIONS * HTTP/1.1\r\n" + HOST + "\r\n", 204, "Allow: ");
        unlikeNginx("400: nginx does not read the asterisk form");
        stays("unknown method", "BREW / HTTP/1.1\r\n" + HOST + "\r\n", 501, "");
        unlikeNginx("405: RFC 9110 9.1 wants 501 for a method that is not known");
        closes("method in small letters", "GE\u007f / HTTP/1.1\r\n" + HOST + "\r\n", 400, "");
        closes("no method", " / HTTP/1.1\r\n" + HOST + "\r\n", 400, "");
        closes("HTTP/1.0", "GET / HTTP/1.0\r\n\r\n", 200, "Connection: close");
        stays("HTTP/1.0 kept alive", "GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n", 200, "Connection: keep-alive");
        stays("HTTP/1.7", "GET / HTTP/1.7\r\n" + HOST + "\r\n", 200, "");
        closes("HTTP/2.0", "GET / HTTP/2.0\r\n" + HOST + "\r\n", 505, "");
        closes("HTTP/0.9", "GET /\r\n\r\n", 400, "");
        unlikeNginx("0: nginx still answers HTTP/0.9, without a head");
        closes("no such protocol", "GET / HTTQ/1.1\r\n" + HOST + "\r\n", 400, "");
        closes("two digits of version", "GET / HTTP/1.10\r\n" + HOST + "\r\n", 400, "");
        unlikeNginx("200: nginx reads several digits");
        closes("small letters of version", "GET / http/1.1\r\n" + HOST + "\r\n", 400, "");
        closes("two spaces", "GET  / HTTP/1.1\r\n" + HOST + "\r\n", 400, "");
        unlikeNginx("200: nginx skips spaces before the target");
        closes("space in target", "GET /a b HTTP/1.1\r\n" + HOST + "\r\n", 400, "");
    }

    private static void targets() {
        stays("file", get("/digits.bin"), 200, "\r\n\r\n0123456789abc");
        stays("empty file", get("/empty.txt"), 200, "Content-Length: 0\r\n");
        stays("missing", get("/nothing"), 404, "");
        stays("hidden", get("/.hidden"), 404, "");
        unlikeNginx("200: nginx serves hidden files unless told not to");
        stays("query", get("/?a=b/../c"), 200, "");
        stays("directory", get("/sub/"), 200, "<p>sub</p>");
        stays("directory without slash", get("/sub"), 301, "Location: /sub/\r\n");
        stays("directory without slash, with query", get("/sub?x=1"), 301, "Location: /sub/?x=1\r\n");
        stays("directory without index", get("/plain/"), 404, "");
        unlikeNginx("403: nginx says that it may not list it");
        stays("escapes", get("/sub/sp%20ace%2B%25.txt"), 200, "odd name");
        stays("escaped UTF-8", get("/sub/na%C3%AFve.css"), 200, "text/css");
        stays("bare UTF-8", get("/sub/na\u00c3\u00afve.css"), 200, "");
        stays("double slash", get("//sub//"), 200, "<p>sub</p>");
        stays("dot segments", get("/a/./../sub/."), 200, "<p>sub</p>");
        stays("escaped dots inside", get("/a/%2e%2e/sub/"), 200, "<p>sub</p>");
        stays("three dots", get("/..."), 404, "");
        closes("traversal", get("/../etc/passwd"), 400, "");
        closes("deeper traversal", get("/sub/../../etc/passwd"), 400, "");
        closes("escaped traversal", get("/%2e%2e/%2e%2e/etc/passwd"), 400, "");
        closes("escaped slash traversal", get("/..%2fetc/passwd"), 400, "");
        closes("mixed traversal", get("/sub/.%2E/%2e./x"), 400, "");
        closes("escaped NUL", get("/%00"), 400, "");
        closes("broken escape", get("/%zz"), 400, "");
        closes("cut escape", get("/%2"), 400, "");
        closes("no slash", get("index.html"), 400, "");
        closes("fragment", get("/#top"), 400, "");
        unlikeNginx("200: nginx cuts fragments off");
        closes("NUL", get("/\u0000"), 400, "");
        closes("tab", get("/\t"), 400, "");
        closes("DEL", get("/\u007f"), 400, "");
        stays("absolute form", get("http://a/sub/"), 200, "<p>sub</p>");
        stays("absolute form without path", get("HTTP://a"), 200, "");
        closes("other scheme", get("ftp://a/"), 400, "");
        unlikeNginx("200: nginx takes any scheme");
        closes("absolute form with a bad host", get("http://a@b/"), 400, "");
    }

    private static void hosts() {
        closes("no host", "GET / HTTP/1.1\r\n\r\n", 400, "");
        closes("two hosts", get("/", "Host: a"), 400, "");
        closes("bad host", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400, "");
        closes("user information in host", "GET / HTTP/1.1\r\nHost: u@b\r\n\r\n", 400, "");
        unlikeNginx("200: nginx checks fewer characters");
        stays("host with port", "GET / HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n", 200, "");
        stays("host in capitals", "GET / HTTP/1.1\r\nHOST:a  \r\n\r\n", 200, "");
        stays("empty host", "GET / HTTP/1.1\r\nHost:\r\n\r\n", 200, "");
        unlikeNginx("400: RFC 9112 3.2 has it empty where the target has no authority");
    }

    private static void connections() {
        closes("close", get("/", "Connection: close"), 200, "Connection: close\r\n");
        closes("close in a list", get("/", "Connection: foo , Close"), 200, "Connection: close\r\n");
        stays("keep-alive", get("/", "Connection: keep-alive"), 200, "");
        sequence("pipelined", get("/") + get("/nothing") + get("/digits.bin"), false, 200, 404, 200);
        sequence("pipelined up to close", get("/") + get("/sub/", "Connection: close") + get("/"), true, 200, 200);
        sequence("empty lines between", "\r\n" + get("/") + "\r\n\r\n" + get("/"), false, 200, 200);
        sequence("error inside", get("/") + "GET / HTTP/3.0\r\n\r\n" + get("/"), true, 200, 505);
    }

    private static void bodies() {
        stays("get with body", get("/", "Content-Length: 5") + "hello", 200, "");
        sequence("body is skipped", get("/", "Content-Length: 5") + "GET /" + get("/nothing"), false, 200, 404);
        sequence(
                "chunked is skipped",
                get("/", "Transfer-Encoding: chunked")
                        + "5\r\nGET /\r\n1a;x=\"y\"\r\nabcdefghijklmnopqrstuvwxyz\r\n000\r\nTrailer: x\r\n\r\n"
                        + get("/nothing"),
                false,
                200,
                404);
        stays("chunked in capitals", get("/", "transfer-encoding: CHUNKED") + "0\r\n\r\n", 200, "");
        stays("length zero", get("/", "Content-Length: 0"), 200, "");
        sequence("expect", get("/", "Expect: 100-continue", "Content-Length: 2") + "hi", false, 100, 200);
        closes("body too large", get("/", "Content-Length: 1048577"), 413, "");
        closes("body much too large", get("/", "Content-Length: 99999999999999999999999"), 413, "");
        unlikeNginx("400: nginx stops at what does not fit its numbers");
        closes("chunk too large", get("/", "Transfer-Encoding: chunked") + "100001\r\n", 413, "");
        unlikeNginx("200: nginx does not count the chunks that it throws away");
    }

    private static void smuggling() {
        String chunked = "Transfer-Encoding: chunked";
        closes("both lengths", get("/", "Content-Length: 3", chunked) + "0\r\n\r\n", 400, "");
        closes("both lengths, reversed", get("/", chunked, "Content-Length: 3") + "0\r\n\r\n", 400, "");
        closes("two lengths", get("/", "Content-Length: 3", "Content-Length: 3") + "abc", 400, "");
        closes("list of lengths", get("/", "Content-Length: 3, 3") + "abc", 400, "");
        closes("signed length", get("/", "Content-Length: +3") + "abc", 400, "");
        closes("negative length", get("/", "Content-Length: -1"), 400, "");
        closes("empty length", get("/", "Content-Length:"), 400, "");
        closes("hexadecimal length", get("/", "Content-Length: 0x3") + "abc", 400, "");
        closes("two codings", get("/", chunked, chunked) + "0\r\n\r\n", 400, "");
        closes("unknown coding", get("/", "Transfer-Encoding: gzip, chunked") + "0\r\n\r\n", 501, "");
        closes("coding with a control character", get("/", "Transfer-Encoding: \u000bchunked") + "0\r\n\r\n", 400, "");
        unlikeNginx("501: nginx looks at the coding only");
        closes("coding in HTTP/1.0", "GET / HTTP/1.0\r\n" + HOST + chunked + "\r\n\r\n0\r\n\r\n", 400, "");
        closes("bad chunk size", get("/", chunked) + "g\r\n", 400, "");
        closes("chunk size with sign", get("/", chunked) + "+1\r\nA\r\n0\r\n\r\n", 400, "");
        closes("empty chunk size", get("/", chunked) + "\r\n0\r\n\r\n", 400, "");
        closes("chunk size ends in line feed", get("/", chunked) + "1\nA\r\n0\r\n\r\n", 400, "");
        unlikeNginx("200: nginx takes a bare line feed here");
        closes("chunk longer than its size", get("/", chunked) + "1\r\nAB\r\n0\r\n\r\n", 400, "");
        closes("chunk size too long", get("/", chunked) + "000000001\r\nA\r\n0\r\n\r\n", 400, "");
        unlikeNginx("200: nginx counts leading zeros less strictly");
        closes("bad trailer", get("/", chunked) + "0\r\n folded: x\r\n\r\n", 400, "");
        unlikeNginx("200: nginx skips trailers unread");
        closes("control character in extension", get("/", chunked) + "1;\u0000\r\nA\r\n0\r\n\r\n", 400, "");
        unlikeNginx("200: nginx skips extensions unread");
    }

    private static void malformed() {
        closes("folded", get("/", "X: a", " b"), 400, "");
        closes("folded with tab", get("/", "X: a", "\tb"), 400, "");
        closes("space before colon", get("/", "X : a"), 400, "");
        closes("no colon", get("/", "Xyz"), 400, "");
        unlikeNginx("200: nginx ignores such a line");
        closes("no name", get("/", ": x"), 400, "");
        closes("bad name", get("/", "X(: x"), 400, "");
        unlikeNginx("200: nginx ignores such a field");
        closes("NUL in value", get("/", "X: a\u0000b"), 400, "");
        closes("control character in value", get("/", "X: a\u0001b"), 400, "");
        unlikeNginx("200: nginx refuses NUL only");
        stays("tab and eighth bit in value", get("/", "X: a\tb\u00fc\u00ff", "Y:"), 200, "");
        closes("bare line feed", "GET / HTTP/1.1\nHost: a\n\n", 400, "");
        unlikeNginx("200: nginx takes a bare line feed for a line end");
        closes("line feed ends a field", "GET / HTTP/1.1\r\nHost: a\nX: b\r\n\r\n", 400, "");
        unlikeNginx("200: nginx takes a bare line feed for a line end");
        closes("bare carriage return", get("/", "X: a\rb"), 400, "");
        closes("carriage return instead of line end", "GET / HTTP/1.1\rHost: a\r\n\r\n", 400, "");
        closes("not HTTP", "\u0016\u0003\u0001\u0002\u0000\u0001\u0000", 400, "");
    }

    private static void limits() {
        closes("target too long", get("/" + "a".repeat(5000)), 414, "");
        unlikeNginx("404: nginx's limit is 8 KiB");
        stays("target just not too long", get("/" + "a".repeat(4096 - 14)), 404, "");
        closes("target one too long", get("/" + "a".repeat(4096 - 13)), 414, "");
        unlikeNginx("404: nginx's limit is 8 KiB");
        closes("query too long", get("/?" + "a".repeat(9000)), 414, "");
        closes("field too long", get("/", "X: " + "a".repeat(9000)), 431, "");
        unlikeNginx("400: nginx calls it a bad request");
        closes("name too long", get("/", "X".repeat(9000) + ": a"), 431, "");
        unlikeNginx("400: nginx calls it a bad request");
        closes("too many fields", get("/", "X: a\r\n".repeat(100).strip()), 431, "");
        unlikeNginx("200: nginx does not count fields");
        stays("just not too many fields", get("/", "X: a\r\n".repeat(99).strip()), 200, "");
    }

    private static void conditions() {
        String date = "Sun, 06 Nov 1994 08:49:37 GMT";
        String before = "Sun, 06 Nov 1994 08:49:36 GMT";
        stays("not modified since", get("/", "If-Modified-Since: " + date), 304, "Last-Modified: ");
        stays("modified since", get("/", "If-Modified-Since: " + before), 200, "");
        stays("old form", get("/digits.bin", "If-Modified-Since: Sunday, 06-Nov-94 08:49:37 GMT"), 304, "");
        stays("oldest form", get("/digits.bin", "If-Modified-Since: Sun Nov  6 08:49:37 1994"), 304, "");
        stays("bad date", get("/", "If-Modified-Since: yesterday"), 200, "");
        stays("unmodified since", get("/", "If-Unmodified-Since: " + date), 200, "");
        stays("not unmodified since", get("/", "If-Unmodified-Since: " + before), 412, "");
        stays("any tag", get("/", "If-None-Match: *"), 304, "ETag: \"");
        stays("other tag", get("/", "If-None-Match: \"x\", W/\"y\""), 200, "");
        stays("other tag before date", get("/", "If-None-Match: \"x\"", "If-Modified-Since: " + date), 200, "");
        stays("must match any", get("/", "If-Match: *"), 200, "");
        stays("must match another", get("/", "If-Match: \"x\""), 412, "");
        stays("condition on nothing", get("/nothing", "If-Match: *"), 404, "");
    }

    private static void ranges() {
        stays("range", get("/digits.bin", "Range: bytes=10-12"), 206, "Content-Range: bytes 10-12/36");
        stays("open range", get("/digits.bin", "Range: bytes=30-"), 206, "\r\n\r\nuvwxyz");
        stays("suffix", get("/digits.bin", "Range: bytes=-3"), 206, "\r\n\r\nxyz");
        stays("long suffix", get("/digits.bin", "Range: bytes=-300"), 206, "bytes 0-35/36");
        stays("cut range", get("/digits.bin", "Range: bytes=35-99999999999999"), 206, "bytes 35-35/36");
        stays("several", get("/digits.bin", "Range: bytes=0-0, 2-3 ,-1"), 206, "multipart/byteranges; boundary=");
        stays("one of several", get("/digits.bin", "Range: bytes=0-0,50-"), 206, "bytes 0-0/36");
        stays("behind the end", get("/digits.bin", "Range: bytes=36-"), 416, "Content-Range: bytes */36");
        stays("suffix of nothing", get("/digits.bin", "Range: bytes=-0"), 416, "");
        stays("other unit", get("/digits.bin", "Range: lines=1-2"), 200, "");
        stays("backwards", get("/digits.bin", "Range: bytes=5-2"), 200, "");
        unlikeNginx("416: RFC 9110 14.1.1 has an invalid range ignored");
        stays("no range", get("/digits.bin", "Range: bytes="), 200, "");
        stays("overlapping more than whole", get("/digits.bin", "Range: bytes=0-,0-,0-"), 200, "");
        stays("too many", get("/noise.bin", "Range: bytes=0-0" + ",1-2".repeat(16)), 200, "");
        unlikeNginx("206: nginx does not count ranges unless told to");
        stays("range of nothing", get("/nothing", "Range: bytes=0-1"), 404, "");
        stays(
                "range if date",
                get("/digits.bin", "Range: bytes=0-1", "If-Range: Sun, 06 Nov 1994 08:49:37 GMT"),
                206,
                "");
        stays(
                "range if other date",
                get("/digits.bin", "Range: bytes=0-1", "If-Range: Sun, 06 Nov 1994 08:49:38 GMT"),
                200,
                "");
        stays("range if other tag", get("/digits.bin", "Range: bytes=0-1", "If-Range: \"x\""), 200, "");
        stays("head ignores range", "HEAD /digits.bin HTTP/1.1\r\n" + HOST + "Range: bytes=0-1\r\n\r\n", 200, "");
        unlikeNginx("206: RFC 9110 14.2 defines Range for GET only");
    }

    private static void codings() {
        stays("gzip", get("/", "Accept-Encoding: gzip, deflate, br"), 200, "Content-Encoding: gzip");
        stays("gzip unloved", get("/", "Accept-Encoding: gzip;q=0"), 200, "Vary: Accept-Encoding");
        stays("range of gzip", get("/", "Accept-Encoding: gzip", "Range: bytes=0-1"), 206, "Content-Encoding: gzip");
        unlikeNginx("200: nginx sends no ranges of files that it finds compressed");
        stays("incompressible", get("/noise.bin", "Accept-Encoding: gzip"), 200, "Content-Length: 100000");
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.simulation.Arena;

class TargetsTest {
    private static final String BAD = "bad";

    /** What the resolver makes of a path, through a request as the parser would have read it. */
    private static String resolve(String target) {
        try (Arena arena = new Arena()) {
            byte[] raw = target.getBytes(StandardCharsets.ISO_8859_1);
            Bytes data = arena.copyOf(raw);
            Targets targets = new Targets(arena.allocate(raw.length + 1));
            Request request = new Request();
            request.targetAt = 0;
            request.pathEnd = raw.length;
            int length = targets.resolve(request, data, 0);
            return length == Targets.BAD
                    ? BAD
                    : new String(Arena.toArray(targets.path(), 0, length), StandardCharsets.ISO_8859_1);
        }
    }

    @Provide
    Arbitrary<List<String>> segments() {
        return Arbitraries.of("a", "bc", "..", ".", "", "...", "%2e%2E", "%2e", "d%20e", ".f")
                .list()
                .ofMaxSize(12);
    }

    /** Against a plain stack of segments. */
    @Property
    void agreesWithASimpleModel(@ForAll("segments") List<String> segments) {
        assertThat(resolve("/" + String.join("/", segments))).isEqualTo(model(segments));
    }

    private static String model(List<String> segments) {
        Deque<String> stack = new ArrayDeque<>();
        boolean directory = true;
        for (String segment : segments) {
            String decoded = segment.replace("%2e", ".").replace("%2E", ".").replace("%20", " ");
            directory = decoded.isEmpty() || decoded.equals(".") || decoded.equals("..");
            if (decoded.equals("..")) {
                if (stack.pollLast() == null) {
                    return BAD;
                }
            } else if (!directory) {
                stack.addLast(decoded);
            }
        }
        String path = stack.isEmpty() ? "" : "/" + String.join("/", stack);
        return directory || stack.isEmpty() ? path + "/" : path;
    }

    /** Nothing that comes out can lead anywhere but into the site. */
    @Property
    void whateverComesOutIsNormal(@ForAll("rawTargets") String target) {
        String path = resolve(target);
        if (!path.equals(BAD)) {
            assertThat(path).startsWith("/").doesNotContain("//").doesNotContain("\u0000");
            assertThat(("/" + path + "/").contains("/../")).isFalse();
            assertThat(("/" + path + "/").contains("/./")).isFalse();
            assertThat(path.length()).isLessThanOrEqualTo(Math.max(1, target.length()));
        }
    }

    @Provide
    Arbitrary<String> rawTargets() {
        return Arbitraries.strings()
                .withChars("/.%2eEfF5cC0a:")
                .ofMinLength(1)
                .ofMaxLength(30)
                .map(text -> "/" + text);
    }

    @Test
    void readsAbsoluteForms() {
        assertThat(resolve("http://a")).isEqualTo("/");
        assertThat(resolve("HTTPS://a:8/b/../c")).isEqualTo("/c");
        assertThat(resolve("http:///b")).isEqualTo(BAD);
        assertThat(resolve("http://a^/b")).isEqualTo(BAD);
        assertThat(resolve("http:/a")).isEqualTo(BAD);
        assertThat(resolve("file://a/b")).isEqualTo(BAD);
        assertThat(resolve("a")).isEqualTo(BAD);
        assertThat(resolve("*")).isEqualTo(BAD);
    }

    @Test
    void refusesBrokenEscapes() {
        for (String target : List.of("/%", "/%a", "/%ag", "/%ga", "/%00", "/a%")) {
            assertThat(resolve(target)).as(target).isEqualTo(BAD);
        }
        assertThat(resolve("/%41%c3%bf")).isEqualTo("/A\u00c3\u00bf");
    }
}

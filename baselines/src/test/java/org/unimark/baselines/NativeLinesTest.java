// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** C and assembly of the whole project, of Keel and of the suite: what cannot be Java fits in a thousand lines of code. */
class NativeLinesTest {
    private static final int LIMIT = 1000;

    @Test
    void theWholeProjectKeepsToItsLimit() throws IOException {
        Map<String, Integer> lines = new TreeMap<>();
        Path root = Path.of("").toAbsolutePath().getParent();
        for (String module : List.of("unikernel", "results", "analysis", "baselines", "workloads")) {
            try (Stream<Path> files = Files.walk(root.resolve(module).resolve("src/main"))) {
                for (Path file : files.filter(NativeLinesTest::isNative).toList()) {
                    lines.put(root.relativize(file).toString(), codeLines(Files.readString(file)));
                }
            }
        }
        assertThat(lines).isNotEmpty();
        int sum = lines.values().stream().mapToInt(Integer::intValue).sum();
        System.out.println("C and assembly of the project: " + sum + " lines of code of " + LIMIT + ": " + lines);
        assertThat(sum).as(lines.toString()).isLessThanOrEqualTo(LIMIT);
    }

    private static boolean isNative(Path file) {
        return file.toString().matches(".*\\.(c|h|S|s)");
    }

    /** Neither blank nor nothing but a comment. */
    private static int codeLines(String text) {
        String withoutComments = text.replaceAll("(?s)/\\*.*?\\*/", "").replaceAll("(?m)^\\s*//.*$", "");
        return (int) withoutComments.lines().filter(line -> !line.isBlank()).count();
    }

    @Test
    void commentsAndBlankLinesAreNoCode() {
        assertThat(codeLines("/* a\n * b */\n\nint a; /* c */\n // d\n/* e */ int b;\n"))
                .isEqualTo(2);
    }
}

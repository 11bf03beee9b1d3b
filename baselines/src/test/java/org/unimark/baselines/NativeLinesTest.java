// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.unimark.builder.NativeSources;

/** C and assembly of the whole project, of Keel and of the suite: what cannot be Java fits in a thousand lines of code. */
class NativeLinesTest {
    @Test
    void theWholeProjectKeepsToItsLimit() throws IOException {
        Map<String, Integer> lines = new TreeMap<>();
        Path root = Path.of("").toAbsolutePath().getParent();
        for (String module : List.of("unikernel", "results", "analysis", "baselines", "workloads")) {
            try (Stream<Path> files = Files.walk(root.resolve(module).resolve("src/main"))) {
                for (Path file : files.filter(NativeLinesTest::isNative).toList()) {
                    lines.put(root.relativize(file).toString(), NativeSources.lines(Files.readAllBytes(file)));
                }
            }
        }
        assertThat(lines).isNotEmpty();
        int sum = lines.values().stream().mapToInt(Integer::intValue).sum();
        System.out.println("C and assembly of the project: " + sum + " lines of code of " + NativeSources.LINE_LIMIT
                + ": " + lines);
        assertThat(sum).as(lines.toString()).isLessThanOrEqualTo(1000);
    }

    private static boolean isNative(Path file) {
        return file.toString().matches(".*\\.(c|h|S|s)");
    }

    @Test
    void commentsAndBlankLinesAreNoCode() {
        byte[] text = "/* a\n * b */\n\nint a; /* c */\n // d\n/* e */ int b;\n".getBytes(StandardCharsets.UTF_8);
        assertThat(NativeSources.lines(text)).isEqualTo(2);
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.builder;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The README's example is the program that the other tests build and run. */
class ReadmeTest {
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();

    @Test
    void theExampleInTheReadmeIsTheOneThatIsTested() throws IOException {
        String readme = Files.readString(ROOT.resolve("README.md"));
        int begin = readme.indexOf("```java\n") + "```java\n".length();
        String example = readme.substring(begin, readme.indexOf("```", begin));
        String source = Files.readString(ROOT.resolve("unikernel/examples/java/org/unimark/examples/Echo.java"));
        assertThat(source).endsWith(example);
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines.code;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.unimark.baselines.FrontTier;
import org.unimark.baselines.process.Command;
import org.unimark.baselines.server.ApplicationBuild;
import org.unimark.builder.BuiltImage;
import org.unimark.builder.Target;

class SourceLinesTest {
    private static final String KEEL = "org/unimark/keel/";

    @TempDir
    Path directory;

    @Test
    void countsEachLineWithInstructionsOnce() {
        String table = """
                Contents of the .debug_line section:

                CU: /w/program.c:
                File name                            Line number    Starting address    View    Stmt
                core.h                                        69            0x1003e7               x
                core.h                                        70            0x1003e7       1       x
                core.h                                        70            0x1003f1

                org/unimark/keel/net/tcp/TcpEngine.java:
                TcpEngine.java                                12            0x1003f9               x
                TcpEngine.java                                13            0x1003fb               x
                TcpEngine.java                                12            0x1003fd               x

                /w/generated/core.h:
                core.h                                        70            0x1003ff               x
                core.h                                         -            0x100400


                """;
        assertThat(SourceLines.byFile(table))
                .as("a row without bytes, and the end of a sequence, are no lines")
                .isEqualTo(Map.of("core.h", Set.of(70), "org/unimark/keel/net/tcp/TcpEngine.java", Set.of(12, 13)));
    }

    @ParameterizedTest
    @CsvSource({
        "org/unimark/keel/net/tcp/TcpEngine.java, Keel/net.tcp",
        "org/unimark/keel/Parts.java, Keel/keel",
        "org/unimark/keel/application/front/Front.java, application/application.front",
        "org/example/Echo.java, application/org.example",
        "org/teavm/classlib/java/util/THashMap.java, Java library/java.util",
        "org/teavm/classlib/impl/Base46.java, Java library/TeaVM's implementation",
        "org/teavm/runtime/GC.java, TeaVM runtime/memory and exceptions",
        "/w/native/image/start.c, Keel/native",
        "core.h, TeaVM runtime/C",
        "c/o/t/r/GC.c,",
        "/w/generated/c/j/l/Object.c,",
        "callsites.c,"
    })
    void saysWhoseAFileIs(String path, String owner) {
        assertThat(SourceLines.owner(path)).isEqualTo(owner);
    }

    /** What the tools on this machine say of a program whose lines are known. */
    @Test
    void readsWhatTheCompilerWrote() throws Exception {
        Path source = Files.writeString(directory.resolve("program.c"), """
                #line 7 "org/unimark/keel/net/tcp/A.java"
                int main(int count, char** words) {
                #line 9 "org/unimark/keel/net/tcp/A.java"
                    int sum = count * 31;
                #line 20 "org/teavm/classlib/java/lang/TString.java"
                    sum += words[0][0];
                #line 11 "org/unimark/keel/net/tcp/A.java"
                    return sum;
                }
                """);
        Path program = directory.resolve("program");
        Command.run("gcc", "-g1", "-O0", "-o", program.toString(), source.toString());
        assertThat(SourceLines.of(program)).isEqualTo(Map.of("Keel/net.tcp", 4L, "Java library/java.lang", 1L));
        Command.run("strip", program.toString());
        assertThatThrownBy(() -> SourceLines.of(program)).isInstanceOf(IOException.class);
    }

    /** Every line that an image names must be there in the sources, with something on it. */
    @Test
    @Tag("boot")
    void theLinesOfARealImageAreLinesOfItsSources() throws Exception {
        for (Target target : Target.values()) {
            BuiltImage image = ApplicationBuild.of(new FrontTier(2, 3), target, directory);
            Map<String, Long> sums = SourceLines.of(image.elfWithSymbols());
            System.out.println(target + ": " + sums);
            assertThat(sums)
                    .containsKeys(
                            "application/application.front",
                            "Keel/native",
                            "Java library/java.lang",
                            "TeaVM runtime/C");
            assertThat(sums).doesNotContainKey("application/");
            assertThat(sums.containsKey("Keel/net.tcp")).isEqualTo(target == Target.IMAGE);
            for (Map.Entry<String, Set<Integer>> file :
                    SourceLines.byFile(image.elfWithSymbols()).entrySet()) {
                if (file.getKey().startsWith(KEEL)) {
                    Path source = Path.of("..", "unikernel", "src", "main", "java", file.getKey());
                    List<String> text = Files.readAllLines(source);
                    assertThat(file.getValue())
                            .as(file.getKey())
                            .allSatisfy(line -> assertThat(text.get(line - 1).strip())
                                    .isNotEmpty()
                                    .doesNotStartWith("*"));
                }
            }
        }
    }
}

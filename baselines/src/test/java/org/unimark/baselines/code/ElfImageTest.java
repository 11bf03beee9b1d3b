// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines.code;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unimark.baselines.process.Command;

class ElfImageTest {
    @TempDir
    Path directory;

    private ElfImage linked(String... options) throws Exception {
        Path source = Files.writeString(directory.resolve("program.c"), "int main(void) { return 0; }\n");
        Path program = directory.resolve("program");
        String[] command = new String[options.length + 4];
        System.arraycopy(new String[] {"gcc", source.toString(), "-o", program.toString()}, 0, command, 0, 4);
        System.arraycopy(options, 0, command, 4, options.length);
        Command.run(command);
        return new ElfImage(Files.readAllBytes(program));
    }

    @Test
    void aProgramThatIsLinkedWhenItStartsNeedsALoader() throws Exception {
        assertThat(linked().needsLoader()).isTrue();
        assertThat(linked("-static").needsLoader()).isFalse();
        assertThat(linked("-static-pie").needsLoader()).isTrue();
    }

    @Test
    void segmentsAreSeenAsTheLinkerWasTold() throws Exception {
        assertThat(linked("-static", "-nostdlib").writableExecutableBytes()).isZero();
        assertThat(linked("-static", "-nostdlib", "-Wl,-N").writableExecutableBytes())
                .isPositive();
    }
}

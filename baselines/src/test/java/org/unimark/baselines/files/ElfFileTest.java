// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ElfFileTest {
    @Test
    void readsWhatAProgramNeeds() throws Exception {
        ElfFile java = ElfFile.of(Files.readAllBytes(Path.of(System.getProperty("java.home"), "bin", "java")));

        assertThat(java.neededLibraries()).contains("libc.so.6");
        assertThat(java.interpreter()).startsWith("/").contains("ld-");
        assertThat(java.entryAddress()).isPositive();
    }

    @Test
    void knowsLibrariesHaveNoInterpreter() throws Exception {
        ElfFile library = ElfFile.of(Files.readAllBytes(Path.of(System.getProperty("java.home"), "lib", "libzip.so")));

        assertThat(library.interpreter()).isNull();
        assertThat(library.neededLibraries()).contains("libc.so.6");
    }

    @Test
    void refusesOtherFiles() {
        assertThat(ElfFile.isElf(new byte[3])).isFalse();
        assertThat(ElfFile.isElf(new byte[100])).isFalse();
        assertThatThrownBy(() -> ElfFile.of("#!/bin/sh\n".repeat(20).getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}

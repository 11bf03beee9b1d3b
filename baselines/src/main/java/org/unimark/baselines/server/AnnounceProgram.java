// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines.server;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.unimark.baselines.Cache;
import org.unimark.baselines.debian.PackageStore;
import org.unimark.baselines.files.Digests;
import org.unimark.baselines.process.Command;

/** Tiny programs in containers: the init of those whose server says when it listens (announce.c), and one that passes marks. */
final class AnnounceProgram {
    private static final String COMPILER = "musl-gcc";
    private static final int TIMEOUT_SECONDS = 60;

    private AnnounceProgram() {}

    static String unavailable() {
        return Command.exists(COMPILER) ? null : "There is no musl-gcc; install the package musl-tools.";
    }

    /** The same for a container of Debian packages with such a program. */
    static String unavailableWithPackages() {
        String missing = PackageStore.unavailable();
        return missing != null ? missing : unavailable();
    }

    static byte[] binary() throws IOException, InterruptedException {
        return compiled("announce.c");
    }

    /** The program that passes marks for others; see mark.c. */
    static byte[] marking() throws IOException, InterruptedException {
        return compiled("mark.c");
    }

    /** Compiles it once for each version of its source. */
    private static byte[] compiled(String name) throws IOException, InterruptedException {
        byte[] source;
        try (InputStream in = AnnounceProgram.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException(name + " is not on the class path");
            }
            source = in.readAllBytes();
        }
        List<String> command =
                List.of(COMPILER, "-static", "-Os", "-Wall", "-Wextra", "-Werror", "-s", "-Wl,--build-id=none", name);
        byte[] key = (String.join(" ", command) + "\n" + new String(source, StandardCharsets.UTF_8))
                .getBytes(StandardCharsets.UTF_8);
        Path program = Cache.directory("announce").resolve(Digests.sha256(key).substring(0, 16));
        if (!Files.exists(program)) {
            compile(command, name, source, program);
        }
        return Files.readAllBytes(program);
    }

    private static void compile(List<String> command, String name, byte[] source, Path program)
            throws IOException, InterruptedException {
        Path work = Files.createTempDirectory("unimark-announce");
        Path code = work.resolve(name);
        Path result = work.resolve("a.out");
        try {
            Files.write(code, source);
            Command.run(work, TIMEOUT_SECONDS, command);
            Digests.writeAtomically(program, Files.readAllBytes(result));
        } finally {
            for (Path file : List.of(code, result, work)) {
                Files.deleteIfExists(file);
            }
        }
    }
}

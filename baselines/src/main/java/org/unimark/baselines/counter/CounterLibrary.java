// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines.counter;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.unimark.baselines.Cache;

/** Compiles the plugin once for each version of its source, into the cache of the user. */
final class CounterLibrary {
    private static final List<String> COMPILER =
            List.of("gcc", "-O2", "-Wall", "-Wextra", "-Werror", "-fPIC", "-shared", "-fvisibility=hidden");
    private static final int COMPILER_TIMEOUT_SECONDS = 60;
    private static Path built;

    private CounterLibrary() {}

    /** Returns the plugin as QEMU loads it; throws if gcc is missing or fails. */
    static synchronized Path path() throws IOException {
        if (built == null || !Files.exists(built)) {
            byte[] source = source();
            Path library =
                    Files.createDirectories(Cache.directory("counter")).resolve("counter-" + digest(source) + ".so");
            if (!Files.exists(library)) {
                compile(source, library);
            }
            built = library;
        }
        return built;
    }

    private static byte[] source() throws IOException {
        try (InputStream in = CounterLibrary.class.getResourceAsStream("counter.c")) {
            if (in == null) {
                throw new IOException("the source of the instruction counter is not on the class path");
            }
            return in.readAllBytes();
        }
    }

    private static void compile(byte[] source, Path library) throws IOException {
        Path directory = Files.createTempDirectory(library.getParent(), "build");
        Path code = Files.write(directory.resolve("counter.c"), source);
        Path result = directory.resolve("counter.so");
        Path messages = directory.resolve("messages");
        try {
            List<String> command = new ArrayList<>(COMPILER);
            command.addAll(List.of("-o", result.toString(), code.toString()));
            Process compiler = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(messages.toFile())
                    .start();
            if (!compiler.waitFor(COMPILER_TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                compiler.destroyForcibly();
                throw new IOException("gcc did not end in " + COMPILER_TIMEOUT_SECONDS + " s");
            }
            if (compiler.exitValue() != 0) {
                throw new IOException("gcc cannot compile the instruction counter: " + Files.readString(messages));
            }
            // Atomic, for others that build the same thing at this moment.
            Files.move(result, library, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while compiling the instruction counter", e);
        } finally {
            for (Path file : List.of(code, result, messages, directory)) {
                Files.deleteIfExists(file);
            }
        }
    }

    /** Of the source and the way it is compiled. */
    private static String digest(byte[] source) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            sha256.update(String.join(" ", COMPILER).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(sha256.digest(source), 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}

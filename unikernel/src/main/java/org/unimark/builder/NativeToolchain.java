// SPDX-License-Identifier: Apache-2.0
package org.unimark.builder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** gcc with the musl C library, and the flags that the generated code needs. */
final class NativeToolchain {
    private static final String COMPILER = "musl-gcc";
    private static final String STRIP = "strip";

    /**
     * Java's integers wrap and the collector reads memory as whatever it likes, so {@code -fwrapv} and
     * {@code -fno-strict-aliasing} are needed for correctness: without them gcc makes programs that compute wrong
     * results. The rest is for speed and size; docs/decisions has the measurements.
     */
    private static final List<String> COMPILE_FLAGS = List.of(
            "-std=gnu11",
            "-O2",
            "-g1",
            "-fwrapv",
            "-fno-strict-aliasing",
            "-fno-pie",
            "-fno-math-errno",
            "-ffunction-sections",
            "-fdata-sections",
            "-fno-asynchronous-unwind-tables",
            "-fno-stack-protector",
            "-fcf-protection=none",
            "-flto",
            "-w");

    private static final List<String> LINK_FLAGS =
            List.of("-static", "-no-pie", "-Wl,--gc-sections", "-Wl,--build-id=none");

    /**
     * The one source file. TeaVM's uchar.h would hide the C library's. A method without a frame on the shadow stack still
     * notes its call sites, in a variable that nobody reads and that gcc therefore removes with the notes.
     */
    private static final String PROGRAM = """
            #define _GNU_SOURCE
            #include <uchar.h>
            #include "runtime.h"
            static struct { TeaVM_StackFrame header; } teavm_shadowStack;
            #include "all.c"
            """;

    private final String version;

    private NativeToolchain(String version) {
        this.version = version;
    }

    /** Throws with what to install if there is no compiler. */
    static NativeToolchain detect() throws BuildException, IOException {
        try {
            return new NativeToolchain(NativeCommand.run(List.of(COMPILER, "--version"), null));
        } catch (IOException missing) {
            throw new BuildException(
                    "there is no " + COMPILER + " on this machine; on Debian: apt-get install gcc musl-tools", missing);
        }
    }

    /** Everything about the toolchain that decides what it produces. */
    String identity() {
        return version + COMPILE_FLAGS + LINK_FLAGS;
    }

    /**
     * Compiles the generated C and the native sources as one program and links it.
     *
     * @param generated what {@link Translator} wrote
     * @param nativeDirectory copy of the project's native sources
     * @param archive what {@link ResourceArchive} wrote
     */
    void link(Target target, Path generated, Path nativeDirectory, Path archive, Path output)
            throws BuildException, IOException {
        Path work = archive.getParent();
        // TeaVM ships an uchar.h of its own, which hides the C library's from code that includes it by quotes.
        Path program = Files.writeString(work.resolve("program.c"), PROGRAM);
        Path sealed = Files.writeString(work.resolve("sealed.S"), sealedSource(archive));
        List<String> command = new ArrayList<>(List.of(COMPILER));
        command.addAll(COMPILE_FLAGS);
        command.addAll(LINK_FLAGS);
        for (Path directory :
                List.of(generated, nativeDirectory.resolve("common"), nativeDirectory.resolve(target.directory()))) {
            command.addAll(List.of("-iquote", directory.toString()));
        }
        command.addAll(List.of("-o", output.toString()));
        for (Path file : FileTrees.files(nativeDirectory)) {
            if (file.toString().endsWith(".S")) {
                command.add(file.toString());
            }
        }
        command.add(sealed.toString());
        command.add(program.toString());
        for (Path file : FileTrees.files(nativeDirectory)) {
            if (file.toString().endsWith(".c")) {
                command.add(file.toString());
            }
        }
        NativeCommand.run(command, work);
    }

    private static String sealedSource(Path archive) {
        return ".section .rodata.keel_sealed, \"a\"\n"
                + ".balign " + ResourceArchive.ALIGNMENT_BYTES + "\n"
                + ".globl keel_sealed_start, keel_sealed_end\n"
                + ".type keel_sealed_start, @object\n"
                + "keel_sealed_start:\n"
                + ".incbin \"" + archive + "\"\n"
                + ".size keel_sealed_start, . - keel_sealed_start\n"
                + "keel_sealed_end:\n"
                + ".byte 0\n"
                + ".section .note.GNU-stack, \"\", @progbits\n";
    }

    void strip(Path linked, Path stripped) throws BuildException, IOException {
        NativeCommand.run(
                List.of(STRIP, "--strip-all", "-R", ".comment", "-o", stripped.toString(), linked.toString()), null);
    }
}

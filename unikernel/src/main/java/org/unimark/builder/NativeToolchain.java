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
    static final String PROGRAM_OBJECT = "program.o";
    private static final String OBJECT = ".o";
    private static final String ASSEMBLY = ".S";

    /**
     * Java's integers wrap and objects are accessed as several types, so {@code -fwrapv} and
     * {@code -fno-strict-aliasing} are needed for correctness: without them gcc makes programs that compute wrong
     * results. An access through null ends the program, but only if it is made: nothing may be concluded from accesses
     * that the compiler leaves out. The rest is for speed and size; decision 0001 has the measurements.
     */
    private static final List<String> COMPILE_FLAGS = List.of(
            "-std=gnu11",
            "-O2",
            "-g1",
            "-fwrapv",
            "-fno-strict-aliasing",
            "-fno-pic",
            "-fno-pie",
            "-fno-math-errno",
            "-fno-asynchronous-unwind-tables",
            "-fno-stack-protector",
            "-fcf-protection=none",
            "-fno-delete-null-pointer-checks",
            "-fwhole-program",
            "-mtune=skylake",
            "--param=max-inline-insns-auto=80",
            "--param=inline-unit-growth=20",
            "-malign-data=abi",
            "-falign-functions=1",
            "-falign-jumps=1",
            "-falign-loops=1",
            "-falign-labels=1",
            "-w");

    /** Interrupts arrive on the stack that runs, so nothing may lie below its pointer. */
    private static final List<String> IMAGE_COMPILE_FLAGS = List.of("-mno-red-zone", "-DKEEL_IMAGE");

    private static final List<String> LINK_FLAGS =
            List.of("-static", "-no-pie", "-Wl,--gc-sections", "-Wl,--build-id=none", "-Wl,-z,noexecstack");

    /** Parts of TeaVM's runtime that want an operating system; {@code runtime.c} has their functions without one. */
    private static final List<String> HOSTED_RUNTIME = List.of(
            "memory.c", "heaptrace.c", "heapdump.c", "fiber.c", "time.c", "log.c", "date.c", "file.c", "stringhash.c");

    private static final int DYNAMIC_CLASSES = 64;

    /** The part that counts for debuggers; {@code heap.c} counts for the program. */
    private static final List<String> LINUX_REPLACED = List.of("heaptrace.c");

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
        return version
                + COMPILE_FLAGS
                + IMAGE_COMPILE_FLAGS
                + LINK_FLAGS
                + HOSTED_RUNTIME
                + LINUX_REPLACED
                + program(Target.IMAGE, List.of());
    }

    /** The one C source file, which includes all others. TeaVM's uchar.h would hide the C library's. */
    private static String program(Target target, List<NativeLibrary> libraries) {
        StringBuilder ofLibraries = new StringBuilder();
        for (NativeLibrary library : libraries) {
            ofLibraries.append("#include \"").append(library.directory()).append(".c\"\n");
        }
        return "#define _GNU_SOURCE\n"
                + "#include <uchar.h>\n"
                + "#include \"runtime.h\"\n"
                + "#include \"cold.h\"\n"
                + "#include \"" + target.directory() + ".c\"\n"
                + ofLibraries;
    }

    /**
     * Compiles the generated C and the native sources as one program.
     *
     * @param generated what {@link Translator} wrote
     * @param nativeDirectory copy of the project's native sources
     * @param objects directory that gets {@link #PROGRAM_OBJECT}, and an object of each source in assembly
     */
    void compile(Target target, List<NativeLibrary> libraries, Path generated, Path nativeDirectory, Path objects)
            throws BuildException, IOException {
        CallSites.trim(generated);
        ClassTables.compact(generated);
        Path ofTarget = nativeDirectory.resolve(target.directory());
        if (target == Target.IMAGE) {
            StackTables.compact(generated);
            limitDynamicClasses(generated);
        }
        for (String file : target == Target.IMAGE ? HOSTED_RUNTIME : LINUX_REPLACED) {
            Files.writeString(generated.resolve(file), "");
        }
        List<String> command = compiler(target);
        for (Path directory : List.of(generated, ofTarget, nativeDirectory.resolve("common"))) {
            command.addAll(List.of("-iquote", directory.toString()));
        }
        for (NativeLibrary library : libraries) {
            command.addAll(List.of(
                    "-iquote", nativeDirectory.resolve(library.directory()).toString()));
        }
        Path program = Files.writeString(generated.resolve("program.c"), program(target, libraries));
        compileOne(command, program, objects.resolve(PROGRAM_OBJECT));
        for (Path file : FileTrees.files(ofTarget)) {
            String name = file.getFileName().toString();
            if (name.endsWith(ASSEMBLY)) {
                compileOne(command, file, objects.resolve(name.replace(ASSEMBLY, OBJECT)));
            }
        }
    }

    private static List<String> compiler(Target target) {
        List<String> command = new ArrayList<>(List.of(COMPILER));
        command.addAll(COMPILE_FLAGS);
        if (target == Target.IMAGE) {
            command.addAll(IMAGE_COMPILE_FLAGS);
        }
        return command;
    }

    private static void compileOne(List<String> command, Path source, Path object) throws BuildException, IOException {
        List<String> all = new ArrayList<>(command);
        all.addAll(List.of("-c", source.toString(), "-o", object.toString()));
        NativeCommand.run(all, source.getParent());
    }

    /**
     * Links a compiled program.
     *
     * @param libraries what else it is linked with
     * @param objects what {@link #compile} wrote
     * @param nativeDirectory copy of the project's native sources
     * @param archive what {@link ResourceArchive} wrote
     */
    void link(
            Target target, List<NativeLibrary> libraries, Path objects, Path nativeDirectory, Path archive, Path output)
            throws BuildException, IOException {
        Path work = archive.getParent();
        List<String> command = compiler(target);
        command.addAll(LINK_FLAGS);
        if (target == Target.IMAGE) {
            command.addAll(List.of(
                    "-nostdlib",
                    "-Wl,--nmagic",
                    "-T",
                    nativeDirectory
                            .resolve(target.directory())
                            .resolve("image.lds")
                            .toString()));
        }
        command.add(objects.resolve(PROGRAM_OBJECT).toString());
        command.add(Files.writeString(work.resolve("sealed.S"), sealedSource(archive))
                .toString());
        for (Path file : FileTrees.files(objects)) {
            if (file.toString().endsWith(OBJECT) && !file.endsWith(PROGRAM_OBJECT)) {
                command.add(file.toString());
            }
        }
        for (NativeLibrary library : libraries) {
            command.add("-Wl,--defsym=keel_stack_bytes=" + library.stackBytes());
            command.add(library.archive().toString());
        }
        command.addAll(List.of("-o", output.toString()));
        if (target == Target.IMAGE) {
            command.addAll(List.of("-lc", "-lgcc"));
        }
        NativeCommand.run(command, work);
    }

    /** TeaVM reserves classes for arrays that only reflection makes: eight for each class, half a megabyte in all. */
    private static void limitDynamicClasses(Path generated) throws IOException {
        Path file = generated.resolve("arrayclass_gen.h");
        String text = Files.readString(file);
        Files.writeString(file, text.replaceAll("(_CAPACITY) \\d+", "$1 " + DYNAMIC_CLASSES));
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

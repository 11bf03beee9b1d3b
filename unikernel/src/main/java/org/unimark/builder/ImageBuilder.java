// SPDX-License-Identifier: Apache-2.0
package org.unimark.builder;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.unimark.keel.application.Application;

/**
 * Builds images and Linux binaries: generates the entry class, translates everything it reaches to C, adds the native
 * sources of the target and the sealed resources, and compiles and links all of it as one program. Needs a JDK, gcc and
 * the static musl C library (Debian: {@code gcc musl-tools}).
 *
 * <p>A build of something that was built before is taken from a cache, whose key is a hash of everything that goes in; where only
 * the resources are others, the compiled program is, and is linked with them.
 */
public final class ImageBuilder {
    private ImageBuilder() {}

    /** Builds, or finds in the cache; the result lies in the request's output directory either way. */
    public static BuiltImage build(BuildRequest request) throws BuildException, IOException {
        List<Path> classpath = classpath(request);
        NativeToolchain toolchain = NativeToolchain.detect();
        NativeSources sources = NativeSources.of(request);
        String programHash = BuildHash.ofProgram(request, classpath, sources, toolchain);
        String hash = BuildHash.of(programHash, request.sortedResources());
        BuildCache images = BuildCache.ofImages();
        BuildCache.Entry entry = images.find(hash);
        boolean cached = entry != null;
        if (!cached) {
            BuildCache programs = BuildCache.ofPrograms();
            BuildCache.Entry known = programs.find(programHash);
            BuildCache.Entry program = known != null
                    ? known
                    : programs.store(
                            programHash, directory -> compileInto(directory, request, classpath, sources, toolchain));
            entry = images.store(
                    hash, directory -> linkInto(directory, request, program.directory(), sources, toolchain));
        }
        Files.createDirectories(request.outputDirectory());
        Path elf = request.outputDirectory().resolve(request.name() + extension(request.target()));
        Path elfWithSymbols = request.outputDirectory().resolve(request.name() + ".symbols.elf");
        Files.copy(entry.elf(), elf, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
        Files.copy(
                entry.elfWithSymbols(),
                elfWithSymbols,
                StandardCopyOption.REPLACE_EXISTING,
                StandardCopyOption.COPY_ATTRIBUTES);
        String report = Files.readString(entry.report());
        return new BuiltImage(elf, elfWithSymbols, Files.size(elf), hash, cached, report);
    }

    private static String extension(Target target) {
        return target == Target.IMAGE ? ".elf" : ".linux";
    }

    private static void compileInto(
            Path directory,
            BuildRequest request,
            List<Path> classpath,
            NativeSources sources,
            NativeToolchain toolchain)
            throws BuildException, IOException {
        Path work = directory.resolve("work");
        sources.checkedLines();
        Path entry = work.resolve("entry");
        EntryPoint.generate(request, classpath, entry);
        List<Path> translated = new ArrayList<>(classpath);
        translated.add(entry);
        Path generated = work.resolve("generated");
        Translator.translate(translated, generated);
        toolchain.compile(
                request.target(), request.libraries(), generated, sources.copyTo(work.resolve("native")), directory);
        deleteUnlessKept(work);
    }

    private static void linkInto(
            Path directory, BuildRequest request, Path program, NativeSources sources, NativeToolchain toolchain)
            throws BuildException, IOException {
        Path work = Files.createDirectory(directory.resolve("work"));
        Path nativeDirectory = sources.copyTo(work.resolve("native"));
        Path archive = Files.write(work.resolve("sealed.bin"), ResourceArchive.encode(request.sortedResources()));
        Path linked = directory.resolve(BuildCache.ELF_WITH_SYMBOLS);
        toolchain.link(request.target(), request.libraries(), program, nativeDirectory, archive, linked);
        toolchain.strip(linked, directory.resolve(BuildCache.ELF));
        if (request.target() == Target.IMAGE) {
            PackedImage.pack(directory.resolve(BuildCache.ELF));
        }
        String report = "native code of Keel: " + sources.checkedLines() + " of " + NativeSources.LINE_LIMIT
                + " lines of code allowed in the whole project\n"
                + SizeReport.of(directory.resolve(BuildCache.ELF), linked, archive);
        Files.writeString(directory.resolve(BuildCache.REPORT), report);
        deleteUnlessKept(work);
    }

    private static void deleteUnlessKept(Path work) throws IOException {
        if (System.getProperty("unimark.keepWork") == null) {
            FileTrees.delete(work);
        }
    }

    /** The request's entries and then Keel itself: directory or jar, whatever this class was loaded from. */
    private static List<Path> classpath(BuildRequest request) throws BuildException {
        List<Path> result = new ArrayList<>();
        for (Path entry : request.classpath()) {
            if (!Files.exists(entry)) {
                throw new BuildException("class path entry " + entry + " does not exist");
            }
            result.add(entry.toAbsolutePath());
        }
        result.add(keel());
        return result;
    }

    static Path keel() {
        try {
            return Path.of(Application.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}

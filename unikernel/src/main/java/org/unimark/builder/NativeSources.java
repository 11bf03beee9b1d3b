// SPDX-License-Identifier: Apache-2.0
package org.unimark.builder;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * C, assembly and linker scripts of the project, taken from the class path: folder {@code native/common} for both
 * targets, one folder for each target, and one for each native library.
 */
public final class NativeSources {
    /** What of an operating system cannot be Java fits in this many lines of code, or the build fails. */
    public static final int LINE_LIMIT = 1000;

    private static final String ROOT = "native";
    private static final String COMMON = "common";

    private final Map<String, byte[]> all;
    private final List<String> folders = new ArrayList<>();

    private NativeSources(Map<String, byte[]> all, Target target, List<NativeLibrary> libraries) {
        this.all = all;
        folders.add(COMMON);
        folders.add(target.directory());
        for (NativeLibrary library : libraries) {
            folders.add(library.directory());
        }
    }

    static NativeSources of(BuildRequest request) throws IOException {
        return new NativeSources(readAll(), request.target(), request.libraries());
    }

    private static Map<String, byte[]> readAll() throws IOException {
        Path keel = ImageBuilder.keel();
        if (Files.isDirectory(keel)) {
            return read(keel.resolve(ROOT));
        }
        try (FileSystem jar = FileSystems.newFileSystem(keel)) {
            return read(jar.getPath("/" + ROOT));
        }
    }

    private static Map<String, byte[]> read(Path root) throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        if (Files.exists(root)) {
            for (Path file : FileTrees.files(root)) {
                files.put(root.relativize(file).toString(), Files.readAllBytes(file));
            }
        }
        return files;
    }

    /** The files of the target and of the libraries, by path relative to the folder of native sources. */
    Map<String, byte[]> ofTarget() {
        Map<String, byte[]> result = new TreeMap<>();
        for (Map.Entry<String, byte[]> file : all.entrySet()) {
            String name = file.getKey();
            if (folders.contains(name.substring(0, name.indexOf('/')))) {
                result.put(name, file.getValue());
            }
        }
        return result;
    }

    Path copyTo(Path directory) throws IOException {
        for (Map.Entry<String, byte[]> file : ofTarget().entrySet()) {
            Path copy = directory.resolve(file.getKey());
            Files.createDirectories(copy.getParent());
            Files.write(copy, file.getValue());
        }
        return Files.createDirectories(directory);
    }

    /** Counts the lines of code in C and assembly of all targets together and throws if there are too many. */
    int checkedLines() throws BuildException {
        int lines = 0;
        for (Map.Entry<String, byte[]> file : all.entrySet()) {
            if (isCode(file.getKey())) {
                lines += lines(file.getValue());
            }
        }
        if (lines > LINE_LIMIT) {
            throw new BuildException("the project's C and assembly are " + lines + " lines, but " + LINE_LIMIT
                    + " are allowed: what can be Java belongs in Java");
        }
        return lines;
    }

    private static boolean isCode(String name) {
        return List.of(".c", ".h", ".S", ".s").stream().anyMatch(name::endsWith);
    }

    /** Lines that hold code: neither blank nor nothing but a comment. */
    public static int lines(byte[] text) {
        String withoutComments = new String(text, StandardCharsets.UTF_8)
                .replaceAll("(?s)/\\*.*?\\*/", "")
                .replaceAll("(?m)^\\s*//.*$", "");
        return (int) withoutComments.lines().filter(line -> !line.isBlank()).count();
    }
}

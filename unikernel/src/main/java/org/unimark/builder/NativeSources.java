// SPDX-License-Identifier: Apache-2.0
package org.unimark.builder;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * C, assembly and linker scripts of the project, taken from the class path: folder {@code native/common} for both
 * targets, and one folder for each target.
 */
final class NativeSources {
    /** What of an operating system cannot be Java fits in this many lines of code, or the build fails. */
    static final int LINE_LIMIT = 1000;

    private static final String ROOT = "native";
    private static final String COMMON = "common";

    private final Map<String, byte[]> all;
    private final Target target;

    private NativeSources(Map<String, byte[]> all, Target target) {
        this.all = all;
        this.target = target;
    }

    static NativeSources of(Target target) throws IOException {
        Path keel = ImageBuilder.keel();
        if (Files.isDirectory(keel)) {
            return new NativeSources(read(keel.resolve(ROOT)), target);
        }
        try (FileSystem jar = FileSystems.newFileSystem(keel)) {
            return new NativeSources(read(jar.getPath("/" + ROOT)), target);
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

    /** The files of the target, by path relative to the folder of native sources. */
    Map<String, byte[]> ofTarget() {
        Map<String, byte[]> result = new TreeMap<>();
        for (Map.Entry<String, byte[]> file : all.entrySet()) {
            String name = file.getKey();
            if (name.startsWith(COMMON + "/") || name.startsWith(target.directory() + "/")) {
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
    static int lines(byte[] text) {
        int lines = 0;
        boolean inComment = false;
        for (String line : new String(text, StandardCharsets.UTF_8).split("\n")) {
            String rest = line.strip();
            while (!rest.isEmpty() && (inComment || rest.startsWith("/*"))) {
                int end = rest.indexOf("*/", inComment ? 0 : 2);
                inComment = end < 0;
                rest = inComment ? "" : rest.substring(end + 2).strip();
            }
            if (!rest.isEmpty() && !rest.startsWith("//")) {
                lines++;
            }
        }
        return lines;
    }
}

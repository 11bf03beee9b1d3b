// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines.debian;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.unimark.baselines.files.ElfFile;
import org.unimark.baselines.files.FileTree;

/** The files of some packages, found by name, and the set of those packages that a tree was made of. */
public final class PackageFiles {
    private final Map<String, Path> byPath = new HashMap<>();
    private final Map<String, Path> byName = new HashMap<>();
    private final Map<Path, Package> owners = new HashMap<>();
    private final Set<Package> used = new LinkedHashSet<>();

    public PackageFiles(List<Package> packages) throws IOException {
        for (Package one : packages) {
            List<Path> files;
            try (Stream<Path> walk = Files.walk(one.root())) {
                files = walk.filter(PackageFiles::leadsToFileOfPackage).sorted().toList();
            }
            for (Path file : files) {
                byPath.putIfAbsent(one.root().relativize(file).toString(), file);
                byName.putIfAbsent(file.getFileName().toString(), file);
                owners.put(file, one);
            }
        }
    }

    /** The content of the file at {@code path} (relative); throws if no package has it. */
    public byte[] read(String path) throws IOException {
        Path file = byPath.get(path);
        if (file == null) {
            throw new IOException("no package has the file /" + path);
        }
        return read(file);
    }

    /** The relative paths of all files below {@code directory} (relative), in order. */
    public List<String> below(String directory) {
        return byPath.keySet().stream()
                .filter(path -> path.startsWith(directory + "/"))
                .sorted()
                .toList();
    }

    /** The relative path of the program {@code name}; throws if no package has it. */
    public String programPath(String name) throws IOException {
        for (String directory : List.of("usr/sbin/", "usr/bin/", "sbin/", "bin/")) {
            if (byPath.containsKey(directory + name)) {
                return directory + name;
            }
        }
        throw new IOException("no package has the program " + name);
    }

    /**
     * Adds the program and all shared libraries that it needs to {@code tree}: libraries to the directory where the
     * dynamic linker of Debian looks first, the dynamic linker where the program asks for it.
     */
    public void addProgram(FileTree tree, String targetPath, String name) throws IOException {
        addProgramFrom(tree, targetPath, programPath(name));
    }

    /** The same for a program at a path (relative) where no shell looks. */
    public void addProgramFrom(FileTree tree, String targetPath, String path) throws IOException {
        byte[] program = read(path);
        tree.executable(targetPath, program);
        Set<String> seen = new TreeSet<>();
        Queue<byte[]> pending = new ArrayDeque<>(List.of(program));
        while (!pending.isEmpty()) {
            ElfFile elf = ElfFile.of(pending.remove());
            String interpreter = elf.interpreter();
            if (interpreter != null) {
                String linker = Path.of(interpreter).getFileName().toString();
                seen.add(linker);
                tree.executable(interpreter.substring(1), readLibrary(linker));
            }
            for (String library : elf.neededLibraries()) {
                if (seen.add(library)) {
                    byte[] content = readLibrary(library);
                    tree.executable("lib/x86_64-linux-gnu/" + library, content);
                    pending.add(content);
                }
            }
        }
    }

    /** The packages whose files were read. */
    public List<Package> used() {
        return List.copyOf(used);
    }

    private byte[] readLibrary(String name) throws IOException {
        Path file = byName.get(name);
        if (file == null) {
            throw new IOException("no package has the library " + name);
        }
        return read(file);
    }

    private byte[] read(Path file) throws IOException {
        used.add(owners.get(file));
        return Files.readAllBytes(file);
    }

    /** A link to an absolute path would lead to the files of this machine. */
    private static boolean leadsToFileOfPackage(Path path) {
        try {
            return Files.isRegularFile(path)
                    && !(Files.isSymbolicLink(path)
                            && Files.readSymbolicLink(path).isAbsolute());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

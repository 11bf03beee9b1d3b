// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines.files;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Files by path, owned by root and without times, so that archives of equal trees are equal bytes. Paths are relative
 * and have no dots; the directories above an entry are made with it.
 */
public final class FileTree {
    private static final int DIRECTORY_PERMISSIONS = 0755;

    private final TreeMap<String, Node> nodes = new TreeMap<>();

    /** What a path leads to. */
    public sealed interface Node permits RegularFile, Directory, SymbolicLink {}

    /**
     * A file.
     *
     * @param content never changed after it is given to the tree
     * @param permissions as of chmod
     */
    public record RegularFile(byte[] content, int permissions) implements Node {}

    /**
     * A directory.
     *
     * @param permissions as of chmod
     */
    public record Directory(int permissions) implements Node {}

    /**
     * A symbolic link.
     *
     * @param target as of readlink
     */
    public record SymbolicLink(String target) implements Node {}

    public FileTree file(String path, byte[] content, int permissions) {
        return put(path, new RegularFile(content, permissions));
    }

    public FileTree text(String path, String content) {
        return file(path, content.getBytes(StandardCharsets.UTF_8), 0644);
    }

    public FileTree executable(String path, byte[] content) {
        return file(path, content, 0755);
    }

    public FileTree directory(String path) {
        return directory(path, DIRECTORY_PERMISSIONS);
    }

    public FileTree directory(String path, int permissions) {
        return put(path, new Directory(permissions));
    }

    public FileTree link(String path, String target) {
        return put(path, new SymbolicLink(target));
    }

    /** Adds all of {@code other} below {@code prefix}, which may be empty. */
    public FileTree add(String prefix, FileTree other) {
        other.nodes.forEach((path, node) -> put(prefix.isEmpty() ? path : prefix + "/" + path, node));
        return this;
    }

    /** Adds the regular files below {@code root} on disk, readable by everybody. */
    public FileTree addFromDisk(String prefix, Path root) throws IOException {
        directory(prefix);
        List<Path> files;
        try (Stream<Path> walk = Files.walk(root)) {
            files = walk.filter(Files::isRegularFile).toList();
        }
        for (Path file : files) {
            file(prefix + "/" + root.relativize(file), Files.readAllBytes(file), 0644);
        }
        return this;
    }

    /** All entries in the order of their paths; a directory comes before what is in it. */
    public SortedMap<String, Node> nodes() {
        return Collections.unmodifiableSortedMap(nodes);
    }

    /** Bytes of all files. */
    public long contentBytes() {
        return nodes.values().stream()
                .mapToLong(node -> node instanceof RegularFile file ? file.content().length : 0)
                .sum();
    }

    private FileTree put(String path, Node node) {
        if (path.isEmpty() || path.startsWith("/") || path.endsWith("/") || ("/" + path + "/").contains("/../")) {
            throw new IllegalArgumentException("not a relative path: '" + path + "'");
        }
        int slash = path.lastIndexOf('/');
        if (slash > 0 && !(nodes.get(path.substring(0, slash)) instanceof Directory)) {
            directory(path.substring(0, slash));
        }
        nodes.put(path, node);
        return this;
    }
}

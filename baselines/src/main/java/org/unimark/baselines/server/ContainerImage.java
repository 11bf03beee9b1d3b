// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines.server;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.unimark.baselines.debian.Package;
import org.unimark.baselines.files.Digests;
import org.unimark.baselines.files.ElfFile;
import org.unimark.baselines.files.FileTree;
import org.unimark.baselines.files.TarArchive;

/**
 * A server as it is shipped.
 *
 * @param name such as {@code nginx}
 * @param root its root file system; if it has a directory {@code data}, what the server keeps is mounted there
 * @param command what the container's first process executes, with an absolute path
 * @param packages the Debian packages it was made of
 * @param user that its processes belong to, 0 for root
 * @param data directory whose content a new disk has, or null for an empty one
 */
public record ContainerImage(
        String name, FileTree root, List<String> command, List<Package> packages, int user, Path data) {
    /** Where a server keeps what it must not forget, relative. */
    public static final String DATA = "data";

    /** Of a server that runs as root and starts with nothing. */
    public static ContainerImage of(String name, FileTree root, List<String> command, List<Package> packages) {
        return new ContainerImage(name, root, command, packages, 0, null);
    }

    /** Whether it keeps anything. */
    public boolean hasData() {
        return root.nodes().containsKey(DATA);
    }

    /** The root as a tar archive, which is how it is deployed. */
    public byte[] archive() {
        return TarArchive.of(root);
    }

    /** SHA-256 of {@link #archive}. */
    public String sha256() {
        return Digests.sha256(archive());
    }

    /** Bytes of programs and libraries. */
    public long executableBytes() {
        return executableBytes(root);
    }

    /** Bytes of the ELF files in {@code tree}. */
    public static long executableBytes(FileTree tree) {
        long bytes = 0;
        for (Map.Entry<String, FileTree.Node> entry : tree.nodes().entrySet()) {
            if (entry.getValue() instanceof FileTree.RegularFile file && ElfFile.isElf(file.content())) {
                bytes += file.content().length;
            }
        }
        return bytes;
    }
}

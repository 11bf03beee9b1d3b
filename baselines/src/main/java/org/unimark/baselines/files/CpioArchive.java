// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines.files;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Writes the "new ASCII" cpio format that Linux unpacks as its initial root file system
 * (Documentation/driver-api/early-userspace/buffer-format.rst): headers of 13 numbers of 8 hexadecimal digits, names and
 * contents padded to 4 bytes.
 */
public final class CpioArchive {
    private static final int REGULAR = 0100000;
    private static final int DIRECTORY = 0040000;
    private static final int LINK = 0120000;
    private static final int ALIGNMENT = 4;
    private static final String END = "TRAILER!!!";

    private final ByteArrayOutputStream out = new ByteArrayOutputStream(1 << 20);
    private int nextInode = 1;

    private CpioArchive() {}

    /** The archive of {@code tree}: the same bytes for the same tree, owners and times all 0. */
    public static byte[] of(FileTree tree) {
        CpioArchive archive = new CpioArchive();
        for (Map.Entry<String, FileTree.Node> entry : tree.nodes().entrySet()) {
            archive.add(entry.getKey(), entry.getValue());
        }
        archive.entry(END, 0, 1, new byte[0]);
        return archive.out.toByteArray();
    }

    private void add(String path, FileTree.Node node) {
        if (node instanceof FileTree.RegularFile file) {
            entry(path, REGULAR | file.permissions(), 1, file.content());
        } else if (node instanceof FileTree.Directory directory) {
            entry(path, DIRECTORY | directory.permissions(), 2, new byte[0]);
        } else if (node instanceof FileTree.SymbolicLink link) {
            entry(path, LINK | 0777, 1, link.target().getBytes(StandardCharsets.UTF_8));
        }
    }

    private void entry(String path, int mode, int links, byte[] content) {
        byte[] name = (path + "\0").getBytes(StandardCharsets.UTF_8);
        int inode = path.equals(END) ? 0 : nextInode++;
        int[] numbers = {inode, mode, 0, 0, links, 0, content.length, 0, 0, 0, 0, name.length, 0};
        StringBuilder header = new StringBuilder("070701");
        for (int number : numbers) {
            header.append(String.format("%08X", number));
        }
        out.writeBytes(header.toString().getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(name);
        pad();
        out.writeBytes(content);
        pad();
    }

    private void pad() {
        while (out.size() % ALIGNMENT != 0) {
            out.write(0);
        }
    }
}

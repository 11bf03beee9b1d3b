// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines.files;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

/** Writes POSIX "ustar" archives (IEEE 1003.1, pax utility), which container engines import as an image's root. */
public final class TarArchive {
    private static final int BLOCK = 512;
    private static final int NAME_LENGTH = 100;
    private static final int PREFIX_LENGTH = 155;
    private static final int MODE = 100;
    private static final int OWNER = 108;
    private static final int GROUP = 116;
    private static final int SIZE = 124;
    private static final int TIME = 136;
    private static final int CHECKSUM = 148;
    private static final int TYPE = 156;
    private static final int LINK_NAME = 157;
    private static final int MAGIC = 257;
    private static final int PREFIX = 345;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream(1 << 20);

    private TarArchive() {}

    /** The archive of {@code tree}: the same bytes for the same tree, owners and times all 0. */
    public static byte[] of(FileTree tree) {
        TarArchive archive = new TarArchive();
        for (Map.Entry<String, FileTree.Node> entry : tree.nodes().entrySet()) {
            archive.add(entry.getKey(), entry.getValue());
        }
        archive.out.writeBytes(new byte[2 * BLOCK]);
        return archive.out.toByteArray();
    }

    private void add(String path, FileTree.Node node) {
        if (node instanceof FileTree.RegularFile file) {
            header(path, file.permissions(), file.content().length, '0', "");
            out.writeBytes(file.content());
            out.writeBytes(new byte[Math.floorMod(-file.content().length, BLOCK)]);
        } else if (node instanceof FileTree.Directory directory) {
            header(path + "/", directory.permissions(), 0, '5', "");
        } else if (node instanceof FileTree.SymbolicLink link) {
            header(path, 0777, 0, '2', link.target());
        }
    }

    private void header(String path, int permissions, int size, char type, String linkTarget) {
        byte[] header = new byte[BLOCK];
        int split = path.length() <= NAME_LENGTH ? -1 : path.indexOf('/', path.length() - NAME_LENGTH - 1);
        if (path.length() > NAME_LENGTH && (split < 0 || split > PREFIX_LENGTH)) {
            throw new IllegalArgumentException("path too long for a ustar archive: " + path);
        }
        text(header, 0, NAME_LENGTH, path.substring(split + 1));
        text(header, PREFIX, PREFIX_LENGTH, split < 0 ? "" : path.substring(0, split));
        octal(header, MODE, 8, permissions);
        octal(header, OWNER, 8, 0);
        octal(header, GROUP, 8, 0);
        octal(header, SIZE, 12, size);
        octal(header, TIME, 12, 0);
        header[TYPE] = (byte) type;
        text(header, LINK_NAME, NAME_LENGTH, linkTarget);
        text(header, MAGIC, 8, "ustar\00000");
        Arrays.fill(header, CHECKSUM, CHECKSUM + 8, (byte) ' ');
        int sum = 0;
        for (byte value : header) {
            sum += Byte.toUnsignedInt(value);
        }
        octal(header, CHECKSUM, 7, sum);
        out.writeBytes(header);
    }

    private static void text(byte[] header, int offset, int limit, String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > limit) {
            throw new IllegalArgumentException("too long for a ustar archive: " + value);
        }
        System.arraycopy(bytes, 0, header, offset, bytes.length);
    }

    /** Digits and a NUL, {@code length} bytes in all. */
    private static void octal(byte[] header, int offset, int length, int value) {
        text(header, offset, length, String.format("%0" + (length - 1) + "o", value));
        header[offset + length - 1] = 0;
    }
}

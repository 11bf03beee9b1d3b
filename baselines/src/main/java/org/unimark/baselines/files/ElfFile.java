// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines.files;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.unimark.builder.ElfLayout;

/** The little that packing needs to know of a 64-bit little-endian ELF file (System V ABI, chapters 4 and 5). */
public final class ElfFile {
    private static final int DYNAMIC_SECTION = 6;
    private static final long NEEDED_TAG = 1;
    private static final int DYNAMIC_ENTRY = 16;

    private final ByteBuffer file;

    private ElfFile(ByteBuffer file) {
        this.file = file;
    }

    /** Whether {@code content} is such a file. */
    public static boolean isElf(byte[] content) {
        return content.length >= ElfLayout.HEADER_BYTES
                && ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN).getInt(0) == ElfLayout.MAGIC
                && content[4] == 2
                && content[5] == 1;
    }

    public static ElfFile of(byte[] content) {
        if (!isElf(content)) {
            throw new IllegalArgumentException("not a 64-bit little-endian ELF file");
        }
        return new ElfFile(ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN));
    }

    /** Where its execution begins. */
    public long entryAddress() {
        return file.getLong(ElfLayout.ENTRY);
    }

    /** Names of the shared libraries that it needs, in their order. */
    public List<String> neededLibraries() {
        List<String> names = new ArrayList<>();
        int first = (int) file.getLong(ElfLayout.SECTION_HEADERS);
        int size = file.getShort(ElfLayout.SECTION_HEADER_SIZE);
        for (int index = 0; index < file.getShort(ElfLayout.SECTION_COUNT); index++) {
            int section = first + index * size;
            if (file.getInt(section + ElfLayout.SECTION_TYPE) == DYNAMIC_SECTION) {
                int strings = first + file.getInt(section + ElfLayout.SECTION_LINK) * size;
                collectNeeded(section, (int) file.getLong(strings + ElfLayout.SECTION_OFFSET), names);
            }
        }
        return names;
    }

    /** The dynamic linker it asks for, or null if it is static. */
    public String interpreter() {
        int first = (int) file.getLong(ElfLayout.PROGRAM_HEADERS);
        int size = file.getShort(ElfLayout.PROGRAM_HEADER_SIZE);
        for (int index = 0; index < file.getShort(ElfLayout.PROGRAM_HEADER_COUNT); index++) {
            int segment = first + index * size;
            if (file.getInt(segment) == ElfLayout.INTERPRETER) {
                return string((int) file.getLong(segment + ElfLayout.SEGMENT_OFFSET));
            }
        }
        return null;
    }

    private void collectNeeded(int section, int strings, List<String> names) {
        int start = (int) file.getLong(section + ElfLayout.SECTION_OFFSET);
        int end = start + (int) file.getLong(section + ElfLayout.SECTION_BYTES);
        for (int entry = start; entry < end; entry += DYNAMIC_ENTRY) {
            if (file.getLong(entry) == NEEDED_TAG) {
                names.add(string(strings + (int) file.getLong(entry + 8)));
            }
        }
    }

    private String string(int offset) {
        int end = offset;
        while (file.get(end) != 0) {
            end++;
        }
        return new String(file.array(), offset, end - offset, StandardCharsets.UTF_8);
    }
}

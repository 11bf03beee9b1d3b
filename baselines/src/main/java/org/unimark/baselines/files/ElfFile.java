// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines.files;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The little that packing needs to know of a 64-bit little-endian ELF file (System V ABI, chapters 4 and 5). */
public final class ElfFile {
    private static final int MAGIC = 0x464c457f;
    private static final int ENTRY = 24;
    private static final int PROGRAM_HEADERS_OFFSET = 32;
    private static final int SECTION_HEADERS_OFFSET = 40;
    private static final int PROGRAM_HEADER_SIZE = 54;
    private static final int PROGRAM_HEADER_COUNT = 56;
    private static final int SECTION_HEADER_SIZE = 58;
    private static final int SECTION_COUNT = 60;
    private static final int INTERPRETER_SEGMENT = 3;
    private static final int DYNAMIC_SECTION = 6;
    private static final long NEEDED_TAG = 1;
    private static final int DYNAMIC_ENTRY = 16;

    private final ByteBuffer file;

    private ElfFile(ByteBuffer file) {
        this.file = file;
    }

    /** Whether {@code content} is such a file. */
    public static boolean isElf(byte[] content) {
        return content.length >= 64
                && ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN).getInt(0) == MAGIC
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
        return file.getLong(ENTRY);
    }

    /** Names of the shared libraries that it needs, in their order. */
    public List<String> neededLibraries() {
        List<String> names = new ArrayList<>();
        int first = (int) file.getLong(SECTION_HEADERS_OFFSET);
        int size = file.getShort(SECTION_HEADER_SIZE);
        for (int index = 0; index < file.getShort(SECTION_COUNT); index++) {
            int section = first + index * size;
            if (file.getInt(section + 4) == DYNAMIC_SECTION) {
                int strings = first + file.getInt(section + 40) * size;
                collectNeeded(section, (int) file.getLong(strings + 24), names);
            }
        }
        return names;
    }

    /** The dynamic linker it asks for, or null if it is static. */
    public String interpreter() {
        int first = (int) file.getLong(PROGRAM_HEADERS_OFFSET);
        int size = file.getShort(PROGRAM_HEADER_SIZE);
        for (int index = 0; index < file.getShort(PROGRAM_HEADER_COUNT); index++) {
            int segment = first + index * size;
            if (file.getInt(segment) == INTERPRETER_SEGMENT) {
                return string((int) file.getLong(segment + 8));
            }
        }
        return null;
    }

    private void collectNeeded(int section, int strings, List<String> names) {
        int start = (int) file.getLong(section + 24);
        int end = start + (int) file.getLong(section + 32);
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

// SPDX-License-Identifier: Apache-2.0
package org.unimark.builder;

/** Offsets and codes of 64-bit ELF files (System V ABI, chapters 4 and 5), which on x86-64 are little-endian. */
public final class ElfLayout {
    /** Of the file's header, which begins with {@link #MAGIC}. */
    public static final int HEADER_BYTES = 64;

    public static final int MAGIC = 0x464c457f;
    public static final int ENTRY = 24;
    public static final int PROGRAM_HEADERS = 32;
    public static final int SECTION_HEADERS = 40;
    public static final int PROGRAM_HEADER_SIZE = 54;
    public static final int PROGRAM_HEADER_COUNT = 56;
    public static final int SECTION_HEADER_SIZE = 58;
    public static final int SECTION_COUNT = 60;
    public static final int SECTION_NAMES = 62;

    /** Of the header of a segment, which begins with its type. */
    public static final int PROGRAM_HEADER_BYTES = 56;

    public static final int SEGMENT_FLAGS = 4;
    public static final int SEGMENT_OFFSET = 8;
    public static final int SEGMENT_ADDRESS = 16;
    public static final int SEGMENT_PHYSICAL_ADDRESS = 24;
    public static final int SEGMENT_FILE_BYTES = 32;
    public static final int SEGMENT_MEMORY_BYTES = 40;
    public static final int SEGMENT_ALIGNMENT = 48;

    /** Types of segments. */
    public static final int LOAD = 1;

    public static final int INTERPRETER = 3;
    public static final int NOTE = 4;

    /** Flags of segments. */
    public static final int EXECUTE = 1;

    public static final int WRITE = 2;
    public static final int READ = 4;

    /** Of the header of a section, which begins with its name. */
    public static final int SECTION_TYPE = 4;

    public static final int SECTION_FLAGS = 8;
    public static final int SECTION_ADDRESS = 16;
    public static final int SECTION_OFFSET = 24;
    public static final int SECTION_BYTES = 32;
    public static final int SECTION_LINK = 40;

    private ElfLayout() {}
}

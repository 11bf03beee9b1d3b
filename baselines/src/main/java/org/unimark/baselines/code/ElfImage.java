// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines.code;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.unimark.baselines.files.ElfFile;
import org.unimark.builder.ElfLayout;

/** Sections, segments and symbols of a 64-bit little-endian ELF file (System V ABI, chapters 4 and 5). */
final class ElfImage {
    private static final int DYNAMIC = 2;
    private static final int INTERPRETER = 3;
    private static final int SYMBOL_TABLE = 2;
    private static final int SYMBOL_BYTES = 24;
    private static final int NO_BITS = 8;
    private static final long EXECUTABLE_SECTION = 4;

    private final ByteBuffer file;
    private final List<Section> sections = new ArrayList<>();

    /** One section. */
    record Section(String name, int type, long flags, long address, int offset, long bytes, int link) {
        boolean isCode() {
            return (flags & EXECUTABLE_SECTION) != 0 && type != NO_BITS;
        }
    }

    /** A function; {@code file} is the source or object file that a local one was defined in, or empty. */
    record Symbol(String name, String file, int section, long address, long bytes) {}

    ElfImage(byte[] content) {
        if (!ElfFile.isElf(content)) {
            throw new IllegalArgumentException("not a 64-bit little-endian ELF file");
        }
        file = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
        int count = Short.toUnsignedInt(file.getShort(ElfLayout.SECTION_COUNT));
        if (count > 0) {
            int names = (int) file.getLong(
                    header(Short.toUnsignedInt(file.getShort(ElfLayout.SECTION_NAMES))) + ElfLayout.SECTION_OFFSET);
            for (int i = 0; i < count; i++) {
                int at = header(i);
                sections.add(new Section(
                        string(names + file.getInt(at)),
                        file.getInt(at + ElfLayout.SECTION_TYPE),
                        file.getLong(at + ElfLayout.SECTION_FLAGS),
                        file.getLong(at + ElfLayout.SECTION_ADDRESS),
                        (int) file.getLong(at + ElfLayout.SECTION_OFFSET),
                        file.getLong(at + ElfLayout.SECTION_BYTES),
                        file.getInt(at + ElfLayout.SECTION_LINK)));
            }
        }
    }

    private int header(int section) {
        return (int) file.getLong(ElfLayout.SECTION_HEADERS) + section * file.getShort(ElfLayout.SECTION_HEADER_SIZE);
    }

    List<Section> sections() {
        return sections;
    }

    /** Bytes of all sections with instructions. */
    long codeBytes() {
        return sections.stream()
                .filter(Section::isCode)
                .mapToLong(Section::bytes)
                .sum();
    }

    /** Bytes in memory of loaded segments that are writable and executable at once. */
    long writableExecutableBytes() {
        return loadedBytes(ElfLayout.EXECUTE | ElfLayout.WRITE, ElfLayout.SEGMENT_MEMORY_BYTES);
    }

    /** Bytes in memory of loaded segments that are executable: known of a file without sections, too. */
    long executableBytes() {
        return loadedBytes(ElfLayout.EXECUTE, ElfLayout.SEGMENT_MEMORY_BYTES);
    }

    /** Bytes of the file that are loaded. */
    long fileBytes() {
        return loadedBytes(0, ElfLayout.SEGMENT_FILE_BYTES);
    }

    /** Whether it names a loader or is prepared for one: then what runs is more than what is in the file. */
    boolean needsLoader() {
        return programHeaders().anyMatch(at -> file.getInt(at) == INTERPRETER || file.getInt(at) == DYNAMIC);
    }

    private IntStream programHeaders() {
        int first = (int) file.getLong(ElfLayout.PROGRAM_HEADERS);
        return IntStream.range(0, file.getShort(ElfLayout.PROGRAM_HEADER_COUNT))
                .map(i -> first + i * file.getShort(ElfLayout.PROGRAM_HEADER_SIZE));
    }

    /** The sum of what stands at {@code size} in the headers of loaded segments that have all the {@code wanted} flags. */
    private long loadedBytes(int wanted, int size) {
        return programHeaders()
                .filter(at -> file.getInt(at) == ElfLayout.LOAD)
                .filter(at -> (file.getInt(at + ElfLayout.SEGMENT_FLAGS) & wanted) == wanted)
                .mapToLong(at -> file.getLong(at + size))
                .sum();
    }

    /** Named places in sections with instructions, in no order; with the file of local ones. */
    List<Symbol> codeSymbols() {
        List<Symbol> symbols = new ArrayList<>();
        for (Section table : sections) {
            if (table.type() == SYMBOL_TABLE) {
                int strings = sections.get(table.link()).offset();
                String source = "";
                for (int at = table.offset(); at < table.offset() + table.bytes(); at += SYMBOL_BYTES) {
                    int kind = file.get(at + 4) & 0xf;
                    boolean isLocal = (file.get(at + 4) >> 4) == 0;
                    int section = Short.toUnsignedInt(file.getShort(at + 6));
                    String name = string(strings + file.getInt(at));
                    if (kind == 4) {
                        source = name;
                    } else if (section < sections.size()
                            && sections.get(section).isCode()
                            && !name.isEmpty()) {
                        symbols.add(new Symbol(
                                name, isLocal ? source : "", section, file.getLong(at + 8), file.getLong(at + 16)));
                    }
                }
            }
        }
        return symbols;
    }

    private String string(int offset) {
        int end = offset;
        while (file.get(end) != 0) {
            end++;
        }
        return new String(file.array(), offset, end - offset, StandardCharsets.UTF_8);
    }
}

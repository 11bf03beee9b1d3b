// SPDX-License-Identifier: Apache-2.0
package org.unimark.builder;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Makes the file of an image smaller: constants and initial data, which are full of zeros and repetitions, are packed, and the
 * first C code unpacks them (see {@code unpack} in {@code native/image/start.c}). Machine code and sealed files stay as they are.
 * The linker script fixes the order of the parts: a note, then text, sealed files, constants, data and main stack to be loaded.
 */
final class PackedImage {
    private static final int HEADER_BYTES = 64;
    private static final int PROGRAM_HEADER_BYTES = 56;
    private static final int PROGRAM_HEADERS_AT = 32;
    private static final int SECTION_HEADERS_AT = 40;
    private static final int PROGRAM_HEADER_COUNT = 56;
    private static final int SECTION_HEADER_COUNT = 60;
    private static final int SECTION_NAMES = 62;
    private static final int LOAD = 1;
    private static final int NOTE = 4;
    private static final int OFFSET = 8;
    private static final int VIRTUAL = 16;
    private static final int PHYSICAL = 24;
    private static final int FILE_SIZE = 32;
    private static final int MEMORY_SIZE = 40;
    private static final int ALIGNMENT = 16;

    /** KEEL_PACKED_AT and KEEL_PACKED_MAGIC of image.h. */
    private static final int PACKED_AT = 0x4000;

    private static final int MAGIC = 0x5a4c4b31;
    /** Of the main stack, for the code that unpacks. */
    private static final int STACK_IN_USE = 0x2000;

    private final ByteBuffer elf;
    private final int[] loads = new int[5];
    private int note;

    private PackedImage(byte[] content) throws BuildException {
        elf = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
        int count = elf.getShort(PROGRAM_HEADER_COUNT);
        int found = 0;
        for (int i = 0; i < count; i++) {
            int header = (int) elf.getLong(PROGRAM_HEADERS_AT) + i * PROGRAM_HEADER_BYTES;
            if (elf.getInt(header) == NOTE) {
                note = header;
            } else if (elf.getInt(header) == LOAD && found < loads.length) {
                loads[found++] = header;
            }
        }
        if (found != loads.length || note == 0 || count != found + 1) {
            throw new BuildException("the image is not laid out as its linker script says");
        }
    }

    /** Rewrites the file; leaves it as it is if what is packed does not fit into the place of the stack. */
    static void pack(Path file) throws BuildException, IOException {
        byte[] packed = new PackedImage(Files.readAllBytes(file)).packed();
        if (packed != null) {
            Files.write(file, packed);
        }
    }

    private int constants() {
        return loads[2];
    }

    private int data() {
        return loads[3];
    }

    private int stack() {
        return loads[4];
    }

    private byte[] packed() {
        byte[] packed = Packing.pack(unpacked());
        long room = elf.getLong(stack() + MEMORY_SIZE) - PACKED_AT - STACK_IN_USE;
        return Integer.BYTES + packed.length > room ? null : assemble(packed);
    }

    /** Constants and data as they will lie in memory. */
    private byte[] unpacked() {
        long start = elf.getLong(constants() + VIRTUAL);
        long end = elf.getLong(data() + VIRTUAL) + elf.getLong(data() + FILE_SIZE);
        byte[] memory = new byte[(int) (end - start)];
        for (int part : new int[] {constants(), data()}) {
            int size = (int) elf.getLong(part + FILE_SIZE);
            elf.get((int) elf.getLong(part + OFFSET), memory, (int) (elf.getLong(part + VIRTUAL) - start), size);
        }
        return memory;
    }

    private byte[] assemble(byte[] packed) {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        int headers = HEADER_BYTES + (loads.length + 1) * PROGRAM_HEADER_BYTES;
        file.writeBytes(new byte[headers]);
        long noteInSealed = elf.getLong(note + OFFSET) - elf.getLong(loads[1] + OFFSET);
        for (int part : new int[] {loads[0], loads[1]}) {
            int size = (int) elf.getLong(part + FILE_SIZE);
            byte[] content = new byte[size];
            elf.get((int) elf.getLong(part + OFFSET), content);
            elf.putLong(part + OFFSET, append(file, content));
        }
        elf.putLong(note + OFFSET, elf.getLong(loads[1] + OFFSET) + noteInSealed);
        for (int part : new int[] {constants(), data()}) {
            elf.putLong(part + FILE_SIZE, 0);
            elf.putLong(part + OFFSET, 0);
        }
        byte[] content = ByteBuffer.allocate(Integer.BYTES + packed.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(MAGIC)
                .put(packed)
                .array();
        for (int field : new int[] {VIRTUAL, PHYSICAL}) {
            elf.putLong(stack() + field, elf.getLong(stack() + field) + PACKED_AT);
        }
        elf.putLong(stack() + MEMORY_SIZE, elf.getLong(stack() + MEMORY_SIZE) - PACKED_AT);
        elf.putLong(stack() + FILE_SIZE, content.length);
        elf.putLong(stack() + OFFSET, append(file, content));
        byte[] result = file.toByteArray();
        int programHeaders = (int) elf.getLong(PROGRAM_HEADERS_AT);
        elf.putLong(PROGRAM_HEADERS_AT, HEADER_BYTES);
        elf.putLong(SECTION_HEADERS_AT, 0);
        elf.putShort(SECTION_HEADER_COUNT, (short) 0);
        elf.putShort(SECTION_NAMES, (short) 0);
        elf.get(0, result, 0, HEADER_BYTES);
        elf.get(programHeaders, result, HEADER_BYTES, headers - HEADER_BYTES);
        return result;
    }

    /** Returns where in the file it is. */
    private static long append(ByteArrayOutputStream file, byte[] content) {
        while (file.size() % ALIGNMENT != 0) {
            file.write(0);
        }
        long at = file.size();
        file.writeBytes(content);
        return at;
    }
}

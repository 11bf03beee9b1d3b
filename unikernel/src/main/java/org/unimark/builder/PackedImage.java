// SPDX-License-Identifier: Apache-2.0
package org.unimark.builder;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Makes the file of an image smaller: machine code, constants and initial data are packed, and the first C code unpacks them (see
 * {@code keel_unpack} in {@code native/image/start.c}). That code and sealed files stay as they are. The linker script fixes the
 * order of the parts: a note, then sealed files, the entry, text, constants and data to be loaded.
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
    private static final int SEGMENT_ALIGNMENT = 48;
    private static final int ALIGNMENT = 16;

    private static final int FLAGS = 4;
    private static final int READ = 4;

    /** Sealed files and the entry are loaded as they are. */
    private static final int FIRST_PACKED = 2;

    private static final int PARTS = 5;

    private final ByteBuffer elf;
    /** Headers of what is loaded, in its order in memory. */
    private final int[] loads = new int[PARTS];

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

    /** Rewrites the file. */
    static void pack(Path file) throws BuildException, IOException {
        PackedImage image = new PackedImage(Files.readAllBytes(file));
        Files.write(file, image.assemble(Packing.pack(image.unpacked())));
    }

    private int[] plain() {
        return Arrays.copyOf(loads, FIRST_PACKED);
    }

    private int[] packed() {
        return Arrays.copyOfRange(loads, FIRST_PACKED, loads.length);
    }

    private int data() {
        return loads[loads.length - 1];
    }

    /** Text, constants and data as they will lie in memory. */
    private byte[] unpacked() {
        long start = elf.getLong(loads[FIRST_PACKED] + VIRTUAL);
        long end = elf.getLong(data() + VIRTUAL) + elf.getLong(data() + FILE_SIZE);
        byte[] memory = new byte[(int) (end - start)];
        for (int part : packed()) {
            int size = (int) elf.getLong(part + FILE_SIZE);
            elf.get((int) elf.getLong(part + OFFSET), memory, (int) (elf.getLong(part + VIRTUAL) - start), size);
        }
        return memory;
    }

    private byte[] assemble(byte[] packed) {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        int oldHeaders = (loads.length + 1) * PROGRAM_HEADER_BYTES;
        file.writeBytes(new byte[HEADER_BYTES + oldHeaders + PROGRAM_HEADER_BYTES]);
        long noteInSealed = elf.getLong(note + OFFSET) - elf.getLong(loads[0] + OFFSET);
        for (int part : plain()) {
            byte[] content = new byte[(int) elf.getLong(part + FILE_SIZE)];
            elf.get((int) elf.getLong(part + OFFSET), content);
            elf.putLong(part + OFFSET, append(file, content));
        }
        elf.putLong(note + OFFSET, elf.getLong(loads[0] + OFFSET) + noteInSealed);
        for (int part : packed()) {
            elf.putLong(part + FILE_SIZE, 0);
            elf.putLong(part + OFFSET, 0);
        }
        long at = append(file, packed);
        ByteBuffer result = ByteBuffer.wrap(file.toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
        result.put(0, elf, 0, HEADER_BYTES);
        result.put(HEADER_BYTES, elf, (int) elf.getLong(PROGRAM_HEADERS_AT), oldHeaders);
        result.putLong(PROGRAM_HEADERS_AT, HEADER_BYTES);
        result.putShort(PROGRAM_HEADER_COUNT, (short) (loads.length + 2));
        result.putLong(SECTION_HEADERS_AT, 0);
        result.putShort(SECTION_HEADER_COUNT, (short) 0);
        result.putShort(SECTION_NAMES, (short) 0);
        putPacked(result, HEADER_BYTES + oldHeaders, at, packed.length);
        return result.array();
    }

    /** What is packed is loaded right behind the image, to keel_image_end. */
    private void putPacked(ByteBuffer file, int header, long at, int length) {
        long address = elf.getLong(data() + VIRTUAL) + elf.getLong(data() + MEMORY_SIZE);
        file.putInt(header, LOAD);
        file.putInt(header + FLAGS, READ);
        file.putLong(header + OFFSET, at);
        file.putLong(header + VIRTUAL, address);
        file.putLong(header + PHYSICAL, address);
        file.putLong(header + FILE_SIZE, length);
        file.putLong(header + MEMORY_SIZE, length);
        file.putLong(header + SEGMENT_ALIGNMENT, 1);
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

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
    private static final int ALIGNMENT = 16;

    /** Sealed files and the entry are loaded as they are. */
    private static final int FIRST_PACKED = 2;

    private static final int PARTS = 5;

    private final ByteBuffer elf;
    /** Headers of what is loaded, in its order in memory. */
    private final int[] loads = new int[PARTS];

    private int note;

    private PackedImage(byte[] content) throws BuildException {
        elf = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
        int count = elf.getShort(ElfLayout.PROGRAM_HEADER_COUNT);
        int found = 0;
        for (int i = 0; i < count; i++) {
            int header = (int) elf.getLong(ElfLayout.PROGRAM_HEADERS) + i * ElfLayout.PROGRAM_HEADER_BYTES;
            if (elf.getInt(header) == ElfLayout.NOTE) {
                note = header;
            } else if (elf.getInt(header) == ElfLayout.LOAD && found < loads.length) {
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
        long start = elf.getLong(loads[FIRST_PACKED] + ElfLayout.SEGMENT_ADDRESS);
        long end = elf.getLong(data() + ElfLayout.SEGMENT_ADDRESS) + elf.getLong(data() + ElfLayout.SEGMENT_FILE_BYTES);
        byte[] memory = new byte[(int) (end - start)];
        for (int part : packed()) {
            int size = (int) elf.getLong(part + ElfLayout.SEGMENT_FILE_BYTES);
            elf.get(
                    (int) elf.getLong(part + ElfLayout.SEGMENT_OFFSET),
                    memory,
                    (int) (elf.getLong(part + ElfLayout.SEGMENT_ADDRESS) - start),
                    size);
        }
        return memory;
    }

    private byte[] assemble(byte[] packed) {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        int oldHeaders = (loads.length + 1) * ElfLayout.PROGRAM_HEADER_BYTES;
        file.writeBytes(new byte[ElfLayout.HEADER_BYTES + oldHeaders + ElfLayout.PROGRAM_HEADER_BYTES]);
        long noteInSealed =
                elf.getLong(note + ElfLayout.SEGMENT_OFFSET) - elf.getLong(loads[0] + ElfLayout.SEGMENT_OFFSET);
        for (int part : plain()) {
            byte[] content = new byte[(int) elf.getLong(part + ElfLayout.SEGMENT_FILE_BYTES)];
            elf.get((int) elf.getLong(part + ElfLayout.SEGMENT_OFFSET), content);
            elf.putLong(part + ElfLayout.SEGMENT_OFFSET, append(file, content));
        }
        elf.putLong(note + ElfLayout.SEGMENT_OFFSET, elf.getLong(loads[0] + ElfLayout.SEGMENT_OFFSET) + noteInSealed);
        for (int part : packed()) {
            elf.putLong(part + ElfLayout.SEGMENT_FILE_BYTES, 0);
            elf.putLong(part + ElfLayout.SEGMENT_OFFSET, 0);
        }
        long at = append(file, packed);
        ByteBuffer result = ByteBuffer.wrap(file.toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
        result.put(0, elf, 0, ElfLayout.HEADER_BYTES);
        result.put(ElfLayout.HEADER_BYTES, elf, (int) elf.getLong(ElfLayout.PROGRAM_HEADERS), oldHeaders);
        result.putLong(ElfLayout.PROGRAM_HEADERS, ElfLayout.HEADER_BYTES);
        result.putShort(ElfLayout.PROGRAM_HEADER_COUNT, (short) (loads.length + 2));
        result.putLong(ElfLayout.SECTION_HEADERS, 0);
        result.putShort(ElfLayout.SECTION_COUNT, (short) 0);
        result.putShort(ElfLayout.SECTION_NAMES, (short) 0);
        putPacked(result, ElfLayout.HEADER_BYTES + oldHeaders, at, packed.length);
        return result.array();
    }

    /** What is packed is loaded right behind the image, to keel_image_end. */
    private void putPacked(ByteBuffer file, int header, long at, int length) {
        long address =
                elf.getLong(data() + ElfLayout.SEGMENT_ADDRESS) + elf.getLong(data() + ElfLayout.SEGMENT_MEMORY_BYTES);
        file.putInt(header, ElfLayout.LOAD);
        file.putInt(header + ElfLayout.SEGMENT_FLAGS, ElfLayout.READ);
        file.putLong(header + ElfLayout.SEGMENT_OFFSET, at);
        file.putLong(header + ElfLayout.SEGMENT_ADDRESS, address);
        file.putLong(header + ElfLayout.SEGMENT_PHYSICAL_ADDRESS, address);
        file.putLong(header + ElfLayout.SEGMENT_FILE_BYTES, length);
        file.putLong(header + ElfLayout.SEGMENT_MEMORY_BYTES, length);
        file.putLong(header + ElfLayout.SEGMENT_ALIGNMENT, 1);
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

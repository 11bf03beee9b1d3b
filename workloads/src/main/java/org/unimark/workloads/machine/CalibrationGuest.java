// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.machine;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The smallest guest that can tell whether an accelerator accelerates: an ELF file with a PVH entry (Xen's
 * {@code PHYS32_ENTRY} note) that counts down in a loop and then ends QEMU through {@code isa-debug-exit}.
 */
final class CalibrationGuest {
    /** Status of QEMU after the loop: the guest writes 1 and QEMU makes it 1 << 1 | 1. */
    static final int EXIT_STATUS = 3;
    /** What QEMU needs for it, besides the kernel. */
    static final String EXIT_DEVICE = "isa-debug-exit,iobase=0xf4,iosize=0x04";

    private static final long LOAD_ADDRESS = 0x100000;
    private static final int HEADER_BYTES = 64;
    private static final int PROGRAM_HEADER_BYTES = 56;
    private static final int NOTE_AT = HEADER_BYTES + 2 * PROGRAM_HEADER_BYTES;
    private static final int NOTE_BYTES = 20;
    private static final int CODE_AT = 208;
    private static final int PT_LOAD = 1;
    private static final int PT_NOTE = 4;
    private static final int PHYS32_ENTRY = 18;

    private CalibrationGuest() {}

    /** The file for a loop of so many turns of two instructions each. */
    static byte[] image(int turns) {
        byte[] code = code(turns);
        int size = CODE_AT + code.length;
        ByteBuffer elf = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        elf.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1}).position(16);
        elf.putShort((short) 2).putShort((short) 62).putInt(1);
        elf.putLong(LOAD_ADDRESS + CODE_AT).putLong(HEADER_BYTES).putLong(0).putInt(0);
        elf.putShort((short) HEADER_BYTES)
                .putShort((short) PROGRAM_HEADER_BYTES)
                .putShort((short) 2);
        elf.position(HEADER_BYTES);
        segment(elf, PT_LOAD, 0, size);
        segment(elf, PT_NOTE, NOTE_AT, NOTE_BYTES);
        elf.putInt(4).putInt(4).putInt(PHYS32_ENTRY);
        elf.put("Xen\0".getBytes(StandardCharsets.US_ASCII)).putInt((int) LOAD_ADDRESS + CODE_AT);
        elf.position(CODE_AT);
        elf.put(code);
        return elf.array();
    }

    private static void segment(ByteBuffer elf, int type, int offset, int size) {
        elf.putInt(type).putInt(7).putLong(offset);
        elf.putLong(LOAD_ADDRESS + offset).putLong(LOAD_ADDRESS + offset);
        elf.putLong(size).putLong(size).putLong(4);
    }

    /** 32-bit: {@code mov ecx, turns; dec ecx; jnz -3; mov al, 1; out 0xf4, al; hlt; jmp -3}. */
    private static byte[] code(int turns) {
        return ByteBuffer.allocate(15)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put((byte) 0xb9)
                .putInt(turns)
                .put(new byte[] {0x49, 0x75, (byte) 0xfd, (byte) 0xb0, 1, (byte) 0xe6, (byte) 0xf4})
                .put(new byte[] {(byte) 0xf4, (byte) 0xeb, (byte) 0xfd})
                .array();
    }
}

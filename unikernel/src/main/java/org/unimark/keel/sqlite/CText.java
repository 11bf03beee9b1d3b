// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.sqlite;

import java.nio.charset.StandardCharsets;
import org.unimark.keel.machine.Memory;

/** Zero-terminated UTF-8 as C has it. */
final class CText {
    private static final int LONGEST = 4096;

    private CText() {}

    /** Null for address 0. */
    static String read(long address) {
        if (address == 0) {
            return null;
        }
        int length = 0;
        while (length < LONGEST && Memory.getByte(address + length) != 0) {
            length++;
        }
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = Memory.getByte(address + i);
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Writes text and a zero; there is room. */
    static void write(long address, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < bytes.length; i++) {
            Memory.putByte(address + i, bytes[i]);
        }
        Memory.putByte(address + bytes.length, (byte) 0);
    }
}

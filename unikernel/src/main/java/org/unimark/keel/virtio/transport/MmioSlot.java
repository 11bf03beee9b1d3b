// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.virtio.transport;

import java.util.ArrayList;
import java.util.List;

/**
 * Where the host says that a virtio device's registers lie, in the words of the kernel command line that QEMU and
 * Firecracker write for Linux: {@code virtio_mmio.device=SIZE@BASE:LINE[:ID]}, SIZE with an optional K, M or G, numbers
 * decimal or with {@code 0x}.
 *
 * @param base physical address of the registers
 * @param bytes size of the registers
 * @param interruptLine global system interrupt
 */
public record MmioSlot(long base, long bytes, int interruptLine) {
    private static final String PARAMETER = "virtio_mmio.device=";

    /** Returns the slots of a command line in its order; what does not read as described is passed over. */
    public static List<MmioSlot> parse(String commandLine) {
        List<MmioSlot> slots = new ArrayList<>();
        int end = 0;
        for (int start = 0; start < commandLine.length(); start = end + 1) {
            end = commandLine.indexOf(' ', start);
            if (end < 0) {
                end = commandLine.length();
            }
            if (commandLine.startsWith(PARAMETER, start)) {
                MmioSlot slot = parseSlot(commandLine.substring(start + PARAMETER.length(), end));
                if (slot != null) {
                    slots.add(slot);
                }
            }
        }
        return slots;
    }

    private static MmioSlot parseSlot(String text) {
        int at = text.indexOf('@');
        int colon = text.indexOf(':', at);
        if (at < 0 || colon < 0) {
            return null;
        }
        int second = text.indexOf(':', colon + 1);
        long bytes = parseSize(text.substring(0, at));
        long base = parseNumber(text.substring(at + 1, colon));
        long line = parseNumber(text.substring(colon + 1, second < 0 ? text.length() : second));
        boolean valid = bytes > 0 && base > 0 && line >= 0 && line <= Integer.MAX_VALUE;
        return valid ? new MmioSlot(base, bytes, (int) line) : null;
    }

    private static long parseSize(String text) {
        int last = text.length() - 1;
        int shift = last < 0 ? -1 : "KMG".indexOf(text.charAt(last) & ~0x20);
        long number = parseNumber(shift < 0 ? text : text.substring(0, last));
        return shift < 0 ? number : number << 10 * (shift + 1);
    }

    /** Returns -1 for what is no number below 2^52. */
    static long parseNumber(String text) {
        boolean hexadecimal = text.startsWith("0x") || text.startsWith("0X");
        int radix = hexadecimal ? 16 : 10;
        int start = hexadecimal ? 2 : 0;
        long number = start == text.length() ? -1 : 0;
        for (int i = start; i < text.length() && number >= 0; i++) {
            // Character.digit knows all of Unicode's digits and brings their tables into the image.
            int digit = "0123456789abcdef".indexOf(lowerCase(text.charAt(i)));
            digit = digit < radix ? digit : -1;
            number = digit < 0 || number >= 1L << 48 ? -1 : number * radix + digit;
        }
        return number;
    }

    private static int lowerCase(char character) {
        return character >= 'A' && character <= 'F' ? character + ('a' - 'A') : character;
    }
}

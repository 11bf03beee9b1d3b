// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.linux;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.machine.LinuxCalls;

/** The arguments of the program, of the form {@code name=value}: what a hypervisor's command line is to an image. */
final class LinuxOptions {
    private static final String ARGUMENTS = "/proc/self/cmdline";
    private static final int LONGEST = 4096;

    private LinuxOptions() {}

    /** The value of the last argument that begins with {@code name=}, or null. */
    static String value(String name) {
        long descriptor = Linux.open(ARGUMENTS, 0);
        if (descriptor < 0) {
            return null;
        }
        Bytes text = Linux.allocate(LONGEST);
        long length = LinuxCalls.call(Linux.READ, descriptor, Linux.address(text), LONGEST);
        LinuxCalls.call(Linux.CLOSE, descriptor);
        String value = null;
        for (int at = 0; at < length; ) {
            int end = at;
            while (end < length && text.u8(end) != 0) {
                end++;
            }
            String found = after(text, at, end, name);
            value = found == null ? value : found;
            at = end + 1;
        }
        return value;
    }

    /** What follows {@code name=} in an argument, or null if it is another. */
    private static String after(Bytes text, int from, int end, String name) {
        int start = from + name.length() + 1;
        if (start > end || text.u8(start - 1) != '=') {
            return null;
        }
        for (int i = 0; i < name.length(); i++) {
            if (text.u8(from + i) != name.charAt(i)) {
                return null;
            }
        }
        StringBuilder value = new StringBuilder();
        for (int i = start; i < end; i++) {
            value.append((char) text.u8(i));
        }
        return value.toString();
    }
}

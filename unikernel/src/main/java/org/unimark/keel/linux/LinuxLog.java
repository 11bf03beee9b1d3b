// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.linux;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Log;
import org.unimark.keel.machine.LinuxCalls;

/** Lines on standard error, in ASCII; longer ones are cut. */
final class LinuxLog implements Log {
    private static final int LINE_BYTES = 1024;

    private final Bytes line = Linux.allocate(LINE_BYTES);

    @Override
    public void line(String text) {
        int length = Math.min(text.length(), LINE_BYTES - 1);
        for (int i = 0; i < length; i++) {
            char character = text.charAt(i);
            line.put8(i, character < 0x80 ? character : '?');
        }
        line.put8(length, '\n');
        LinuxCalls.call(Linux.WRITE, Linux.STANDARD_ERROR, Linux.address(line), length + 1L);
    }

    /** What the console does not take at once is lost: nobody here may block. */
    @Override
    public void text(Bytes text, int from, int length) {
        LinuxCalls.call(Linux.WRITE, Linux.STANDARD_ERROR, text.address(from, length), length);
    }
}

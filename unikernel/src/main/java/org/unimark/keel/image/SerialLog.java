// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.image;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Log;
import org.unimark.keel.machine.BareMachine;

/** The console of an image: the first serial port; what is not ASCII becomes a question mark. */
final class SerialLog implements Log {
    @Override
    public void line(String text) {
        for (int i = 0; i < text.length(); i++) {
            char character = text.charAt(i);
            BareMachine.putChar(character < 0x80 ? character : '?');
        }
        BareMachine.putChar('\n');
    }

    @Override
    public void text(Bytes text, int from, int length) {
        for (int i = 0; i < length; i++) {
            BareMachine.putChar((char) text.u8(from + i));
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.image;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.machine.BareMachine;
import org.unimark.keel.memory.SealedFiles;

/** The command line: what the hypervisor was given, followed by what was sealed into the image. The first of two counts. */
final class BootOptions {
    /** The sealed file with options in the form of a command line. */
    static final String SEALED_OPTIONS = "keel.options";

    private BootOptions() {}

    static String read(SealedFiles files) {
        Bytes given = new Bytes(BareMachine.commandLineAddress(), BareMachine.commandLineBytes());
        Bytes sealed = files.find(SEALED_OPTIONS);
        StringBuilder text = new StringBuilder();
        append(text, given);
        if (sealed != null) {
            text.append(' ');
            append(text, sealed);
        }
        return text.toString();
    }

    private static void append(StringBuilder text, Bytes ascii) {
        for (int i = 0; i < ascii.length(); i++) {
            char character = (char) ascii.u8(i);
            text.append(character < ' ' ? ' ' : character);
        }
    }
}

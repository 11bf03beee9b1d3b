// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines.code;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.unimark.baselines.process.Command;

/**
 * Instructions that call a kernel or return from such a call ({@code syscall}, {@code sysenter}, {@code int}, {@code sysret},
 * {@code sysexit}), as {@code objdump} of binutils disassembles them. A program that has none on a machine of its own offers no
 * system call, and makes none.
 */
final class SystemCallInstructions {
    private static final int TIMEOUT_SECONDS = 60;
    private static final Pattern INSTRUCTION =
            Pattern.compile("\\s+[0-9a-f]+:\\s+(?:syscall|sysenter|sysret[lq]?|sysexit[lq]?|int)(?:\\s.*)?");

    private SystemCallInstructions() {}

    static long count(Path program) throws IOException, InterruptedException {
        return count(Command.run(
                null, TIMEOUT_SECONDS, List.of("objdump", "--disassemble", "--no-show-raw-insn", program.toString())));
    }

    /** The same in what objdump printed. */
    static long count(String disassembly) throws IOException {
        if (disassembly.lines().noneMatch(line -> line.startsWith("Disassembly of section"))) {
            throw new IOException("a program without code");
        }
        return disassembly
                .lines()
                .filter(line -> INSTRUCTION.matcher(line).matches())
                .count();
    }
}

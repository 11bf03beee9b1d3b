// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines.counter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a guest whose instructions can be counted by reading its source (known-loop.S). */
@Tag("boot")
class InstructionCounterTest {
    private static final int EXIT_OF_GUEST = 3;
    private static final long LOOP_ADDRESS = 0x100000;

    @TempDir
    Path directory;

    private Path guest;

    @BeforeEach
    void assembleGuest() throws Exception {
        Path source = directory.resolve("known-loop.S");
        try (InputStream in = getClass().getResourceAsStream("known-loop.S")) {
            Files.write(source, in.readAllBytes());
        }
        guest = directory.resolve("known-loop.elf");
        run(List.of(
                "gcc",
                "-nostdlib",
                "-static",
                "-no-pie",
                "-Wl,--build-id=none,-Ttext=0x100000,-e,entry",
                "-o",
                guest.toString(),
                source.toString()));
    }

    @Test
    void countsWhatTheSourceSays() throws Exception {
        try (InstructionCounter counter =
                InstructionCounter.create(directory, InstructionCounter.Mode.INSTRUCTIONS, LOOP_ADDRESS)) {
            assertThat(counter.attached()).isFalse();
            boot(counter);
            assertThat(counter.attached()).isTrue();
            assertThat(instructions(counter, 1, 2)).isEqualTo(2_000_002);
            assertThat(instructions(counter, 2, 3)).isEqualTo(25_002);
            assertThat(instructions(counter, 3, 4)).isEqualTo(25_002);
            assertThat(counter.mark(InstructionCounter.LISTENING_MARK).total()
                            - counter.mark(InstructionCounter.ENTRY_MARK).total())
                    .as("one instruction from the entry to the first mark")
                    .isEqualTo(1);
            assertThat(counter.read().kernel())
                    .as("nothing runs in the upper half")
                    .isZero();
        }
    }

    @Test
    void keepsIterationsApart() throws Exception {
        try (InstructionCounter counter = InstructionCounter.create(directory)) {
            boot(counter);
            // The firmware copies a little with string instructions, too.
            assertThat(counter.read().stringIterations()).isBetween(1_500_000L, 3_000_000L);
        }
    }

    @Test
    void repeatsWithinOnePercent() throws Exception {
        long[] totals = new long[3];
        for (int i = 0; i < totals.length; i++) {
            try (InstructionCounter counter = InstructionCounter.create(directory)) {
                boot(counter);
                totals[i] = instructions(counter, 1, 4);
            }
        }
        assertThat(totals[1]).isCloseTo(totals[0], within(totals[0] / 100));
        assertThat(totals[2]).isCloseTo(totals[0], within(totals[0] / 100));
    }

    @Test
    void timesMarksWithoutCounting() throws Exception {
        long before = System.nanoTime();
        try (InstructionCounter counter =
                InstructionCounter.create(directory, InstructionCounter.Mode.MARKS, LOOP_ADDRESS)) {
            boot(counter);
            assertThat(counter.read().total()).isZero();
            long entry = counter.mark(InstructionCounter.ENTRY_MARK).nanos();
            long listening = counter.mark(InstructionCounter.LISTENING_MARK).nanos();
            assertThat(List.of(before, counter.read().firstNanos(), entry, listening, System.nanoTime()))
                    .as("System.nanoTime and the plugin read the same clock")
                    .isSorted();
        }
    }

    @Test
    void leavesNoFile() throws Exception {
        InstructionCounter counter = InstructionCounter.create(directory);
        counter.close();
        try (var files = Files.list(directory)) {
            assertThat(files).noneMatch(file -> file.toString().endsWith(".map"));
        }
    }

    private static long instructions(InstructionCounter counter, int from, int to) {
        return counter.mark(to).total() - counter.mark(from).total();
    }

    private void boot(InstructionCounter counter) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                "qemu-system-x86_64", "-M", "q35", "-accel", "tcg", "-cpu", "max,erms=off,fsrm=off", "-m", "16"));
        command.addAll(List.of("-nodefaults", "-no-reboot", "-display", "none", "-kernel", guest.toString()));
        command.addAll(List.of("-device", "isa-debug-exit,iobase=0xf4,iosize=4"));
        command.addAll(counter.qemuArguments());
        assertThat(run(command)).isEqualTo(EXIT_OF_GUEST);
    }

    private int run(List<String> command) throws Exception {
        Path output = directory.resolve("output");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS))
                    .as("%s ends", command)
                    .isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(Files.readString(output)).isEmpty();
        return process.exitValue();
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.unimark.builder.qemu.Machine;
import org.unimark.builder.qemu.QemuCommand;

/** One boot for each property that the machine part of an image promises, on both machine types. */
@Tag("boot")
class BootTest {
    private static final int LIMIT_SECONDS = 30;

    @TempDir
    static Path directory;

    private static Path image;

    private record Outcome(int status, String console) {}

    @BeforeAll
    static void build() throws Exception {
        image = PropertyImages.build(directory);
    }

    private static Outcome boot(Machine machine, String test) throws IOException, InterruptedException {
        return boot(new QemuCommand(machine).kernel(image).commandLine("test=" + test));
    }

    private static Outcome boot(QemuCommand command) throws IOException, InterruptedException {
        Path console = Files.createTempFile(directory, "console", ".txt");
        Process process = new ProcessBuilder(command.consoleFile(console).arguments())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("qemu.txt").toFile())
                .start();
        try {
            boolean ended = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
            String text = Files.readString(console, StandardCharsets.ISO_8859_1);
            assertThat(ended).describedAs("ends by itself; console: %s", text).isTrue();
            return new Outcome(process.exitValue(), text);
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "Q35, hello",
        "MICROVM, hello",
        "Q35, arithmetic",
        "Q35, memory",
        "Q35, collect",
        "Q35, timer",
        "MICROVM, timer",
        "Q35, null",
    })
    void succeeds(Machine machine, String test) throws Exception {
        Outcome outcome = boot(machine, test);
        assertThat(outcome.console()).contains("SUCCESS").doesNotContain("panic");
        assertThat(outcome.status()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "uncaught, EXCEPTION, nobody expects this",
        "panic, EXCEPTION, a bug was found",
        "assertion, EXCEPTION, depth is 0",
        "pointer, EXCEPTION, null pointer",
        "heap, HEAP, exhausted",
        "stack, STACK, overflow",
        "wild, ACCESS, wild access",
        "zero, EXCEPTION, page zero",
        "text, WRITE, read-only",
        "constant, WRITE, read-only",
        "execute, EXECUTE, execution of data",
    })
    void panicsOnBothMachines(String test, String word, String text) throws Exception {
        for (Machine machine : Machine.values()) {
            Outcome outcome = boot(machine, test);
            assertThat(outcome.console()).contains("panic: " + word + ": ").contains(text);
            assertThat(outcome.console()).contains("PropertyImage.start(PropertyImage.java:");
            assertThat(outcome.status()).isEqualTo(QemuCommand.PANIC_STATUS);
        }
    }

    @ParameterizedTest
    @CsvSource({"Q35", "MICROVM"})
    void statusReachesTheHost(Machine machine) throws Exception {
        assertThat(boot(machine, "status").status()).isEqualTo(7 << 1 | 1);
    }

    @ParameterizedTest
    @CsvSource({"Q35, 4", "MICROVM, 4", "Q35, 3000", "MICROVM, 3000"})
    void bootsWithLittleAndMuchMemory(Machine machine, int mebibytes) throws Exception {
        Outcome outcome = boot(new QemuCommand(machine)
                .kernel(image)
                .memoryMebibytes(mebibytes)
                .commandLine("test=memory"));
        assertThat(outcome.console()).contains("SUCCESS");
    }

    @ParameterizedTest
    @CsvSource({"hello", "timer"})
    void bootsOnAMicrovmWithoutLegacyDevices(String test) throws Exception {
        Outcome outcome = boot(new QemuCommand(Machine.MICROVM)
                .machineOptions("pic=off,pit=off,rtc=off,isa-serial=on")
                .kernel(image)
                .commandLine("test=" + test));
        assertThat(outcome.console()).contains("SUCCESS");
    }

    @ParameterizedTest
    @CsvSource({"qboot.rom"})
    void bootsOnQ35WithOtherFirmware(String firmware) throws Exception {
        Outcome outcome = boot(
                new QemuCommand(Machine.Q35).firmware(firmware).kernel(image).commandLine("test=timer"));
        assertThat(outcome.console()).contains("SUCCESS");
    }
}

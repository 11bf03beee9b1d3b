// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.virtio.entropy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.unimark.builder.Programs;
import org.unimark.builder.Target;
import org.unimark.builder.qemu.Machine;
import org.unimark.builder.qemu.QemuCommand;

/** Where an image takes its seed from when the processor has none. */
@Tag("boot")
class SeedBootTest {
    private static final int LIMIT_SECONDS = 30;
    private static final String WARNING = "no source of random numbers";

    @TempDir
    static Path directory;

    private static Path image;

    @BeforeAll
    static void build() throws Exception {
        image = Programs.elf(SeededImage.class, Map.of(), Target.IMAGE, directory);
    }

    private static String boot(QemuCommand command) throws Exception {
        Path console = Files.createTempFile(directory, "console", ".txt");
        // The last -cpu counts.
        Process process = new ProcessBuilder(command.kernel(image)
                        .consoleFile(console)
                        .extra("-cpu", QemuCommand.PROCESSOR + ",rdrand=off")
                        .arguments())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("qemu.txt").toFile())
                .start();
        try {
            boolean ended = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
            String text = Files.readString(console, StandardCharsets.ISO_8859_1);
            assertThat(ended).as("ends by itself; console: %s", text).isTrue();
            assertThat(text).contains("number ");
            return text;
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    @ParameterizedTest
    @EnumSource
    void takesTheSeedFromTheHost(Machine machine) throws Exception {
        assertThat(boot(new QemuCommand(machine).entropy())).doesNotContain(WARNING);
    }

    @ParameterizedTest
    @EnumSource
    void saysThatThereIsNone(Machine machine) throws Exception {
        assertThat(boot(new QemuCommand(machine))).contains(WARNING);
    }

    /** The device exists, and the host gives nothing: the boot goes on after a while. */
    @ParameterizedTest
    @EnumSource
    void doesNotWaitForASilentHost(Machine machine) throws Exception {
        String device = machine == Machine.Q35 ? "virtio-rng-pci" : "virtio-rng-device";
        String console = boot(new QemuCommand(machine).device(device + ",max-bytes=1,period=100000"));
        assertThat(console).contains(WARNING);
    }
}

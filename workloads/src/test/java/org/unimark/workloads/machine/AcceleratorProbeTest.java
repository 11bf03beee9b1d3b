// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("boot")
class AcceleratorProbeTest {
    @TempDir
    Path directory;

    @Test
    void theGuestCountsAndEnds() throws Exception {
        Path guest = Files.write(directory.resolve("guest.elf"), CalibrationGuest.image(1_000));
        Process qemu = new ProcessBuilder(List.of(
                        "qemu-system-x86_64",
                        "-M",
                        "q35",
                        "-accel",
                        "tcg",
                        "-m",
                        "16M",
                        "-nodefaults",
                        "-no-reboot",
                        "-display",
                        "none",
                        "-device",
                        CalibrationGuest.EXIT_DEVICE,
                        "-kernel",
                        guest.toString()))
                .inheritIO()
                .start();
        try {
            assertThat(qemu.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(qemu.exitValue()).isEqualTo(CalibrationGuest.EXIT_STATUS);
        } finally {
            qemu.destroyForcibly();
        }
    }

    @Test
    void theVerdictIsAnAcceleratorWithAReason() throws Exception {
        AcceleratorProbe.Verdict verdict = AcceleratorProbe.run();
        assertThat(verdict.accelerator()).isIn("kvm", "tcg");
        assertThat(verdict.reason()).isNotBlank();
        if (!Files.exists(Path.of("/dev/kvm"))) {
            assertThat(verdict.accelerator()).isEqualTo("tcg");
        }
    }
}

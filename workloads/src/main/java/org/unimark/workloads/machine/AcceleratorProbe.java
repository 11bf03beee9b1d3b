// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.unimark.baselines.process.Command;

/**
 * Finds out whether hardware virtualization is of use. That {@code /dev/kvm} exists proves nothing: nested, it may emulate
 * instruction by instruction. So a guest that only counts is run under both accelerators, with a deadline.
 */
public final class AcceleratorProbe {
    private static final String QEMU = "qemu-system-x86_64";
    private static final Path KVM = Path.of("/dev/kvm");
    private static final int TURNS = 300_000_000;
    private static final int DEADLINE_SECONDS = 10;

    private AcceleratorProbe() {}

    /**
     * What the probe found.
     *
     * @param accelerator {@code kvm} or {@code tcg}: the one to use
     * @param reason why, in a sentence
     */
    public record Verdict(String accelerator, String reason) {}

    /** Takes a second or two, and up to ten more where KVM is there and useless. */
    public static Verdict run() throws IOException, InterruptedException {
        if (!Command.exists(QEMU)) {
            return new Verdict("tcg", "QEMU is not installed");
        }
        if (!Files.exists(KVM)) {
            return new Verdict("tcg", "there is no /dev/kvm: emulation (TCG)");
        }
        if (!Files.isReadable(KVM) || !Files.isWritable(KVM)) {
            return new Verdict("tcg", "/dev/kvm may not be opened by this user (group kvm): emulation (TCG)");
        }
        double emulated = seconds("tcg");
        double accelerated = seconds("kvm");
        if (emulated < 0) {
            throw new IOException("QEMU cannot run a guest that only counts, not even under emulation;"
                    + " run './unimark doctor' and reinstall qemu-system-x86");
        }
        if (accelerated < 0) {
            return new Verdict(
                    "tcg",
                    String.format(
                            "/dev/kvm exists, but a guest that takes %.1f s under emulation does not end within %d s under KVM",
                            emulated, DEADLINE_SECONDS));
        }
        if (accelerated >= emulated) {
            return new Verdict(
                    "tcg",
                    String.format(
                            "/dev/kvm exists, but is slower than emulation: %.1f s against %.1f s",
                            accelerated, emulated));
        }
        return new Verdict(
                "kvm",
                String.format("KVM runs a counting guest in %.1f s, emulation in %.1f s", accelerated, emulated));
    }

    /** Seconds until the guest has counted, or -1 if it did not within the deadline. */
    private static double seconds(String accelerator) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("unimark-probe");
        Path guest = Files.write(directory.resolve("guest.elf"), CalibrationGuest.image(TURNS));
        try {
            Process qemu = new ProcessBuilder(List.of(
                            QEMU,
                            "-M",
                            "q35",
                            "-accel",
                            accelerator,
                            "-cpu",
                            "max",
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
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return seconds(qemu);
        } finally {
            Files.deleteIfExists(guest);
            Files.deleteIfExists(directory);
        }
    }

    private static double seconds(Process qemu) throws InterruptedException {
        long start = System.nanoTime();
        try {
            boolean ended = qemu.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS);
            return ended && qemu.exitValue() == CalibrationGuest.EXIT_STATUS ? (System.nanoTime() - start) / 1e9 : -1;
        } finally {
            qemu.destroyForcibly();
            qemu.waitFor();
        }
    }
}

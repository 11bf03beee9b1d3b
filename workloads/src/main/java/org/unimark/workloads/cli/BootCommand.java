// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.unimark.builder.BuiltImage;
import org.unimark.builder.Target;
import org.unimark.builder.qemu.Machine;
import org.unimark.builder.qemu.QemuCommand;
import org.unimark.workloads.machine.AcceleratorProbe;
import org.unimark.workloads.machine.Requirement;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Boots an image for a person who wants to see it. */
@Command(
        name = "boot",
        description = "Build an image, boot it, print its address, show its console until Ctrl-C.",
        mixinStandardHelpOptions = true)
final class BootCommand implements Callable<Integer> {
    private static final int ANSWER_SECONDS = 60;

    @Mixin
    private BuildOptions build;

    @Option(names = "--accel", description = "Accelerator: ${COMPLETION-CANDIDATES}; auto probes. Default: auto.")
    private Accelerator accelerator = Accelerator.AUTO;

    @Option(names = "--machine", description = "Machine type: ${COMPLETION-CANDIDATES}. Default: q35.")
    private Machine machine = Machine.Q35;

    @Option(names = "--memory", paramLabel = "SIZE", description = "Memory such as 16M; default: ${DEFAULT-VALUE}.")
    private String memory = "16M";

    @Option(
            names = "--publish",
            paramLabel = "HOST:PORT",
            description = "Where its port 80 is reached from this machine, port 0 for any; default: ${DEFAULT-VALUE}.")
    private String publish = "127.0.0.1:8080";

    @Option(
            names = "--guest-port",
            paramLabel = "PORT",
            description = "The port that is published; default: the application's own, 80, 6379 or 5432.")
    private Integer guestPort;

    @Option(
            names = "--disk",
            paramLabel = "FILE",
            description = "A disk that 'disk create' made; what the application keeps is on it.")
    private Path disk;

    @Mixin
    private InstallOption install;

    /** This process was told to end, and ends the hypervisor. */
    private volatile boolean ending;

    @Override
    public Integer call() throws Exception {
        int mebibytes = Sizes.mebibytes("--memory", memory);
        Publication publication = Publication.parse(publish);
        if (disk != null && !Files.isWritable(disk)) {
            throw new Failure(
                    ExitStatus.USAGE, "--disk " + disk + " cannot be written to; 'disk create' makes one", null);
        }
        install.ensure(Requirement.Use.BOOT);
        AcceleratorProbe.Verdict verdict = accelerator.resolve();
        Path directory = Files.createTempDirectory("unimark-boot");
        Thread cleaner = new Thread(() -> Directories.delete(directory), "delete-image");
        Runtime.getRuntime().addShutdownHook(cleaner);
        try {
            BuiltImage image = build.build(Target.IMAGE, directory);
            return boot(image, mebibytes, publication.available(), verdict);
        } finally {
            Directories.delete(directory);
        }
    }

    private int boot(BuiltImage image, int mebibytes, Publication publication, AcceleratorProbe.Verdict verdict)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        // The hypervisor ends with this process, however this process ends.
        command.addAll(List.of("setpriv", "--pdeathsig", "KILL"));
        QemuCommand qemuCommand = new QemuCommand(machine)
                .accelerator(verdict.accelerator())
                .memoryMebibytes(mebibytes)
                .kernel(image.elf())
                .commandLine(QemuCommand.USER_NETWORK_ADDRESS)
                .userNetwork(
                        publication.host(),
                        publication.port(),
                        guestPort == null ? build.defaultPort() : guestPort,
                        "");
        if (disk != null) {
            qemuCommand.drive(disk, "writeback");
        }
        command.addAll(qemuCommand.arguments());
        System.err.printf(
                "Image: %,d bytes. Accelerator: %s (%s).%n", image.bytes(), verdict.accelerator(), verdict.reason());
        System.err.println("Publishing " + publication.url(build.isHttp()) + " - Ctrl-C ends it.");
        long start = System.nanoTime();
        Process qemu = new ProcessBuilder(command)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(qemu), "end-guest"));
        announce(qemu, publication, start);
        int status = qemu.waitFor();
        if (ending) {
            return ExitStatus.OK;
        }
        if (status == QemuCommand.PANIC_STATUS) {
            System.err.println("unimark: the guest panicked; its console says why");
        } else if (status != 0) {
            System.err.println("unimark: the hypervisor ended with status " + status);
        }
        return status == 0 ? ExitStatus.OK : ExitStatus.FAILED;
    }

    private void announce(Process qemu, Publication publication, long start) {
        Thread thread = new Thread(
                () -> {
                    if (publication.awaitResponse(qemu, start + TimeUnit.SECONDS.toNanos(ANSWER_SECONDS))) {
                        double millis = (System.nanoTime() - start) / 1e6;
                        System.err.printf(
                                "%s answers, %.0f ms after its start%n", publication.url(build.isHttp()), millis);
                    }
                },
                "announce");
        thread.setDaemon(true);
        thread.start();
    }

    private void end(Process qemu) {
        ending = true;
        qemu.destroyForcibly();
        try {
            qemu.waitFor(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.cli;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.unimark.builder.BuiltImage;
import org.unimark.builder.Target;
import org.unimark.builder.qemu.Machine;
import org.unimark.workloads.activation.Activator;
import org.unimark.workloads.activation.GuestLauncher;
import org.unimark.workloads.machine.AcceleratorProbe;
import org.unimark.workloads.machine.Requirement;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A service that costs nothing while nobody uses it. */
@Command(
        name = "activate",
        description = "Hold a listening socket, boot the image at the first connection, end it when nobody uses it.",
        mixinStandardHelpOptions = true)
final class ActivateCommand implements Callable<Integer> {
    private static final int BOOT_SECONDS = 60;
    private static final double NANOS_PER_MILLISECOND = 1e6;

    @Mixin
    private BuildOptions build;

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            description = "Where clients connect, port 0 for any; default: ${DEFAULT-VALUE}.")
    private String listen = "127.0.0.1:8080";

    @Option(
            names = "--idle",
            paramLabel = "TIME",
            description = "Without a connection for so long it is ended: 500ms, 5s, 2m; default: ${DEFAULT-VALUE}.")
    private String idle = "5s";

    @Option(names = "--accel", description = "Accelerator: ${COMPLETION-CANDIDATES}; auto probes. Default: auto.")
    private Accelerator accelerator = Accelerator.AUTO;

    @Option(names = "--machine", description = "Machine type: ${COMPLETION-CANDIDATES}. Default: microvm.")
    private Machine machine = Machine.MICROVM;

    @Option(names = "--memory", paramLabel = "SIZE", description = "Memory such as 16M; default: ${DEFAULT-VALUE}.")
    private String memory = "16M";

    @Option(
            names = "--guest-port",
            paramLabel = "PORT",
            description = "The port of the image; default: the application's own, 80, 6379 or 5432.")
    private Integer guestPort;

    @Mixin
    private InstallOption install;

    @Override
    public Integer call() throws Exception {
        long idleNanos = Sizes.nanos("--idle", idle);
        int mebibytes = Sizes.mebibytes("--memory", memory);
        Publication publication = Publication.parse(listen);
        install.ensure(Requirement.Use.BOOT);
        AcceleratorProbe.Verdict verdict = accelerator.resolve();
        Path directory = Files.createTempDirectory("unimark-activate");
        try {
            BuiltImage image = build.build(Target.IMAGE, directory);
            GuestLauncher launcher = new GuestLauncher(
                    image.elf(),
                    machine,
                    verdict.accelerator(),
                    mebibytes,
                    guestPort == null ? build.defaultPort() : guestPort,
                    line -> System.out.println("guest: " + line));
            Activator.Settings settings = new Activator.Settings(idleNanos, TimeUnit.SECONDS.toNanos(BOOT_SECONDS));
            return serve(publication, launcher, settings);
        } finally {
            Directories.delete(directory);
        }
    }

    private int serve(Publication publication, GuestLauncher launcher, Activator.Settings settings) throws IOException {
        Journal journal = new Journal();
        CountDownLatch ended = new CountDownLatch(1);
        InetSocketAddress address = new InetSocketAddress(publication.host(), publication.port());
        try (Activator activator = new Activator(address, launcher, settings, journal)) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> end(activator, ended), "end-activator"));
            Publication bound =
                    new Publication(publication.host(), activator.address().getPort());
            System.err.println(
                    "Waiting for the first connection to " + bound.url(build.isHttp()) + " - Ctrl-C ends it.");
            activator.run();
        } finally {
            journal.summarise();
            ended.countDown();
        }
        return ExitStatus.OK;
    }

    /** Ctrl-C: returns when the guest is gone and what happened was summed up. */
    private static void end(Activator activator, CountDownLatch ended) {
        activator.stop();
        try {
            ended.await(BOOT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Tells a person what happens, and keeps the distributions. */
    private static final class Journal implements Activator.Observer {
        private final Activator.Statistics statistics = new Activator.Statistics();

        @Override
        public void started() {
            System.err.println("booting");
        }

        @Override
        public void answered(boolean cold, long nanos) {
            statistics.answered(cold, nanos);
            if (cold) {
                System.err.printf("answered %.0f ms after the connection%n", nanos / NANOS_PER_MILLISECOND);
            }
        }

        @Override
        public void stopped() {
            System.err.println("ended: nobody uses it");
        }

        @Override
        public void failed(String reason, int connections) {
            statistics.failed(reason, connections);
            System.err.println("unimark: " + reason + "; connections broken off: " + connections);
        }

        void summarise() {
            print("cold", statistics.cold());
            print("warm", statistics.warm());
        }

        private static void print(String name, Histogram times) {
            if (times.getTotalCount() > 0) {
                System.err.printf(
                        "%s: %d answers, median %.1f ms, 99th percentile %.1f ms%n",
                        name,
                        times.getTotalCount(),
                        times.getValueAtPercentile(50) / NANOS_PER_MILLISECOND,
                        times.getValueAtPercentile(99) / NANOS_PER_MILLISECOND);
            }
        }
    }
}

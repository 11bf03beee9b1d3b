// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.unimark.builder.Applications;
import org.unimark.builder.BuildRequest;
import org.unimark.builder.ImageBuilder;
import org.unimark.builder.Target;
import org.unimark.builder.http.SiteCompiler;
import org.unimark.builder.qemu.Machine;
import org.unimark.builder.qemu.QemuCommand;
import org.unimark.keel.simulation.FreePort;
import org.unimark.keel.simulation.Impairments;

/** The stack in booted images, against QEMU's user network and against Linux over good and bad links. */
@Tag("boot")
class NetworkBootTest {
    private static final int LARGE_BYTES = 1 << 20;
    private static final int LIMIT_SECONDS = 150;
    private static final String GUEST_ADDRESS = "198.18.0.2";
    private static final String WITHOUT_OFFLOADS = "csum=off,guest_csum=off";

    @TempDir
    static Path directory;

    private static Path image;
    private static Path script;

    @BeforeAll
    static void build() throws Exception {
        Path site = Files.createDirectories(directory.resolve("site"));
        byte[] large = new byte[LARGE_BYTES];
        new SplittableRandom(1).nextBytes(large);
        Files.write(site.resolve("large.bin"), large);
        Files.writeString(site.resolve("small.txt"), "small\n".repeat(100));
        Map<String, byte[]> resources = SiteCompiler.compile(site, null);
        String application = Applications.named("http").orElseThrow();
        image = ImageBuilder.build(new BuildRequest(application, List.of(), resources, Target.IMAGE, directory))
                .elf();
        script = directory.resolve("network.sh");
        try (InputStream in = NetworkBootTest.class.getResourceAsStream("/boot/network.sh")) {
            Files.copy(in, script);
        }
    }

    @ParameterizedTest
    @EnumSource
    void getsItsAddressFromTheServerOfTheUserNetwork(Machine machine) throws Exception {
        int port = FreePort.take();
        Path console = directory.resolve("console-" + machine + ".txt");
        QemuCommand command = new QemuCommand(machine)
                .kernel(image)
                .userNetwork("127.0.0.1", port, 80, "")
                .consoleFile(console);
        Process process = start(command.arguments(), directory.resolve("qemu-" + machine + ".txt"));
        try {
            byte[] body = fetch(URI.create("http://127.0.0.1:" + port + "/large.bin"), process);
            assertThat(body).isEqualTo(Files.readAllBytes(directory.resolve("site/large.bin")));
            assertThat(Files.readString(console))
                    .contains("network: 10.0.2.15/24")
                    .doesNotContain("panic");
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    /** Asks until there is an answer: QEMU accepts before the guest listens, and then closes. */
    private static byte[] fetch(URI address, Process process) throws InterruptedException {
        HttpClient client =
                HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
        HttpRequest request =
                HttpRequest.newBuilder(address).timeout(Duration.ofSeconds(20)).build();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        IOException last = null;
        while (System.nanoTime() < end && process.isAlive()) {
            try {
                return client.send(request, HttpResponse.BodyHandlers.ofByteArray())
                        .body();
            } catch (IOException notYet) {
                last = notYet;
            }
        }
        throw new AssertionError("no answer", last);
    }

    private static Process start(List<String> command, Path output) throws IOException {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
    }

    /** Runs the script in namespaces of its own, which end with it, and returns what it printed. */
    private static String converse(String scenario, QemuCommand command) throws Exception {
        Path console = Files.createTempFile(directory, "console", ".txt");
        Path output = Files.createTempFile(directory, "output", ".txt");
        List<String> all = new ArrayList<>(List.of("unshare", "--net", "--pid", "--mount", "--fork", "--kill-child"));
        if (!"root".equals(System.getProperty("user.name"))) {
            all.addAll(List.of("--user", "--map-root-user"));
        }
        all.addAll(List.of("bash", script.toString(), scenario, GUEST_ADDRESS, directory.toString()));
        all.addAll(command.kernel(image)
                .commandLine("keel.ip=" + GUEST_ADDRESS + "/24 keel.gateway=198.18.0.1")
                .consoleFile(console)
                .arguments());
        Process process = start(all, output);
        try {
            boolean ended = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
            String text = Files.readString(output, StandardCharsets.ISO_8859_1) + "\nconsole:\n"
                    + Files.readString(console, StandardCharsets.ISO_8859_1);
            assertThat(ended).as("ends in time: %s", text).isTrue();
            return text;
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private static QemuCommand guest(Machine machine, String options) {
        return new QemuCommand(machine).tap("tap0", "52:54:00:12:34:56", options);
    }

    @ParameterizedTest
    @EnumSource
    @Tag("machine")
    void answersPingsLongOnesToo(Machine machine) throws Exception {
        String outcome = converse("ping", guest(machine, ""));
        assertThat(outcome).contains("\nSUCCESS").contains(" 0% packet loss");
        assertThat(counter(outcome, "icmp_echo_replies_sent")).isEqualTo(90);
        assertThat(counter(outcome, "ipv4_datagrams_reassembled")).isEqualTo(20);
    }

    @ParameterizedTest
    @CsvSource({"Q35, ''", "MICROVM, ''", "Q35, 'csum=off,guest_csum=off'", "Q35, mrg_rxbuf=off", "Q35, event_idx=off"})
    @Tag("machine")
    void servesLinuxWithAndWithoutFeatures(Machine machine, String options) throws Exception {
        assertThat(converse("fetch", guest(machine, options))).contains("\nSUCCESS");
        assertThat(converse("parallel", guest(machine, options))).contains("\nSUCCESS");
    }

    @ParameterizedTest
    @CsvSource({
        "Q35, true, 0.02, 0, 0, 0, 2",
        "Q35, false, 0, 0.1, 0, 0, 2",
        "Q35, false, 0, 0, 0.02, 0, 2",
        "Q35, true, 0, 0, 0, 0.2, 2",
        "MICROVM, true, 0.01, 0.02, 0, 0.05, 5",
        "MICROVM, false, 0.01, 0.02, 0.01, 0.05, 20",
    })
    @Tag("machine")
    void servesLinuxOverBadLinks(
            Machine machine,
            boolean offloads,
            double loss,
            double duplication,
            double corruption,
            double reordering,
            int delayMillis)
            throws Exception {
        Impairments impairments = Impairments.NONE
                .withDelay(delayMillis * 1_000_000L, delayMillis * 200_000L)
                .withLoss(loss)
                .withDuplication(duplication)
                .withCorruption(corruption)
                .withReordering(reordering);
        Path sockets = Files.createTempDirectory("relay");
        try (FrameRelay relay = new FrameRelay(sockets, impairments, offloads, 1)) {
            QemuCommand command =
                    guest(machine, offloads ? "" : WITHOUT_OFFLOADS).extra(relay.arguments());
            String outcome = converse("fetch", command);
            assertThat(outcome).as("relay: %s", relay.ending()).contains("\nSUCCESS");
            assertThat(relay.spoiled()).as("of %d frames", relay.relayed()).isPositive();
        } finally {
            deleteTree(sockets);
        }
    }

    @Test
    @Tag("machine")
    void servesLinuxUnderNetem() throws Exception {
        String outcome = converse("netem", guest(Machine.Q35, ""));
        assumeThat(outcome).as("a kernel without netem").doesNotContain("no netem");
        assertThat(outcome).contains("\nSUCCESS");
    }

    private static void deleteTree(Path root) throws IOException {
        try (var entries = Files.list(root)) {
            for (Path entry : entries.toList()) {
                Files.delete(entry);
            }
        }
        Files.delete(root);
    }

    private static long counter(String metrics, String name) {
        return metrics.lines()
                .filter(line -> line.startsWith("keel_" + name + " "))
                .mapToLong(line -> Long.parseLong(line.substring(line.indexOf(' ') + 1)))
                .findFirst()
                .orElseThrow();
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.virtio.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.unimark.builder.Applications;
import org.unimark.builder.BuildRequest;
import org.unimark.builder.ImageBuilder;
import org.unimark.builder.Target;
import org.unimark.builder.http.SiteCompiler;
import org.unimark.keel.virtio.load.LoadedGuest.Scene;

/** The driver in a real guest with the HTTP server, on a tap with checksum and segmentation offload. */
@Tag("boot")
@Tag("machine")
class LoadTest {
    static final String PAGE = "page.html";
    static final String LARGE = "large.bin";
    private static final int PAGE_BYTES = 612;
    private static final int LARGE_BYTES = 1 << 20;
    private static final int LIMIT_SECONDS = 240;
    /** Both rings' indices pass 65,536. */
    private static final int WRAPPING = 70_000;

    private static final int SOME = 6_000;
    /** Three quarters of them fill the list of connections that wait after their end twice over. */
    private static final int SHORT = 24_000;

    private static final int CROWD = 10_000;

    @TempDir
    static Path directory;

    private static Path image;

    @BeforeAll
    static void build() throws Exception {
        Path site = Files.createDirectory(directory.resolve("site"));
        write(site, PAGE, PAGE_BYTES);
        write(site, LARGE, LARGE_BYTES);
        Map<String, byte[]> resources = SiteCompiler.compile(site, null);
        String application = Applications.named("http").orElseThrow();
        image = ImageBuilder.build(new BuildRequest(application, List.of(), resources, Target.IMAGE, directory))
                .elf();
    }

    private static void write(Path site, String name, int bytes) throws Exception {
        byte[] content = new byte[bytes];
        new Random(bytes).nextBytes(content);
        Files.write(site.resolve(name), content);
        Files.write(directory.resolve(name), content);
    }

    private static String run(String machine, String options, int requests, Scene scene) throws Exception {
        Path output = directory.resolve("output.txt");
        Process process = new ProcessBuilder(LoadedGuest.command(List.of(
                        directory.toString(),
                        image.toString(),
                        machine,
                        options == null ? "" : options,
                        Integer.toString(requests),
                        scene.name())))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            boolean ended = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
            String text = Files.readString(output, StandardCharsets.ISO_8859_1);
            assertThat(ended).as("ends in time: %s", text).isTrue();
            assertThat(text).contains("SUCCESS");
            return text;
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private static long metric(String metrics, String name) {
        String start = "\nkeel_" + name + " ";
        int at = metrics.indexOf(start);
        assertThat(at).as("metric %s", name).isNotNegative();
        return Long.parseLong(metrics.substring(at + start.length(), metrics.indexOf('\n', at + 1))
                .trim());
    }

    private static void expectNoTrouble(String metrics) {
        for (String name : List.of(
                "virtio_net_receive_bad_used_entries",
                "virtio_net_transmit_bad_used_entries",
                "virtio_net_receive_malformed",
                "virtio_net_receive_oversized",
                "virtio_net_resets",
                "tcp_bad_checksum")) {
            assertThat(metric(metrics, name)).as(name).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({"Q35,", "MICROVM,", "Q35,event_idx=off", "MICROVM,event_idx=off"})
    void answersAcrossIndexWrap(String machine, String options) throws Exception {
        String metrics = run(machine, options, WRAPPING, Scene.STEADY);
        expectNoTrouble(metrics);
        assertThat(metric(metrics, "virtio_net_frames_received")).isGreaterThan(65_536);
        assertThat(metric(metrics, "virtio_net_frames_sent")).isGreaterThan(65_536);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "Q35;mrg_rxbuf=off",
                "MICROVM;csum=off",
                "Q35;guest_csum=off",
                "MICROVM;host_tso4=off",
                "Q35;disable-legacy=on,vectors=2",
                "Q35;rx_queue_size=1024,tx_queue_size=256",
                "MICROVM;mrg_rxbuf=off,csum=off,guest_csum=off,event_idx=off,host_tso4=off",
            })
    void doesWithoutAnyFeature(String machine, String options) throws Exception {
        expectNoTrouble(run(machine, options, SOME, Scene.STEADY));
    }

    @ParameterizedTest
    @CsvSource({"Q35", "MICROVM"})
    void survivesACableThatIsPulledUnderLoad(String machine) throws Exception {
        String metrics = run(machine, "", SOME, Scene.FLAP);
        expectNoTrouble(metrics);
        assertThat(metric(metrics, "virtio_net_link_changes")).isGreaterThanOrEqualTo(2);
    }

    /** Connections that wait after their end are bounded, and so are the objects that stand for connections. */
    @Test
    void allocatesNothingForShortConnectionsInTheLongRun() throws Exception {
        String accounts = run("Q35", "", SHORT, Scene.CHURN);
        int before = accounts.indexOf("keel_uptime_seconds");
        int after = accounts.lastIndexOf("keel_uptime_seconds");
        assertThat(after).isGreaterThan(before);
        long more =
                metric(accounts.substring(after), "heap_allocated_bytes") - metric(accounts, "heap_allocated_bytes");
        assertThat(more)
                .as("heap of %d more connections: more of them than ever at once at most", SHORT / 4)
                .isLessThan(SHORT / 4);
        assertThat(metric(accounts.substring(after), "tcp_connections_accepted"))
                .isGreaterThan(SHORT);
    }

    @ParameterizedTest
    @CsvSource({"Q35", "MICROVM"})
    void holdsTenThousandIdleConnections(String machine) throws Exception {
        String metrics = run(machine, "", CROWD, Scene.CROWD);
        expectNoTrouble(metrics);
        assertThat(metric(metrics, "http_connections")).isGreaterThanOrEqualTo(CROWD);
    }
}

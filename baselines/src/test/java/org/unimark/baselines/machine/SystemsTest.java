// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.unimark.baselines.HttpSite;
import org.unimark.baselines.SystemUnderTest;
import org.unimark.baselines.catalogue.Systems;
import org.unimark.baselines.net.NamespaceLauncher;

/** Each system of the catalogue starts, answers correctly, stops and leaves nothing. */
@Tag("machine")
class SystemsTest {
    @TempDir
    Path directory;

    /** A page and a file below {@code directory}. */
    static HttpSite makeSite(Path directory) throws IOException {
        Path root = Files.createDirectories(directory.resolve("site"));
        Files.writeString(root.resolve("index.html"), "<!doctype html><title>Unimark</title>" + "x".repeat(575));
        Files.createDirectories(root.resolve("assets"));
        Files.writeString(root.resolve("assets/style.css"), "body { color: black }\n".repeat(1000));
        return new HttpSite(root, null);
    }

    /** The system called {@code name}, ready to be started inside; skips the test where it cannot run. */
    static SystemUnderTest prepared(HttpSite site, String name) throws IOException, InterruptedException {
        SystemUnderTest system = Systems.of(site, "tcg", true).stream()
                .filter(candidate -> candidate.name().equals(name))
                .findFirst()
                .orElseThrow();
        assumeTrue(NamespaceLauncher.unavailable() == null, "no namespaces");
        assumeTrue(system.unavailable() == null, system.unavailable());
        system.prepare();
        return system;
    }

    /** The run's directory, as {@link Scenario} printed it. */
    static String runDirectory(Path output) throws IOException {
        String start = "run directory: ";
        return Files.readAllLines(output).stream()
                .filter(line -> line.startsWith(start))
                .findFirst()
                .orElseThrow()
                .substring(start.length());
    }

    static Stream<String> systems() {
        return Systems.of(new HttpSite(Path.of("."), null), "tcg", true).stream()
                .map(SystemUnderTest::name);
    }

    @ParameterizedTest
    @MethodSource("systems")
    void startsAnswersCorrectlyAndLeavesNothing(String name) throws Exception {
        HttpSite site = makeSite(directory);
        SystemUnderTest system = prepared(site, name);
        assertThat(system.footprint().executableBytes()).isPositive();
        assertThat(system.footprint().deployedBytes()).isPositive();

        Path output = directory.resolve("output");
        int status = NamespaceLauncher.run(
                NamespaceLauncher.javaCommand(
                        Scenario.class.getName(), List.of(site.root().toString(), name)),
                output);

        assertThat(status).as(Files.readString(output)).isZero();
        // The loopback and the bridge; this program itself.
        assertThat(output).content().contains("verified " + name, "links left: 2\n", "processes left: 1\n");
        assertThat(Path.of(runDirectory(output))).doesNotExist();
        String again = "start 2 of what was created once: verified";
        assertThat(Files.readString(output).contains(again))
                .as("only Docker creates without starting")
                .isEqualTo(name.startsWith("docker-"));
    }

    @Test
    void aSystemThatServesSomethingElseIsRejected() throws Exception {
        HttpSite site = makeSite(directory);
        prepared(site, "guest-nginx");
        Path other = makeSite(Files.createDirectory(directory.resolve("other"))).root();
        Files.writeString(other.resolve("assets/style.css"), "body { color: blcak }\n".repeat(1000));

        Path output = directory.resolve("output");
        int status = NamespaceLauncher.run(
                NamespaceLauncher.javaCommand(
                        Scenario.class.getName(), List.of(site.root().toString(), "guest-nginx", other.toString())),
                output);

        assertThat(status).isNotZero();
        assertThat(output)
                .content()
                .contains("guest-nginx does not answer as it must: /assets/style.css", "at byte 16")
                .doesNotContain("verified");
    }
}

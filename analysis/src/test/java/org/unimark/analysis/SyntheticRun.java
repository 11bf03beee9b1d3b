// SPDX-License-Identifier: Apache-2.0
package org.unimark.analysis;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.unimark.results.Record;
import org.unimark.results.RunDirectory;
import org.unimark.results.RunInfo;

/** A run directory with made-up numbers, for tests of what reads one; never shown to anybody. */
public final class SyntheticRun {
    private static final Map<String, Double> SPEED = Map.of(
            "keel",
            30_000.0,
            "keel-microvm",
            31_000.0,
            "guest-same",
            9_000.0,
            "guest-nginx",
            3_500.0,
            "docker-same",
            90_000.0,
            "docker-nginx",
            60_000.0);

    private SyntheticRun() {}

    public static RunDirectory write(Path directory, long seed) throws IOException {
        RunInfo info = new RunInfo(
                RunInfo.FORMAT_VERSION,
                directory.getFileName().toString(),
                "2026-01-01T00:00:00Z",
                "quick",
                seed,
                "0123abc",
                false,
                "tcg",
                "No usable KVM: the probe's guest did not finish in 10 s.",
                Map.of("cpu", "Test CPU"),
                Map.of("qemu", "7.2"),
                Map.of("http.elf", "00"),
                List.of("reproduce"),
                List.of("Cores are not isolated: 2 CPUs."));
        RunDirectory run = RunDirectory.create(directory, info);
        Random random = new Random(seed);
        int order = 0;
        for (int repetition = 0; repetition < 5; repetition++) {
            for (String system : SPEED.keySet().stream().sorted().toList()) {
                double noise = 1 + 0.05 * random.nextGaussian();
                run.append(record("http-throughput", system, repetition, order++, Map.of(), throughput(system, noise)));
                run.append(record("boot-latency", system, repetition, order++, Map.of(), boot(system, noise)));
                for (String rate : List.of("500", "2000")) {
                    run.append(record(
                            "http-latency", system, repetition, order++, Map.of("rate", rate), latency(system, noise)));
                }
                run.append(record(
                        "image-size",
                        system,
                        repetition,
                        order++,
                        Map.of(),
                        Map.of(
                                "deployed_bytes",
                                2e9 / SPEED.get(system),
                                "executable_bytes",
                                5e9 / SPEED.get(system))));
            }
        }
        run.append(new Record(
                "memory",
                "guest-nginx",
                0,
                order,
                "2026-01-01T00:00:00Z",
                0,
                "tcg",
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                "answered with the wrong body"));
        return run;
    }

    private static Map<String, Double> throughput(String system, double noise) {
        Map<String, Double> values = new LinkedHashMap<>();
        double rate = SPEED.get(system) * noise;
        values.put("requests_per_second", rate);
        values.put("p99_ms", 30_000 / rate);
        if (!system.startsWith("docker")) {
            double instructions = 1e8 / SPEED.get(system);
            values.put("instructions_per_request", instructions);
            values.put("kernel_instructions_per_request", system.startsWith("keel") ? 0 : instructions * 0.7);
            values.put("user_instructions_per_request", system.startsWith("keel") ? instructions : instructions * 0.3);
        }
        return values;
    }

    private static Map<String, Double> boot(String system, double noise) {
        double total = 1e7 / SPEED.get(system) * noise;
        return Map.of(
                "first_response_ms", total,
                "vmm_to_entry_ms", total * 0.2,
                "entry_to_listening_ms", total * 0.7,
                "listening_to_response_ms", total * 0.1);
    }

    private static Map<String, Double> latency(String system, double noise) {
        double base = 3_000 / SPEED.get(system) * noise;
        return Map.of(
                "p50_ms", base, "p75_ms", base * 1.2, "p90_ms", base * 1.5, "p99_ms", base * 4, "p99_9_ms", base * 9);
    }

    private static Record record(
            String experiment,
            String system,
            int repetition,
            int order,
            Map<String, String> parameters,
            Map<String, Double> values) {
        String accelerator = system.startsWith("docker") ? "none" : "tcg";
        return new Record(
                experiment,
                system,
                repetition,
                order,
                "2026-01-01T00:00:00Z",
                5,
                accelerator,
                parameters,
                values,
                Map.of(),
                Map.of(),
                null);
    }
}

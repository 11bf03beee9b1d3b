// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.unimark.baselines.Operations;
import org.unimark.results.Record;
import org.unimark.results.RunDirectory;
import org.unimark.workloads.micro.MicroRun;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Keel's own parts: timed on a JVM, and counted in an image. */
@Command(
        name = "micro",
        description =
                "Time Keel's own parts on this JVM with JMH, and count the instructions of the same code in an image.",
        mixinStandardHelpOptions = true)
final class MicroCommand implements Callable<Integer> {
    private static final String EXPERIMENT = "parts";
    private static final String JMH_FILE = "jmh.json";
    private static final String SUFFIX = "_instructions";

    @Option(names = "--forks", description = "JVMs for each part, one after another. Default: ${DEFAULT-VALUE}.")
    private int forks = 1;

    @Option(names = "--iterations", description = "Of half a second, measured in each JVM. Default: ${DEFAULT-VALUE}.")
    private int iterations = 5;

    @Option(names = "--jvm-only", description = "Build and boot nothing.")
    private boolean jvmOnly;

    @Option(
            names = "--output",
            paramLabel = "FILE",
            description = "JMH's results in its JSON format; default: " + JMH_FILE + " in the run's directory.")
    private Path output;

    @Option(names = "--json", description = "Print JSON; everything else on stderr.")
    private boolean json;

    @Mixin
    private InstallOption install = new InstallOption();

    /**
     * One part.
     *
     * @param jvm nanoseconds and allocated bytes a run
     * @param instructions a run, by system
     */
    private record Row(MicroRun.Timing jvm, Map<String, Double> instructions) {}

    @Override
    public Integer call() throws Exception {
        Path timings = Files.createTempFile("jmh", ".json");
        Map<String, MicroRun.Timing> timed = MicroRun.time(forks, iterations, timings, System.err);
        Path run = null;
        if (!jvmOnly) {
            int status = count();
            if (status != ExitStatus.OK) {
                return status;
            }
            run = Home.newestRun();
        }
        Path target = output != null ? output : run == null ? null : run.resolve(JMH_FILE);
        if (target != null) {
            Files.move(timings, target.toAbsolutePath(), StandardCopyOption.REPLACE_EXISTING);
            System.err.println("JMH's results: " + target);
        }
        Map<String, Row> rows = rows(timed, run);
        if (json) {
            System.out.println(Json.text(rows));
        } else {
            print(rows);
        }
        return ExitStatus.OK;
    }

    /** The same as {@code run parts}, in a process of its own with its private network. */
    private int count() {
        List<String> words =
                new ArrayList<>(List.of("run", EXPERIMENT, "--profile=smoke", "--systems=keel,guest-same", "--quiet"));
        if (!install.mayInstall()) {
            words.add("--no-install");
        }
        return Main.execute(words.toArray(String[]::new));
    }

    private static Map<String, Row> rows(Map<String, MicroRun.Timing> timed, Path run) throws IOException {
        List<Record> records = run == null ? List.of() : new RunDirectory(run).records();
        Map<String, Row> rows = new LinkedHashMap<>();
        for (String part : Operations.PARTS.operations()) {
            Map<String, Double> instructions = new TreeMap<>();
            for (Record record : records) {
                Double value = record.values().get(part + SUFFIX);
                if (value != null) {
                    instructions.put(record.system(), value);
                }
            }
            rows.put(part, new Row(timed.get(part), instructions));
        }
        return rows;
    }

    private static void print(Map<String, Row> rows) {
        Set<String> systems = new TreeSet<>();
        rows.values().forEach(row -> systems.addAll(row.instructions().keySet()));
        System.out.printf("%-10s %24s %10s", "part", "this JVM, ns a run", "heap, B");
        systems.forEach(system -> System.out.printf(" %22s", system + ", instr."));
        System.out.println();
        rows.forEach((part, row) -> {
            System.out.printf(
                    "%-10s %14.1f ± %7.1f %10.1f",
                    part, row.jvm().nanoseconds(), row.jvm().error(), row.jvm().allocatedBytes());
            systems.forEach(
                    system -> System.out.printf(" %22.1f", row.instructions().getOrDefault(system, Double.NaN)));
            System.out.println();
        });
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.unimark.analysis.Report;
import org.unimark.analysis.ResultTable;
import org.unimark.analysis.Summary;
import org.unimark.baselines.SystemUnderTest;
import org.unimark.baselines.net.NamespaceLauncher;
import org.unimark.baselines.net.RunNetwork;
import org.unimark.results.RunDirectory;
import org.unimark.workloads.campaign.Campaign;
import org.unimark.workloads.campaign.Profile;
import org.unimark.workloads.campaign.Request;
import org.unimark.workloads.experiment.Experiment;
import org.unimark.workloads.experiment.Subject;
import org.unimark.workloads.machine.AcceleratorProbe;
import org.unimark.workloads.machine.Requirement;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Both halves of a command that measures. Outside, where packages can still be fetched, what is missing is installed and
 * images are built; then the same command runs again inside the private namespaces of the run, and measures.
 */
final class Measuring {
    private final MeasureOptions options;
    private final Profile profile;
    private final List<Experiment> experiments;
    private final List<String> arguments;

    /** @param spec of the command that was typed */
    Measuring(CommandSpec spec, MeasureOptions options, Profile profile, List<Experiment> experiments) {
        this.options = options;
        this.profile = profile;
        this.experiments = experiments;
        this.arguments = spec.root().commandLine().getParseResult().originalArgs();
    }

    int execute() throws Failure, IOException, InterruptedException {
        return NamespaceLauncher.isInside() ? measure() : prepareAndLaunch();
    }

    private int prepareAndLaunch() throws Failure, IOException, InterruptedException {
        long start = System.nanoTime();
        options.install().ensure(Requirement.Use.MEASURE);
        String reason = NamespaceLauncher.unavailable();
        if (reason != null) {
            throw new Failure(reason);
        }
        AcceleratorProbe.Verdict verdict = options.accelerator().resolve();
        System.err.println("Accelerator: " + verdict.accelerator() + " (" + verdict.reason() + ")");
        prepareImages(subjects(experiments, profile), options.systems(), verdict.accelerator());
        List<String> again = new ArrayList<>(arguments);
        again.add(MeasureOptions.REASON_OPTION + "=" + verdict.reason());
        again.add("--accel=" + verdict.accelerator());
        again.add(MeasureOptions.ELAPSED_OPTION + "=" + TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start));
        return NamespaceLauncher.run(Main.class.getName(), again);
    }

    /** Builds what will be booted, while the network can be reached; failures are reported again, and for good, inside. */
    static void prepareImages(Set<Subject> subjects, Set<String> systems, String accelerator)
            throws IOException, InterruptedException {
        // Compilers and downloads that run while this process is told to end must not outlive it.
        Thread end = new Thread(
                () -> ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly), "end-builds");
        Runtime.getRuntime().addShutdownHook(end);
        RealSystems catalogue = new RealSystems();
        for (Subject subject : subjects) {
            for (SystemUnderTest system : catalogue.systems(subject, accelerator)) {
                boolean wanted = systems.isEmpty() || systems.contains(system.name());
                if (wanted && system.unavailable() == null) {
                    prepare(system, subject);
                }
            }
        }
        Runtime.getRuntime().removeShutdownHook(end);
    }

    /** What systems must offer for these experiments. */
    static Set<Subject> subjects(Collection<Experiment> experiments, Profile profile) {
        Set<Subject> subjects = new LinkedHashSet<>();
        experiments.forEach(
                experiment -> experiment.kinds(profile.effort()).forEach(kind -> subjects.add(kind.subject())));
        return subjects;
    }

    private static void prepare(SystemUnderTest system, Subject subject) throws InterruptedException {
        long start = System.nanoTime();
        System.err.print("Preparing " + system.name() + " (" + subject.label() + ") ...");
        try {
            system.prepare();
            System.err.printf(" %.1f s%n", (System.nanoTime() - start) / 1e9);
        } catch (IOException | RuntimeException e) {
            System.err.println(" failed: " + e.getMessage());
        }
    }

    private int measure() throws Failure, IOException, InterruptedException {
        silenceReaper();
        RunNetwork.ensure();
        Request request = new Request(
                profile,
                experiments,
                options.systems(),
                options.seed(),
                options.accelerator().toString(),
                options.acceleratorReason(),
                Home.directory(),
                options.results(),
                options.budget() == null ? profile.budget() : options.budget(),
                options.elapsed(),
                typed(arguments));
        TerminalProgress progress = new TerminalProgress(System.err);
        progress.notice("Seed of the order: " + request.seed());
        Campaign campaign = new Campaign(request, new RealSystems(), progress);
        Stopping stopping = new Stopping();
        try {
            return finish(campaign.run());
        } finally {
            stopping.end();
        }
    }

    /** Without what the outer half appended. */
    private static List<String> typed(List<String> arguments) {
        return arguments.stream()
                .takeWhile(argument -> !argument.startsWith(MeasureOptions.REASON_OPTION))
                .toList();
    }

    /**
     * Testcontainers wants to remove its containers when the process ends; by then they are gone, and the daemon with them
     * if it was the run's own.
     */
    static void silenceReaper() {
        Thread.UncaughtExceptionHandler others = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((thread, exception) -> {
            boolean reaper = Arrays.stream(exception.getStackTrace())
                    .anyMatch(frame -> frame.getClassName().endsWith("JVMHookResourceReaper"));
            if (!reaper && others != null) {
                others.uncaughtException(thread, exception);
            } else if (!reaper) {
                exception.printStackTrace();
            }
        });
    }

    private int finish(Campaign.Result result) throws IOException {
        Path run = result.directory();
        System.err.println("Results: " + run + " (" + result.valid() + " records, " + result.invalid() + " invalid)");
        if (!result.complete()) {
            System.err.println("The run was interrupted; './unimark report " + run + "' reports what there is.");
            return ExitStatus.INTERRUPTED;
        }
        publish(run, options.json(), options.quiet());
        return result.valid() > 0 ? ExitStatus.OK : ExitStatus.FAILED;
    }

    /** Writes the report of a run, and prints its numbers. */
    static void publish(Path run, boolean json, boolean quiet) throws IOException {
        System.err.println("Report: " + Report.write(run, run));
        if (json) {
            System.out.println(Summary.json(run));
        } else if (!quiet) {
            SummaryTable.print(Summary.of(new ResultTable(new RunDirectory(run).records())), System.out);
        }
    }
}

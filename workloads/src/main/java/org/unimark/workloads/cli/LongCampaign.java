// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.unimark.baselines.SystemUnderTest;
import org.unimark.baselines.net.NamespaceLauncher;
import org.unimark.results.RunDirectory;
import org.unimark.workloads.campaign.CellPlan;
import org.unimark.workloads.campaign.Profile;
import org.unimark.workloads.campaign.WorkTree;
import org.unimark.workloads.cells.CampaignPlan;
import org.unimark.workloads.cells.Cell;
import org.unimark.workloads.cells.CellExecutor;
import org.unimark.workloads.cells.CellMerger;
import org.unimark.workloads.cells.CellStore;
import org.unimark.workloads.experiment.Experiment;
import org.unimark.workloads.experiment.Subject;
import org.unimark.workloads.machine.Requirement;
import picocli.CommandLine.Model.CommandSpec;

/**
 * A campaign that takes hours: planned as cells once, made here or on other machines, resumed at the first missing cell however
 * often it is interrupted, and merged into a run that is reported.
 */
final class LongCampaign {
    private static final DateTimeFormatter NAME = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");
    private static final int COMMIT_CHARACTERS = 12;

    private final MeasureOptions options;
    private final CampaignOptions campaign;
    private final Profile profile;
    private final List<Experiment> experiments;
    private final List<String> arguments;
    private final long startNanos = System.nanoTime();

    /** @param spec of the command that was typed */
    LongCampaign(
            CommandSpec spec,
            MeasureOptions options,
            CampaignOptions campaign,
            Profile profile,
            List<Experiment> experiments) {
        this.arguments = spec.root().commandLine().getParseResult().originalArgs();
        this.options = options;
        this.campaign = campaign;
        this.profile = profile;
        this.experiments = experiments;
    }

    int execute() throws Failure, IOException, InterruptedException {
        if (!campaign.isLocal() && options.budget() != null) {
            throw new Failure(
                    ExitStatus.USAGE,
                    MeasureOptions.BUDGET_OPTION + " is for cells that are made here: with --on it would end nothing",
                    null);
        }
        CellStore store = store();
        int all = store.cells().size();
        System.err.println("Campaign: " + store.directory() + " ("
                + (all - store.missing().size()) + " of " + all + " cells are done, seed of the order: "
                + store.plan().seed() + ")");
        int status = make(store);
        while (status == ExitStatus.OK && store.missing().isEmpty() && !isOver()) {
            List<Cell> more = CellPlan.more(store.plan(), store.cells(), recordsOf(store));
            if (more.isEmpty()) {
                break;
            }
            System.err.println("Intervals are still wide: " + more.size() + " more cells");
            store = store.extendedBy(more);
            status = make(store);
        }
        if (store.missing().size() == store.cells().size()) {
            throw new Failure("no cell could be made; the messages above say why");
        }
        String wide = CellPlan.notice(store.plan(), store.cells(), recordsOf(store));
        List<Path> runs = new CellMerger(store, wide == null ? List.of() : List.of(wide))
                .merge(options.results(), NAME.format(ZonedDateTime.now(ZoneOffset.UTC)) + "-" + profile.label());
        for (Path run : runs) {
            System.err.println("Results: " + run);
            Measuring.publish(run, options.json() && runs.size() == 1, options.quiet());
        }
        if (!store.missing().isEmpty()) {
            System.err.println(store.missing().size() + " cells are missing; the same command resumes the campaign.");
            return status == ExitStatus.OK ? ExitStatus.FAILED : status;
        }
        return status;
    }

    private int make(CellStore store) throws Failure, IOException, InterruptedException {
        if (store.missing().isEmpty()) {
            return ExitStatus.OK;
        }
        if (!campaign.isLocal()) {
            return makeElsewhere(store);
        }
        CellCommand.requireVersionOf(store.missing());
        return makeHere(store);
    }

    /** Whether the budget, if there is one, is used up. */
    private boolean isOver() {
        return options.budget() != null && minutesLeft() <= 0;
    }

    /** Begun ones count. */
    private long minutesLeft() {
        Duration left = options.budget().minusNanos(System.nanoTime() - startNanos);
        return left.isNegative() ? 0 : left.toMinutes() + 1;
    }

    private static CellPlan.Results recordsOf(CellStore store) {
        return cell -> store.isDone(cell) ? new RunDirectory(store.result(cell)).records() : List.of();
    }

    /** The campaign of this version: as it was planned, or planned now. */
    private CellStore store() throws Failure, IOException, InterruptedException {
        WorkTree tree = WorkTree.of(Home.directory());
        Path directory = campaign.directory() != null
                ? campaign.directory().toAbsolutePath()
                : Home.directory().resolve("results").resolve("campaigns").resolve(name(tree));
        CellStore existing = CellStore.exists(directory) ? asAsked(CellStore.open(directory), tree) : null;
        if (campaign.isLocal()) {
            // Before a plan is made: what is not installed would not be part of it.
            options.install().ensure(Requirement.Use.MEASURE);
        }
        return existing == null ? planned(directory, tree) : existing;
    }

    private CellStore planned(Path directory, WorkTree tree) throws IOException {
        CampaignPlan plan = plan(tree, options.seed());
        Map<Subject, List<String>> available = new HashMap<>();
        List<Cell> cells = CellPlan.of(plan, subject -> available.computeIfAbsent(subject, this::systems));
        Files.createDirectories(directory);
        return CellStore.create(directory, plan, cells);
    }

    /** Of a campaign's directory. Results of a work tree with changes stay apart from those of its commit. */
    private String name(WorkTree tree) {
        String commit = tree.commit();
        return profile.label() + "-" + commit.substring(0, Math.min(COMMIT_CHARACTERS, commit.length()))
                + (tree.isDirty() ? "-dirty" : "");
    }

    private CampaignPlan plan(WorkTree tree, long seed) {
        return new CampaignPlan(
                CampaignPlan.FORMAT_VERSION,
                tree.commit(),
                tree.isDirty(),
                profile.label(),
                experiments.stream().map(Experiment::name).toList(),
                List.copyOf(options.systems()),
                options.accelerator().toString(),
                seed,
                arguments);
    }

    /** The campaign that exists, if it is the one that this command asks for. */
    private CellStore asAsked(CellStore existing, WorkTree tree) throws Failure {
        CampaignPlan planned = existing.plan();
        List<String> differences = planned.differences(plan(tree, options.seed(planned.seed())));
        if (!differences.isEmpty()) {
            throw new Failure(
                    ExitStatus.USAGE,
                    existing.directory() + " is a campaign with " + String.join("; with ", differences)
                            + ": give --campaign another directory, or the command with which it was planned (unimark "
                            + String.join(" ", planned.arguments()) + ")",
                    null);
        }
        return existing;
    }

    /** Those that can run here; on other machines, those that can run there take their turns. */
    private List<String> systems(Subject subject) {
        List<String> names = new ArrayList<>();
        try {
            for (SystemUnderTest system : new RealSystems().systems(subject, "tcg")) {
                boolean wanted =
                        options.systems().isEmpty() || options.systems().contains(system.name());
                if (wanted && (!campaign.isLocal() || system.unavailable() == null)) {
                    names.add(system.name());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return names;
    }

    /** The same command again as a worker, which makes all cells in namespaces of its own. */
    private int makeHere(CellStore store) throws IOException, InterruptedException {
        List<String> arguments =
                new ArrayList<>(List.of("cell", "--campaign", store.directory().toString(), "--no-install"));
        if (options.budget() != null) {
            arguments.add(MeasureOptions.BUDGET_OPTION + "=" + minutesLeft());
        }
        List<String> command = NamespaceLauncher.javaCommand(Main.class.getName(), arguments);
        Process worker = new ProcessBuilder(command).inheritIO().start();
        Thread hook = new Thread(() -> end(worker), "end-worker");
        Runtime.getRuntime().addShutdownHook(hook);
        int status = worker.waitFor();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException shuttingDown) {
            hook.join();
        }
        return status;
    }

    private static void end(Process worker) {
        worker.destroy();
        try {
            if (!worker.waitFor(1, TimeUnit.MINUTES)) {
                worker.destroyForcibly();
            }
        } catch (InterruptedException e) {
            worker.destroyForcibly();
        }
    }

    private int makeElsewhere(CellStore store) throws Failure, IOException, InterruptedException {
        CellExecutor executor = campaign.executor();
        TerminalProgress progress = new TerminalProgress(System.err);
        long start = System.nanoTime();
        int before = store.cells().size() - store.missing().size();
        Stopping stopping = new Stopping();
        try {
            executor.run(store, new CellExecutor.Observer() {
                @Override
                public void progress(int done, int all) {
                    double seconds = (System.nanoTime() - start) / 1e9;
                    double left = done == before ? 0 : seconds / (done - before) * (all - done);
                    progress.repetition("campaign", done + " of " + all + " cells", (double) done / all, left);
                }

                @Override
                public void notice(String text) {
                    progress.notice(text);
                }
            });
        } catch (InterruptedException e) {
            progress.notice("Interrupted: the same command resumes the campaign.");
            return ExitStatus.INTERRUPTED;
        } finally {
            progress.end();
            stopping.end();
        }
        return ExitStatus.OK;
    }
}

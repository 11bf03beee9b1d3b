// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.unimark.baselines.net.NamespaceLauncher;
import org.unimark.baselines.net.RunNetwork;
import org.unimark.workloads.campaign.Calibration;
import org.unimark.workloads.campaign.Campaign;
import org.unimark.workloads.campaign.CellPlan;
import org.unimark.workloads.campaign.CellProgress;
import org.unimark.workloads.campaign.Profile;
import org.unimark.workloads.campaign.Request;
import org.unimark.workloads.campaign.WorkTree;
import org.unimark.workloads.cells.Cell;
import org.unimark.workloads.cells.CellStore;
import org.unimark.workloads.experiment.Subject;
import org.unimark.workloads.machine.AcceleratorProbe;
import org.unimark.workloads.machine.Requirement;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The worker of a long campaign: makes cells, on whatever machine it is called. */
@Command(
        name = "cell",
        description = "Make one cell of a campaign (see 'reproduce --full'), or all that are missing.",
        mixinStandardHelpOptions = true)
final class CellCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(arity = "0..1", paramLabel = "SPEC", description = "File with the specification of the cell.")
    private Path specification;

    @Option(
            names = "--into",
            paramLabel = "DIR",
            description = "Where the results appear, in a directory named after the specification's hash.")
    private Path into;

    @Option(names = "--campaign", paramLabel = "DIR", description = "Make the missing cells of this campaign.")
    private Path campaign;

    @Option(
            names = MeasureOptions.BUDGET_OPTION,
            paramLabel = "MINUTES",
            description = "Begin no further cell after so many minutes.")
    private Integer budgetMinutes;

    @Option(names = "--accel", hidden = true)
    private Accelerator accelerator;

    @Option(names = MeasureOptions.REASON_OPTION, hidden = true)
    private String acceleratorReason = "chosen on the command line";

    @Mixin
    private InstallOption install = new InstallOption();

    @Override
    public Integer call() throws Exception {
        if ((campaign == null) == (specification == null) || (specification != null) != (into != null)) {
            throw new Failure(ExitStatus.USAGE, "give either SPEC and --into DIR, or --campaign DIR", null);
        }
        CellStore store = campaign == null ? null : CellStore.open(campaign);
        Path done = store == null ? into.toAbsolutePath() : store.done();
        List<Cell> cells = store == null ? List.of(Cell.parse(Files.readString(specification))) : store.missing();
        List<Cell> all = store == null ? cells : store.cells();
        return NamespaceLauncher.isInside() ? make(all, cells, done) : launch(cells);
    }

    private int launch(List<Cell> cells) throws Failure, IOException, InterruptedException {
        if (cells.isEmpty()) {
            return ExitStatus.OK;
        }
        requireVersionOf(cells);
        install.ensure(Requirement.Use.MEASURE);
        String reason = NamespaceLauncher.unavailable();
        if (reason != null) {
            throw new Failure(reason);
        }
        Accelerator wanted = accelerator != null
                ? accelerator
                : Accelerator.valueOf(cells.get(0).accelerator().toUpperCase(Locale.ROOT));
        AcceleratorProbe.Verdict verdict = wanted.resolve();
        Set<Subject> subjects = new LinkedHashSet<>();
        Set<String> systems = new LinkedHashSet<>();
        for (Cell cell : cells) {
            systems.addAll(CellPlan.measured(cell));
            subjects.addAll(Measuring.subjects(
                    List.of(CellPlan.experiment(cell.experiment())), Profile.labelled(cell.profile())));
        }
        Measuring.prepareImages(subjects, systems, verdict.accelerator());
        List<String> again =
                new ArrayList<>(spec.root().commandLine().getParseResult().originalArgs());
        again.add(MeasureOptions.REASON_OPTION + "=" + verdict.reason());
        again.add("--accel=" + verdict.accelerator());
        return NamespaceLauncher.run(Main.class.getName(), again);
    }

    /** Refuses cells of another version of the suite than this one. */
    static void requireVersionOf(List<Cell> cells) throws Failure, InterruptedException {
        WorkTree tree = WorkTree.of(Home.directory());
        for (Cell cell : cells) {
            String objection = tree.objection(cell);
            if (objection != null) {
                throw new Failure(objection);
            }
        }
    }

    private int make(List<Cell> all, List<Cell> missing, Path done) throws Failure, IOException, InterruptedException {
        Measuring.silenceReaper();
        RunNetwork.ensure();
        Stopping stopping = new Stopping();
        Calibration calibration = new Calibration();
        long start = System.nanoTime();
        try (CellProgress progress =
                new CellProgress(new TerminalProgress(System.err), all, missing, System::nanoTime)) {
            for (int i = 0; i < missing.size() && !isOver(start); i++) {
                Cell cell = missing.get(i);
                // A campaign takes hours, in which somebody may work on the tree.
                requireVersionOf(List.of(cell));
                progress.begin(cell);
                CellStore.store(done, cell, directory -> make(cell, directory, progress, calibration));
                progress.done();
            }
        } finally {
            stopping.end();
        }
        return ExitStatus.OK;
    }

    private boolean isOver(long startNanos) {
        return budgetMinutes != null && System.nanoTime() - startNanos > TimeUnit.MINUTES.toNanos(budgetMinutes);
    }

    /** A run of its own, whose directory becomes the cell's. */
    private void make(Cell cell, Path directory, CellProgress progress, Calibration calibration)
            throws IOException, InterruptedException {
        Path runs = Files.createDirectory(directory.resolve("run"));
        Request request = new Request(
                Profile.labelled(cell.profile()),
                List.of(CellPlan.experiment(cell.experiment())),
                new LinkedHashSet<>(CellPlan.measured(cell)),
                cell.seed(),
                accelerator.toString(),
                acceleratorReason,
                Home.directory(),
                runs,
                Profile.labelled(cell.profile()).budget(),
                Duration.ZERO,
                List.of("cell", cell.hash()));
        Campaign.Result result = Campaign.ofCell(cell, request, new RealSystems(), progress, calibration)
                .run();
        if (!result.complete()) {
            throw new InterruptedException("the cell is not complete");
        }
        lift(result.directory(), directory);
        Files.delete(runs);
    }

    private static void lift(Path from, Path to) throws IOException {
        try (Stream<Path> entries = Files.list(from)) {
            for (Path entry : entries.toList()) {
                Files.move(entry, to.resolve(entry.getFileName().toString()));
            }
        }
        Files.delete(from);
    }
}

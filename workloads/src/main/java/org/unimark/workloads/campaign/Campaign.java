// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.campaign;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.unimark.baselines.counter.InstructionCounter;
import org.unimark.results.Record;
import org.unimark.results.RunDirectory;
import org.unimark.results.RunInfo;
import org.unimark.workloads.cells.Caveats;
import org.unimark.workloads.cells.Cell;
import org.unimark.workloads.experiment.Bench;
import org.unimark.workloads.experiment.Outcome;
import org.unimark.workloads.experiment.Rejected;
import org.unimark.workloads.machine.HostWatch;

/**
 * One run: prepares the systems, makes the repetitions in their random order within the time of the profile, and writes
 * each record as soon as it is there. Stops soon after its thread is interrupted, with what it has, marked as partial.
 */
public final class Campaign {
    private static final int BOOT_TIMEOUT_SECONDS = 60;
    private static final double LONGEST_OVER_ESTIMATE = 6;
    private static final double SHORTEST_LIMIT_SECONDS = 120;
    private static final int MESSAGE_CHARACTERS = 2_000;

    private final Request request;
    private final Catalogue catalogue;
    /** What this run is part of, or null if it is whole. */
    private final Cell cell;

    private final Calibration calibration;

    private final Lineup lineup;
    private final Progress progress;
    private final Estimates estimates = new Estimates();
    private final List<String> notices = new ArrayList<>();
    private final Caveats caveats = new Caveats();
    private final Precision precision;
    private final long startNanos = System.nanoTime();
    private RunDirectory directory;
    private RunInfo info;
    private double clientCapacity;
    private int order;
    private int valid;
    private int invalid;

    /**
     * How a run ended.
     *
     * @param directory of its results
     * @param valid records with numbers
     * @param invalid records with a problem
     * @param complete whether nothing stopped it
     */
    public record Result(Path directory, int valid, int invalid, boolean complete) {}

    /** A run of everything that {@code request} asks for, within the time of its profile. */
    public Campaign(Request request, Catalogue catalogue, Progress progress) {
        this(request, catalogue, progress, null, new Calibration());
    }

    /** A run of one cell of a longer campaign, whose experiment and systems {@code request} names. */
    public static Campaign ofCell(
            Cell cell, Request request, Catalogue catalogue, Progress progress, Calibration calibration) {
        return new Campaign(request, catalogue, progress, cell, calibration);
    }

    private Campaign(Request request, Catalogue catalogue, Progress progress, Cell cell, Calibration calibration) {
        this.request = request;
        this.catalogue = catalogue;
        this.progress = progress;
        this.cell = cell;
        this.calibration = calibration;
        this.lineup = new Lineup(catalogue, request, progress);
        this.precision = Precision.of(request.profile());
    }

    /** Runs on the current thread; throws only if the results cannot be written or no system can run. */
    public Result run() throws IOException {
        boolean complete = false;
        try {
            progress.stage("Looking at this machine");
            info = RunFacts.describe(request);
            notices.addAll(info.notices());
            directory = RunFacts.createDirectory(request.runs(), info);
            info = directory.info();
            Files.createDirectories(directory.path().resolve("files"));
            lineup.prepare();
            notices.addAll(lineup.notices());
            if (lineup.isEmpty()) {
                throw new IOException("none of the systems can run here: " + lineup.notices());
            }
            progress.stage("Warming the load generator up");
            clientCapacity = calibration.capacity();
            writeInfo();
            repeat(blocks());
            complete = true;
        } catch (InterruptedException e) {
            note("This run was interrupted: its results are partial.");
        } finally {
            // Files are written even if the thread was told to stop.
            boolean interrupted = Thread.interrupted();
            if (directory != null) {
                writeInfo();
            }
            catalogue.shutDown();
            progress.end();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        if (directory == null) {
            throw new InterruptedIOException("interrupted before anything was measured");
        }
        return new Result(directory.path(), valid, invalid, complete);
    }

    private List<Block> blocks() throws IOException {
        return cell == null
                ? Block.schedule(request.experiments(), request.profile().effort(), lineup::names, request.seed())
                : List.of(Block.of(cell, lineup::names));
    }

    private void note(String text) {
        notices.add(text);
        progress.notice(text);
    }

    /** Facts that became known during the run: images, notices. */
    private void writeInfo() throws IOException {
        Map<String, String> host = new TreeMap<>(info.host());
        host.put("load generator capacity", String.format("%.0f requests/s", clientCapacity));
        directory.writeInfo(new RunInfo(
                info.formatVersion(),
                info.id(),
                info.start(),
                info.profile(),
                info.seed(),
                info.commit(),
                info.dirty(),
                info.accelerator(),
                info.acceleratorReason(),
                host,
                info.versions(),
                lineup.images(),
                info.arguments(),
                notices));
    }

    private void repeat(List<Block> blocks) throws IOException, InterruptedException {
        int leftOut = 0;
        try (Watchdog watchdog = new Watchdog()) {
            for (int i = 0; i < blocks.size(); i++) {
                Block block = blocks.get(i);
                if (!fits(block)) {
                    leftOut++;
                    continue;
                }
                double left = Math.min(estimates.seconds(blocks.subList(i, blocks.size())), secondsLeft());
                repeat(block, (i + 0.5) / blocks.size(), left, watchdog);
            }
            if (cell == null) {
                repeatMore(blocks, watchdog);
            }
        }
        caveats.sentences().forEach(this::note);
        String wide = precision.notice(blocks);
        if (wide != null && cell == null) {
            note(wide);
        }
        if (leftOut > 0) {
            note(String.format(
                    "%d of %d blocks of repetitions were left out to stay within %d minutes.",
                    leftOut, blocks.size(), request.budget().toMinutes()));
        }
    }

    private void repeat(Block block, double share, double secondsLeft, Watchdog watchdog)
            throws IOException, InterruptedException {
        for (String system : block.systems()) {
            if (lineup.applies(block, system)) {
                progress.repetition(block.experiment().name(), system, share, secondsLeft);
                repeat(block, system, watchdog);
            }
        }
    }

    /** After the planned repetitions: rounds of those whose intervals are still too wide, as time permits. */
    private void repeatMore(List<Block> planned, Watchdog watchdog) throws IOException, InterruptedException {
        Random random = new Random(request.seed() + 1);
        List<Block> round = Block.last(planned);
        while (!round.isEmpty()) {
            List<Block> next = new ArrayList<>();
            for (Block block : round) {
                Block another = block.again(random);
                if (precision.wantsMore(another, another.repetition()) && fits(another)) {
                    repeat(another, 1, secondsLeft(), watchdog);
                    next.add(another);
                }
            }
            round = next;
        }
    }

    /** The first repetition is made in any case: a run without numbers, after slow builds, would answer nothing. */
    private boolean fits(Block block) {
        return cell != null || block.repetition() == 0 || estimates.seconds(block) <= secondsLeft();
    }

    private double secondsLeft() {
        double budget = request.budget().minus(request.elapsed()).toMillis() / 1e3;
        return budget - (System.nanoTime() - startNanos) / 1e9;
    }

    private void repeat(Block block, String system, Watchdog watchdog) throws IOException, InterruptedException {
        String start = Instant.now().toString();
        long startedNanos = System.nanoTime();
        double limit = Math.max(SHORTEST_LIMIT_SECONDS, LONGEST_OVER_ESTIMATE * estimates.seconds(block, system));
        Bench bench = new Bench(
                request.profile().effort(),
                directory.path(),
                String.format(
                        "%04d-%s-%s-%s",
                        order, block.experiment().name(), system, block.kind().name()),
                clientCapacity,
                BOOT_TIMEOUT_SECONDS);
        List<Outcome> outcomes = List.of();
        String problem = null;
        HostWatch host = new HostWatch();
        watchdog.arm(limit);
        try {
            outcomes = block.experiment().measure(block.kind(), lineup.system(block, system), bench);
        } catch (Rejected e) {
            problem = e.getMessage();
        } catch (IOException | RuntimeException e) {
            problem = "this machine failed: " + e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (watchdog.disarm()) {
            problem = String.format("it took longer than %.0f s and was abandoned", limit);
        } else if (Thread.currentThread().isInterrupted()) {
            // Whatever went wrong, it was this that went wrong first: no record.
            throw new InterruptedException();
        }
        double seconds = (System.nanoTime() - startedNanos) / 1e9;
        estimates.observe(block, system, seconds);
        Map<String, Double> changes = host.changes();
        if (problem == null && block.kind().counting() != InstructionCounter.Mode.INSTRUCTIONS) {
            // Instructions are the same whatever the machine does to their times.
            problem = HostWatch.problem(changes);
        }
        for (Outcome outcome : problem == null ? outcomes : List.of(failed(seconds, bench, problem))) {
            changes.forEach(outcome::context);
            Record record = record(block, system, start, outcome);
            precision.observe(record, block.kind());
            write(record);
        }
        order++;
    }

    /** Without a number, but with the console, where the reason is usually found. */
    private static Outcome failed(double seconds, Bench bench, String problem) {
        String console = "console.txt";
        Outcome outcome = Outcome.rejected(seconds, problem);
        return Files.exists(bench.file(console)) ? outcome.file("console", bench.relative(console)) : outcome;
    }

    private Record record(Block block, String system, String start, Outcome outcome) {
        String problem = outcome.problem();
        Map<String, Double> context = new TreeMap<>(outcome.context());
        context.put("load_average", RunFacts.loadAverage());
        String reason = problem == null || problem.length() <= MESSAGE_CHARACTERS
                ? problem
                : problem.substring(0, MESSAGE_CHARACTERS) + "...";
        return new Record(
                block.experiment().name(),
                system,
                block.repetition(),
                order,
                start,
                outcome.durationSeconds(),
                lineup.accelerator(block, system),
                outcome.parameters(),
                reason == null ? outcome.values() : Map.of(),
                context,
                outcome.files(),
                reason);
    }

    private void write(Record record) throws IOException {
        directory.append(record);
        caveats.observe(record);
        if (record.valid()) {
            valid++;
        } else {
            invalid++;
        }
        progress.recorded(record);
    }
}

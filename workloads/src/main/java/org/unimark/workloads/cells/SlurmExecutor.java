// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.cells;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.unimark.baselines.process.Command;

/**
 * Makes cells as tasks of a Slurm job array, each with a node of its own ({@code --exclusive}). The campaign's directory must be
 * the same file on all nodes. Cells of a node that failed are submitted again.
 */
public final class SlurmExecutor implements CellExecutor {
    private static final int ROUNDS = 3;
    private static final long POLL_MILLIS = 1_000;
    /** Slurm's default limit of tasks in an array (MaxArraySize) is 1001. */
    private static final int LARGEST_ARRAY = 1_000;

    private final List<String> worker;
    private final List<String> options;
    private final Map<String, String> environment;

    /** An array of tasks, with their specifications and messages in {@code directory}, by number. */
    private record Job(String id, Path directory, List<Cell> cells) {}

    /**
     * @param worker command to which a specification's file and {@code --into DIR} are appended
     * @param options of {@code sbatch}: partition, account, time limit ...
     * @param environment added to that of Slurm's commands, for instance {@code SLURM_CONF}
     */
    public SlurmExecutor(List<String> worker, List<String> options, Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
        this.worker = List.copyOf(worker);
        this.options = List.copyOf(options);
    }

    @Override
    public void run(CellStore store, Observer observer) throws IOException, InterruptedException {
        int all = store.cells().size();
        for (int round = 1; round <= ROUNDS && !store.missing().isEmpty(); round++) {
            if (round > 1) {
                observer.notice(store.missing().size() + " cells are submitted again.");
            }
            List<Cell> missing = store.missing();
            for (int from = 0; from < missing.size(); from += LARGEST_ARRAY) {
                Job job = submit(store, missing.subList(from, Math.min(missing.size(), from + LARGEST_ARRAY)));
                await(job.id, store, all, observer);
                explain(job, store, observer);
            }
        }
    }

    /** Says why a cell was not made; the others' messages are beside it. */
    private static void explain(Job job, CellStore store, Observer observer) throws IOException {
        for (int i = 0; i < job.cells.size(); i++) {
            Path log = job.directory.resolve(i + ".log");
            if (!store.isDone(job.cells.get(i)) && Files.exists(log)) {
                observer.notice("Cell " + job.cells.get(i).hash() + " was not made (" + log + "): "
                        + SshExecutor.lastLine(log));
                return;
            }
        }
    }

    private Job submit(CellStore store, List<Cell> cells) throws IOException, InterruptedException {
        Path jobs = Files.createDirectories(store.directory().resolve("jobs").toAbsolutePath());
        Path specifications = Files.createTempDirectory(jobs, "array-");
        for (int i = 0; i < cells.size(); i++) {
            Files.writeString(specifications.resolve(i + ".json"), cells.get(i).toJson() + "\n");
        }
        List<String> words = new ArrayList<>();
        worker.forEach(word -> words.add(Command.quoted(word)));
        words.add(Command.quoted(specifications.toString()) + "/\"$SLURM_ARRAY_TASK_ID\".json");
        words.add("--into " + Command.quoted(store.done().toAbsolutePath().toString()));
        Path script = Files.writeString(
                specifications.resolve("job.sh"), "#!/bin/sh\nexec " + String.join(" ", words) + " </dev/null\n");
        List<String> command = new ArrayList<>(List.of(
                "sbatch",
                "--parsable",
                "--exclusive",
                "--job-name=unimark",
                "--array=0-" + (cells.size() - 1),
                "--output=" + specifications + "/%a.log"));
        command.addAll(options);
        command.add(script.toString());
        String[] lines = Command.run(command, environment).strip().split("\n");
        // "job" or "job;cluster", after warnings.
        return new Job(lines[lines.length - 1].split(";")[0], specifications, cells);
    }

    private void await(String job, CellStore store, int all, Observer observer)
            throws IOException, InterruptedException {
        try {
            boolean queued = true;
            while (queued) {
                Thread.sleep(POLL_MILLIS);
                queued = !Command.run(List.of("squeue", "--noheader", "--array", "--format=%i"), environment)
                        .lines()
                        .filter(line -> line.startsWith(job + "_"))
                        .toList()
                        .isEmpty();
                observer.progress(all - store.missing().size(), all);
            }
        } catch (InterruptedException e) {
            cancel(job);
            throw e;
        }
    }

    private void cancel(String job) throws IOException {
        try {
            Command.run(List.of("scancel", job), environment);
        } catch (InterruptedException again) {
            // Told to stop twice: the job has been cancelled or never will be by this process.
            Thread.currentThread().interrupt();
        }
    }
}

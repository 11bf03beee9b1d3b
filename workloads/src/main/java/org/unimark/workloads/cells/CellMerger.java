// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.cells;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.unimark.results.Record;
import org.unimark.results.RunDirectory;
import org.unimark.results.RunInfo;
import org.unimark.workloads.machine.HostFacts;

/**
 * Makes runs of the cells that are done. Nodes of one class (the same processor, kernel, accelerator, and versions of the
 * suite and of other programs) go together, each record with the number of its node, which the run's host facts name; results
 * of unlike classes are never pooled, but become runs of their own. Seed and arguments of the runs are those of the campaign.
 */
public final class CellMerger {
    /** What makes two hosts alike. Memory and load are not part of it. */
    private static final List<String> CLASS_FACTS =
            List.of("processor", "microcode", "cores", "kernel", "kernel parameters", "distribution");

    private final CellStore store;

    /** Those of the campaign as a whole. */
    private final List<String> notices;

    /** {@code notices} about the campaign as a whole are added to those of its cells. */
    public CellMerger(CellStore store, List<String> notices) {
        this.store = store;
        this.notices = List.copyOf(notices);
    }

    /** Writes one run a class of hosts below {@code runs} and returns their directories, the largest first. */
    public List<Path> merge(Path runs, String name) throws IOException {
        Map<String, List<Cell>> byClass = new LinkedHashMap<>();
        for (Cell cell : store.cells()) {
            if (store.isDone(cell)) {
                RunInfo info = new RunDirectory(store.result(cell)).info();
                byClass.computeIfAbsent(hostClass(info), unused -> new ArrayList<>())
                        .add(cell);
            }
        }
        List<List<Cell>> classes = new ArrayList<>(byClass.values());
        classes.sort((one, other) -> Integer.compare(other.size(), one.size()));
        List<Path> merged = new ArrayList<>();
        for (List<Cell> cells : classes) {
            String id = merged.isEmpty() ? name : name + "-class" + (merged.size() + 1);
            merged.add(write(runs.resolve(id), id, cells, classes.size()));
        }
        return merged;
    }

    private static String hostClass(RunInfo info) {
        StringBuilder key = new StringBuilder(info.accelerator());
        key.append('|').append(info.commit()).append('|').append(info.dirty());
        for (String fact : CLASS_FACTS) {
            key.append('|').append(info.host().get(fact));
        }
        return key.append('|').append(new TreeMap<>(info.versions())).toString();
    }

    private Path write(Path directory, String id, List<Cell> cells, int classes) throws IOException {
        Map<String, Integer> nodes = new LinkedHashMap<>();
        Set<String> all = new LinkedHashSet<>(notices);
        Map<String, String> images = new TreeMap<>();
        List<Record> records = new ArrayList<>();
        Caveats caveats = new Caveats();
        RunInfo first = null;
        for (Cell cell : cells) {
            RunDirectory run = new RunDirectory(store.result(cell));
            RunInfo info = run.info();
            first = first == null ? info : first;
            List<Record> ofCell = run.records();
            all.addAll(withoutCaveats(info.notices(), ofCell));
            ofCell.forEach(caveats::observe);
            images.putAll(info.images());
            int node = nodes.computeIfAbsent(
                    info.host().getOrDefault(HostFacts.NODE, "unnamed"), unused -> nodes.size() + 1);
            for (Record record : ofCell) {
                records.add(placed(record, cell, node, records.size()));
            }
        }
        all.addAll(caveats.sentences());
        if (classes > 1) {
            all.add("This campaign ran on " + classes
                    + " unlike classes of hosts or versions, which are reported apart.");
        }
        int missing = store.missing().size();
        if (missing > 0) {
            all.add(missing + " of " + store.cells().size() + " cells are missing: the campaign is not complete.");
        }
        Map<String, String> host = new TreeMap<>(first.host());
        nodes.forEach((hostName, number) -> host.put("node " + number, hostName));
        RunDirectory result = RunDirectory.create(
                directory,
                new RunInfo(
                        first.formatVersion(),
                        id,
                        first.start(),
                        first.profile(),
                        store.plan().seed(),
                        first.commit(),
                        first.dirty(),
                        first.accelerator(),
                        first.acceleratorReason(),
                        host,
                        first.versions(),
                        images,
                        store.plan().arguments(),
                        List.copyOf(all)));
        for (Record record : records) {
            result.append(record);
        }
        for (Cell cell : cells) {
            copyFiles(
                    store.result(cell).resolve("files"),
                    directory.resolve("files").resolve(cell.hash()));
        }
        return directory;
    }

    /** What a cell says about its records is said once, about all of them. */
    private static List<String> withoutCaveats(List<String> notices, List<Record> records) {
        Caveats caveats = new Caveats();
        records.forEach(caveats::observe);
        List<String> rest = new ArrayList<>(notices);
        rest.removeAll(caveats.sentences());
        return rest;
    }

    /** The record as part of the whole: its place in the order, its node, its files in the cell's folder. */
    private static Record placed(Record record, Cell cell, int node, int order) {
        Map<String, Double> context = new TreeMap<>(record.context());
        context.put(Record.NODE, (double) node);
        Map<String, String> files = new TreeMap<>();
        record.files()
                .forEach((kind, path) -> files.put(kind, path.replaceFirst("^files/", "files/" + cell.hash() + "/")));
        return new Record(
                record.experiment(),
                record.system(),
                record.repetition(),
                order,
                record.start(),
                record.durationSeconds(),
                record.accelerator(),
                record.parameters(),
                record.values(),
                context,
                files,
                record.problem());
    }

    private static void copyFiles(Path from, Path to) throws IOException {
        if (!Files.isDirectory(from)) {
            return;
        }
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName().toString()));
            }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.campaign;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import org.unimark.baselines.counter.InstructionCounter;
import org.unimark.workloads.cells.Cell;
import org.unimark.workloads.experiment.Effort;
import org.unimark.workloads.experiment.Experiment;
import org.unimark.workloads.experiment.Experiments;
import org.unimark.workloads.experiment.Kind;
import org.unimark.workloads.experiment.Subject;

/**
 * One repetition of one kind for all systems, one after another in random order. Blocks are made or left out as a whole,
 * so that all systems have equally many repetitions from the same stretches of time.
 *
 * @param experiment what is measured
 * @param kind of its repetitions
 * @param repetition from 0 on
 * @param systems names, in the order in which they take their turn
 */
record Block(Experiment experiment, Kind kind, int repetition, List<String> systems) {
    /**
     * All first repetitions come before all second ones; within that, everything is shuffled by {@code seed}, but where time
     * may run out, after the first repetitions, counts come last, because they hardly differ from one repetition to the next,
     * and the times of principal experiments first.
     * Which systems there are depends on what they offer.
     */
    static List<Block> schedule(
            List<Experiment> experiments, Effort effort, Function<Subject, List<String>> systems, long seed) {
        Random random = new Random(seed);
        List<Block> schedule = new ArrayList<>();
        int added = -1;
        for (int repetition = 0; added != 0; repetition++) {
            List<Block> round = new ArrayList<>();
            for (Experiment experiment : experiments) {
                for (Kind kind : experiment.kinds(effort)) {
                    if (repetition < kind.repetitions()) {
                        List<String> order = new ArrayList<>(systems.apply(kind.subject()));
                        Collections.shuffle(order, random);
                        round.add(new Block(experiment, kind, repetition, List.copyOf(order)));
                    }
                }
            }
            Collections.shuffle(round, random);
            if (repetition > 0) {
                round.sort(Comparator.comparing(Block::counts)
                        .thenComparing(block -> !block.experiment().isPrincipal()));
            }
            schedule.addAll(round);
            added = round.size();
        }
        return schedule;
    }

    private boolean counts() {
        return kind.counting() == InstructionCounter.Mode.INSTRUCTIONS;
    }

    /** The block that a cell describes, with those of its systems that can run here. */
    static Block of(Cell cell, Function<Subject, List<String>> available) throws IOException {
        Experiment experiment = Experiments.named(cell.experiment());
        if (experiment == null) {
            throw new IOException("this version has no experiment '" + cell.experiment() + "'");
        }
        Effort effort = Profile.labelled(cell.profile()).effort();
        for (Kind kind : experiment.kinds(effort)) {
            if (kind.name().equals(cell.kind())) {
                List<String> systems = cell.systems().stream()
                        .filter(system -> available.apply(kind.subject()).contains(CellPlan.measured(system)))
                        .toList();
                return new Block(experiment, kind, cell.repetition(), systems);
            }
        }
        throw new IOException(cell.experiment() + " has no repetitions of the kind '" + cell.kind() + "'");
    }

    /** The last block of each kind of each experiment, in the order of {@code schedule}. */
    static List<Block> last(List<Block> schedule) {
        Map<String, Block> last = new LinkedHashMap<>();
        schedule.forEach(
                block -> last.put(block.experiment().name() + "/" + block.kind().name(), block));
        return List.copyOf(last.values());
    }

    /** The repetition after this one, with its systems in another order. */
    Block again(Random random) {
        List<String> order = new ArrayList<>(systems);
        Collections.shuffle(order, random);
        return new Block(experiment, kind, repetition + 1, List.copyOf(order));
    }
}

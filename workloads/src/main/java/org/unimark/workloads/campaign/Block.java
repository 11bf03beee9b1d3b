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
    /** How many times as much as on others may be spent on the times of a principal experiment before it is their turn. */
    private static final double WORTH_OF_PRINCIPAL = 4;

    /** The same for times and instructions, which hardly differ from one repetition to the next. */
    private static final double WORTH_OF_TIMES = 4;

    /**
     * All first repetitions come before all others, in an order shuffled by {@code seed}. The others come in the order of what
     * was spent on their kind before them, so that a schedule that is cut short has many repetitions of what is quick, and does
     * not lack one of them for the sake of what is slow.
     * Which systems there are depends on what they offer.
     */
    static List<Block> schedule(
            List<Experiment> experiments, Effort effort, Function<Subject, List<String>> systems, long seed) {
        Random random = new Random(seed);
        List<Block> first = new ArrayList<>();
        List<Block> others = new ArrayList<>();
        for (Experiment experiment : experiments) {
            for (Kind kind : experiment.kinds(effort)) {
                for (int repetition = 0; repetition < kind.repetitions(); repetition++) {
                    List<String> order = new ArrayList<>(systems.apply(kind.subject()));
                    Collections.shuffle(order, random);
                    (repetition == 0 ? first : others).add(new Block(experiment, kind, repetition, List.copyOf(order)));
                }
            }
        }
        Collections.shuffle(first, random);
        Collections.shuffle(others, random);
        Estimates estimates = new Estimates();
        others.sort(Comparator.comparingDouble(block -> block.repetition() * estimates.seconds(block) / block.worth()));
        first.addAll(others);
        return first;
    }

    private double worth() {
        if (kind.counting() == InstructionCounter.Mode.INSTRUCTIONS) {
            return 1;
        }
        return experiment.isPrincipal() ? WORTH_OF_PRINCIPAL * WORTH_OF_TIMES : WORTH_OF_TIMES;
    }

    /** The block that a cell describes, with those of its systems that can run here. */
    static Block of(Cell cell, Function<Subject, List<String>> available) throws IOException {
        Experiment experiment = CellPlan.experiment(cell.experiment());
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

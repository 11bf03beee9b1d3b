// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.campaign;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.unimark.workloads.cells.Cell;
import org.unimark.workloads.experiment.Experiment;
import org.unimark.workloads.experiment.Kind;
import org.unimark.workloads.experiment.Subject;

/** Cuts a campaign into cells. */
public final class CellPlan {
    /** Ends the name of a system that is measured a second time, as if it were another: the A/A control. */
    public static final String CONTROL_SUFFIX = "-control";

    private CellPlan() {}

    /**
     * All repetitions of a profile, in the order of a run with this seed. Where times are measured, the first system has a turn
     * more in each cell under another name: how far apart two measurements of the same thing are on the node that makes the
     * cell.
     *
     * @param systems that offer a subject, the unikernel first
     */
    public static List<Cell> of(
            Profile profile,
            List<Experiment> experiments,
            Function<Subject, List<String>> systems,
            long seed,
            String accelerator,
            String commit) {
        List<Cell> cells = new ArrayList<>();
        Random random = new Random(seed + 1);
        for (Block block : Block.schedule(experiments, profile.effort(), systems, seed)) {
            List<String> turns = new ArrayList<>(block.systems());
            if (block.kind().name().equals(Kind.TIMED) && !turns.isEmpty()) {
                turns.add(
                        random.nextInt(turns.size() + 1),
                        systems.apply(block.kind().subject()).get(0) + CONTROL_SUFFIX);
            }
            cells.add(new Cell(
                    Cell.FORMAT_VERSION,
                    commit,
                    profile.label(),
                    block.experiment().name(),
                    block.kind().name(),
                    block.repetition(),
                    accelerator,
                    turns));
        }
        return cells;
    }

    /** The system that takes a turn under this name. */
    public static String measured(String name) {
        return name.endsWith(CONTROL_SUFFIX) ? name.substring(0, name.length() - CONTROL_SUFFIX.length()) : name;
    }
}

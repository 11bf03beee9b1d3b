// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.campaign;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.unimark.results.Record;
import org.unimark.workloads.cells.CampaignPlan;
import org.unimark.workloads.cells.Cell;
import org.unimark.workloads.experiment.Experiment;
import org.unimark.workloads.experiment.Experiments;
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
    public static List<Cell> of(CampaignPlan plan, Function<Subject, List<String>> systems) throws IOException {
        List<Experiment> experiments = new ArrayList<>();
        for (String name : plan.experiments()) {
            experiments.add(experiment(name));
        }
        Profile profile = Profile.labelled(plan.profile());
        List<Cell> cells = new ArrayList<>();
        Random random = new Random(plan.seed() + 1);
        for (Block block : Block.schedule(experiments, profile.effort(), systems, plan.seed())) {
            List<String> turns = new ArrayList<>(block.systems());
            if (block.kind().isTimed() && !turns.isEmpty()) {
                turns.add(
                        random.nextInt(turns.size() + 1),
                        systems.apply(block.kind().subject()).get(0) + CONTROL_SUFFIX);
            }
            cells.add(cell(plan, block, turns));
        }
        return cells;
    }

    private static Cell cell(CampaignPlan plan, Block block, List<String> turns) {
        return new Cell(
                Cell.FORMAT_VERSION,
                plan.commit(),
                plan.dirty(),
                plan.seed(),
                plan.profile(),
                block.experiment().name(),
                block.kind().name(),
                block.repetition(),
                plan.accelerator(),
                turns);
    }

    /**
     * What a profile wants beyond its plan, once that is done: one more repetition of each kind whose interval is too wide for
     * one of its systems, up to a cap.
     *
     * @param cells of the campaign so far
     * @param records of a cell
     */
    public static List<Cell> more(CampaignPlan plan, List<Cell> cells, Results records) throws IOException {
        Precision precision = Precision.of(Profile.labelled(plan.profile()));
        List<Block> last = observe(precision, cells, records);
        Random random = new Random(plan.seed() + cells.size());
        List<Cell> more = new ArrayList<>();
        for (Block block : last) {
            Block another = block.again(random);
            if (precision.wantsMore(another, another.repetition())) {
                more.add(cell(plan, another, another.systems()));
            }
        }
        return more;
    }

    /** Says which intervals are wider than the profile wants, or null if none is. */
    public static String notice(CampaignPlan plan, List<Cell> cells, Results records) throws IOException {
        Precision precision = Precision.of(Profile.labelled(plan.profile()));
        return precision.notice(observe(precision, cells, records));
    }

    /** The records of a cell that is done; none of one that is not. */
    public interface Results {
        List<Record> of(Cell cell) throws IOException;
    }

    /** Returns the last block of each kind. */
    private static List<Block> observe(Precision precision, List<Cell> cells, Results records) throws IOException {
        List<Block> blocks = new ArrayList<>();
        for (Cell cell : cells) {
            Block block = Block.of(cell, unused -> measured(cell));
            blocks.add(block);
            for (Record record : records.of(cell)) {
                precision.observe(record, block.kind());
            }
        }
        return Block.last(blocks);
    }

    /** The experiment that a cell names; one that is of another version may be unknown. */
    public static Experiment experiment(String name) throws IOException {
        Experiment experiment = Experiments.named(name);
        if (experiment == null) {
            throw new IOException("this version has no experiment '" + name + "'");
        }
        return experiment;
    }

    /** The systems that take a turn, one more than once if it is its own control. */
    public static List<String> measured(Cell cell) {
        return cell.systems().stream().map(CellPlan::measured).toList();
    }

    /** The system that takes a turn under this name. */
    public static String measured(String name) {
        return name.endsWith(CONTROL_SUFFIX) ? name.substring(0, name.length() - CONTROL_SUFFIX.length()) : name;
    }
}

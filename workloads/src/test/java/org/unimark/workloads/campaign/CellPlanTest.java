// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.unimark.results.Record;
import org.unimark.workloads.cells.CampaignPlan;
import org.unimark.workloads.cells.Cell;
import org.unimark.workloads.experiment.Experiment;
import org.unimark.workloads.experiment.Experiments;
import org.unimark.workloads.experiment.Kind;

class CellPlanTest {
    private static final int PLANNED = Profile.QUICK.effort().repetitions();

    private static CampaignPlan asked(Profile profile, List<String> experiments) {
        return new CampaignPlan(
                CampaignPlan.FORMAT_VERSION,
                "0123456789ab",
                true,
                profile.label(),
                experiments,
                List.of(),
                "tcg",
                7,
                List.of("reproduce"));
    }

    private static final CampaignPlan ASKED = asked(Profile.QUICK, List.of("http-throughput"));

    private static List<Cell> plan() throws IOException {
        return CellPlan.of(ASKED, subject -> List.of("keel", "guest-same"));
    }

    /** Rates that differ by {@code spread} from the middle, up and down in turn; instructions that do not differ. */
    private static CellPlan.Results measuring(double spread) {
        return cell -> cell.systems().stream()
                .map(system -> record(cell, system, 1000 + (cell.repetition() % 3 - 1) * spread))
                .toList();
    }

    private static Record record(Cell cell, String system, double rate) {
        Map<String, Double> values = cell.kind().equals(Kind.TIMED)
                ? Map.of("requests_per_second", rate)
                : Map.of("instructions_per_request", 2600.0);
        return new Record(
                cell.experiment(),
                system,
                cell.repetition(),
                0,
                "",
                1,
                "tcg",
                Map.of(),
                values,
                Map.of(),
                Map.of(),
                null);
    }

    @Test
    void cellsSayWhichVersionAndWhichOrderTheyAreOf() throws IOException {
        assertThat(plan()).allSatisfy(cell -> {
            assertThat(cell.commit()).isEqualTo("0123456789ab");
            assertThat(cell.dirty()).isTrue();
            assertThat(cell.seed()).isEqualTo(7);
        });
    }

    @Test
    void aTimedCellHasAControl() throws IOException {
        assertThat(plan()).allSatisfy(cell -> {
            if (cell.kind().equals(Kind.TIMED)) {
                assertThat(cell.systems()).containsExactlyInAnyOrder("keel", "guest-same", "keel-control");
            } else {
                assertThat(cell.systems()).containsExactlyInAnyOrder("keel", "guest-same");
            }
        });
    }

    /** Whatever an experiment calls them: what has no control must be counts, sizes, searches or a thousand starts. */
    @Test
    void onlyWhatIsNotTimedHasNoControl() throws IOException {
        List<String> all = Experiments.all().stream().map(Experiment::name).toList();
        Set<String> without = new TreeSet<>();
        Set<String> with = new TreeSet<>();
        for (Cell cell : CellPlan.of(asked(Profile.FULL, all), subject -> List.of("keel", "guest-same"))) {
            (cell.systems().contains("keel-control") ? with : without).add(cell.experiment() + "/" + cell.kind());
        }
        assertThat(without).allMatch(kind -> kind.matches(".*/(counted.*|size|present|search|sealed|cold-starts)"));
        assertThat(with)
                .contains(
                        "kv-latency/timed-3",
                        "kv-latency/timed-10240",
                        "kv-durability/timed-always",
                        "sql-inserts/timed-disk",
                        "sql-insert-variants/timed-memory_prepared",
                        "on-demand-many/timed",
                        "boot-latency-sql/timed")
                .allMatch(kind -> kind.contains("/timed"));
    }

    @Test
    void asksForMoreCellsUntilIntervalsAreNarrowOrTheCapIsReached() throws IOException {
        List<Cell> cells = new ArrayList<>(plan());
        int rounds = 0;
        List<Cell> more = CellPlan.more(ASKED, cells, measuring(400));
        while (!more.isEmpty()) {
            assertThat(more).hasSize(1);
            Cell cell = more.get(0);
            assertThat(cell.kind()).isEqualTo(Kind.TIMED);
            assertThat(cell.repetition()).isEqualTo(PLANNED + rounds);
            assertThat(cell.systems()).containsExactlyInAnyOrder("keel", "guest-same", "keel-control");
            assertThat(cells).doesNotContain(cell);
            cells.add(cell);
            rounds++;
            more = CellPlan.more(ASKED, cells, measuring(400));
        }
        assertThat(rounds).isEqualTo(2 * PLANNED);
        assertThat(CellPlan.notice(ASKED, cells, measuring(400))).contains("http-throughput (±");
    }

    @Test
    void isContentWithNarrowIntervals() throws IOException {
        assertThat(CellPlan.more(ASKED, plan(), measuring(10))).isEmpty();
        assertThat(CellPlan.notice(ASKED, plan(), measuring(10))).isNull();
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.unimark.results.Record;
import org.unimark.workloads.cells.Cell;
import org.unimark.workloads.experiment.Experiments;
import org.unimark.workloads.experiment.Kind;

class CellPlanTest {
    private static final int PLANNED = Profile.QUICK.effort().repetitions();

    private static List<Cell> plan() {
        return CellPlan.of(
                Profile.QUICK,
                List.of(Experiments.named("http-throughput")),
                subject -> List.of("keel", "guest-same"),
                1,
                "tcg",
                "0123456789ab");
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
    void aTimedCellHasAControl() {
        assertThat(plan()).allSatisfy(cell -> {
            if (cell.kind().equals(Kind.TIMED)) {
                assertThat(cell.systems()).containsExactlyInAnyOrder("keel", "guest-same", "keel-control");
            } else {
                assertThat(cell.systems()).containsExactlyInAnyOrder("keel", "guest-same");
            }
        });
    }

    @Test
    void asksForMoreCellsUntilIntervalsAreNarrowOrTheCapIsReached() throws IOException {
        List<Cell> cells = new ArrayList<>(plan());
        int rounds = 0;
        List<Cell> more = CellPlan.more(Profile.QUICK, cells, measuring(400), 1);
        while (!more.isEmpty()) {
            assertThat(more).hasSize(1);
            Cell cell = more.get(0);
            assertThat(cell.kind()).isEqualTo(Kind.TIMED);
            assertThat(cell.repetition()).isEqualTo(PLANNED + rounds);
            assertThat(cell.systems()).containsExactlyInAnyOrder("keel", "guest-same", "keel-control");
            assertThat(cells).doesNotContain(cell);
            cells.add(cell);
            rounds++;
            more = CellPlan.more(Profile.QUICK, cells, measuring(400), 1);
        }
        assertThat(rounds).isEqualTo(2 * PLANNED);
        assertThat(CellPlan.notice(Profile.QUICK, cells, measuring(400))).contains("http-throughput (±");
    }

    @Test
    void isContentWithNarrowIntervals() throws IOException {
        assertThat(CellPlan.more(Profile.QUICK, plan(), measuring(10), 1)).isEmpty();
        assertThat(CellPlan.notice(Profile.QUICK, plan(), measuring(10))).isNull();
    }
}

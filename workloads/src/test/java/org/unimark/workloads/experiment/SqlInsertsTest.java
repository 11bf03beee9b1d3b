// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a script printed becomes a number only if everything about it is right. */
@Timeout(60)
class SqlInsertsTest {
    private static final Effort EFFORT = new Effort(
            1, 1, 1, 1, 1, 1, 0.01, Duration.ofMillis(100), Duration.ofMillis(300), 1_000, false, 2, List.of(200));
    private static final String GOOD = "sql: SQLite 3.40.1\r\n"
            + "sql-phase insert mode=unprepared count=1000 nanos=500000000\r\n"
            + "sql-rows|1000\r\nsql-settings|delete|2|-2000|4096\r\nsql-script done\r\n";

    @TempDir
    Path directory;

    private Outcome measure(String console) throws Exception {
        return measure(console, 0);
    }

    private Outcome measure(String console, int kind) throws Exception {
        SqlInserts experiment = SqlInserts.unprepared();
        FakeSystem system = FakeSystem.good("fake").printing(console);
        return experiment
                .measure(experiment.kinds(EFFORT).get(kind), system, new Bench(EFFORT, directory, "test", 1e9, 5))
                .get(0);
    }

    private void refuses(String console, String reason) {
        assertThatThrownBy(() -> measure(console)).isInstanceOf(Rejected.class).hasMessageContaining(reason);
    }

    @Test
    void aRateFollowsFromTheTimeOfTheGuest() throws Exception {
        Outcome outcome = measure(GOOD);
        assertThat(outcome.values()).containsOnlyKeys("memory_inserts_per_second");
        assertThat(outcome.values()).containsEntry("memory_inserts_per_second", 2_000.0);
        assertThat(outcome.parameters())
                .containsEntry("inserts", "1000 in memory, 1000 on disk")
                .containsEntry("journal_mode", "delete")
                .containsEntry("synchronous", "full in memory, extra on disk");
    }

    @Test
    void onADiskEachTransactionMustBeDurable() throws Exception {
        int timedOnDisk = 2;
        String durable = GOOD.replace("delete|2", "delete|3");
        assertThat(measure(durable, timedOnDisk).values()).containsOnlyKeys("disk_inserts_per_second");
        assertThatThrownBy(() -> measure(GOOD, timedOnDisk)).isInstanceOf(Rejected.class);
    }

    @Test
    void whatIsNotRightYieldsNoNumber() {
        refuses(GOOD.replace("sql-rows|1000", "sql-rows|999"), "has 999");
        refuses(GOOD.replace("delete|2", "memory|2"), "pragmas memory|2");
        refuses(GOOD.replace("sql-script done", "sql-error 13 database or disk is full"), "did not end");
        refuses(GOOD.replace("nanos=500000000", "nanos=-5"), "not a number");
        refuses(GOOD.replace("count=1000", "count=100"), "printed 0 lines");
        refuses(GOOD + GOOD, "printed 2 lines");
        refuses("", "printed 0 lines");
    }
}

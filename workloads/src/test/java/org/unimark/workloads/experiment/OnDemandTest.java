// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.unimark.baselines.SystemUnderTest;

/** Systems that are started by a request, and systems that are built anew. */
@Timeout(60)
class OnDemandTest {
    private static final Effort EFFORT = new Effort(
            1, 1, 1, 1, 1, 1, 0.01, Duration.ofMillis(100), Duration.ofMillis(300), 100, true, 2, List.of(200));

    @TempDir
    Path directory;

    private List<Outcome> measure(String name, String kind, SystemUnderTest system) throws Exception {
        Experiment experiment = Experiments.named(name);
        Kind wanted = experiment.kinds(EFFORT).stream()
                .filter(candidate -> candidate.name().equals(kind))
                .findFirst()
                .orElseThrow();
        return experiment.measure(wanted, system, new Bench(EFFORT, directory, "test", 1e9, 5));
    }

    @Test
    void asksASystemThatIsStartedForTheRequest() throws Exception {
        Outcome outcome =
                measure("on-demand", Kind.TIMED, FakeSystem.good("sleeping")).get(0);
        assertThat(outcome.values()).containsOnlyKeys("cold_response_ms", "warm_response_ms");
        assertThat(outcome.values().get("warm_response_ms")).isBetween(0.001, 1_000.0);
        assertThat(outcome.values().get("cold_response_ms")).isBetween(0.001, 5_000.0);
    }

    @Test
    void aContainerThatWasCreatedBeforeIsStartedOnDemandAsWell() throws Exception {
        FakeSystem system = FakeSystem.good("container").stoppable();
        Outcome once = measure("on-demand", Kind.TIMED, system).get(0);
        assertThat(once.values()).containsKeys("cold_response_ms", "stopped_cold_response_ms");
        Outcome again = measure("on-demand-many", "cold-starts", system).get(0);
        assertThat(again.values())
                .containsEntry("cold_starts", 2.0)
                .containsEntry("stopped_cold_starts", 2.0)
                .containsKeys("stopped_cold_response_ms", "stopped_cold_maximum_ms");
        assertThat(coldStarts(again, "histogram")).isEqualTo(2);
        assertThat(coldStarts(again, "stopped_histogram")).isEqualTo(2);
        assertThat(system.closed()).isEqualTo(system.started()).isEqualTo(6);
        assertThat(system.removed()).as("created once each time").isEqualTo(2);
    }

    private long coldStarts(Outcome outcome, String file) throws Exception {
        Path log = directory.resolve(outcome.files().get(file));
        try (HistogramLogReader reader = new HistogramLogReader(log.toFile())) {
            return ((Histogram) reader.nextIntervalHistogram()).getTotalCount();
        }
    }

    @Test
    void aSystemThatDoesNotComeUpOnDemandHasNoNumber() {
        FakeSystem system = FakeSystem.scripted("silent", (number, out) -> true);
        assertThatThrownBy(() -> measure("on-demand", Kind.TIMED, system)).isInstanceOf(Rejected.class);
    }

    @Test
    void servicesThatAreStartedAtOnceAllAnswer() throws Exception {
        FakeSystem system = FakeSystem.good("good");
        List<Outcome> outcomes = measure("on-demand-many", Kind.TIMED, system);
        assertThat(outcomes)
                .extracting(outcome -> outcome.parameters().get("services"))
                .containsExactly("1", "10", "50");
        assertThat(system.closed()).isEqualTo(system.started()).isEqualTo(61);
        Outcome again = measure("on-demand-many", "cold-starts", system).get(0);
        assertThat(again.values()).containsEntry("cold_starts", 2.0);
        assertThat(system.started()).isEqualTo(63);
    }

    /** The fake is the same whatever it is built of. */
    @Test
    void aChangeThatIsNotDeployedIsNotTimed() throws Exception {
        FakeSystem system = FakeSystem.good("unchanged");
        assertThat(measure("rebuild", "timed-configuration", system))
                .as("it may have another configuration")
                .isEmpty();
        assertThatThrownBy(() -> measure("rebuild", Kind.TIMED, system))
                .isInstanceOf(Rejected.class)
                .hasMessageContaining("does not have the changed line");
        assertThat(system.started()).isZero();
    }
}

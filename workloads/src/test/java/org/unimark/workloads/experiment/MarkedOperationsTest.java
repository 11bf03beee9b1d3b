// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MarkedOperationsTest {
    private static final Effort EFFORT = new Effort(
            1, 1, 1, 1, 1, 1, 0.01, Duration.ofMillis(100), Duration.ofMillis(300), 1_000, false, 2, List.of(200));
    private static final String GOOD =
            "booting\r\ntransitions null=10 read=20 poll=30 switch=40\r\ntransitions right\r\n";

    @TempDir
    Path directory;

    private Outcome measure(String console, long... marks) throws Exception {
        MarkedOperations experiment = MarkedOperations.privilegeTransitions();
        FakeSystem system =
                FakeSystem.good("fake").printing(console).counting(new CounterDouble(directory).passing(2, marks));
        return experiment
                .measure(experiment.kinds(EFFORT).get(0), system, new Bench(EFFORT, directory, "test", 1e9, 5))
                .get(0);
    }

    private void refuses(String console, String reason, long... marks) {
        assertThatThrownBy(() -> measure(console, marks))
                .isInstanceOf(Rejected.class)
                .hasMessageContaining(reason);
    }

    @Test
    void instructionsBetweenMarksAreSharedByTheOperations() throws Exception {
        assertThat(measure(GOOD, 1_000, 1_100, 1_500, 2_400, 4_000).values())
                .containsEntry("null_instructions", 10.0)
                .containsEntry("read_instructions", 20.0)
                .containsEntry("poll_instructions", 30.0)
                .containsEntry("switch_instructions", 40.0)
                .containsEntry("switch_kernel_instructions", 0.0);
    }

    @Test
    void whatIsNotRightYieldsNoNumber() {
        long[] marks = {1_000, 1_100, 1_500, 2_400, 4_000};
        refuses(GOOD.replace("right", "wrong"), "not right", marks);
        refuses(GOOD.replace("null=10", "null=0"), "made no null", marks);
        refuses(GOOD + "transitions null=10 read=20 poll=30 switch=40\n", "2 times", marks);
        refuses(GOOD, "did not pass mark 6", 1_000, 1_100, 1_500, 2_400);
        refuses(GOOD, "without instructions", 1_000, 1_000, 1_500, 2_400, 4_000);
    }
}

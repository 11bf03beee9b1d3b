// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.unimark.workloads.load.LoadPlan;
import org.unimark.workloads.load.LoadResult;

/** What a client measured that was itself the limit is in no experiment a number of the system. */
class LoadChecksTest {
    private static final LoadPlan PLAN = new LoadPlan(new InetSocketAddress("127.0.0.1", 80), Site.PAGE.requests(), 4);
    private static final long MICRO = 1_000;

    /** 900 answers in a second, 4 ms each, by a client that was so busy and so late. */
    private static LoadResult result(double clientCpu, long latenessNanos) {
        Histogram latency = new Histogram(3);
        latency.recordValueWithCount(4_000 * MICRO, 900);
        Histogram lateness = new Histogram(3);
        lateness.recordValueWithCount(latenessNanos, 900);
        return new LoadResult(
                900, 900, 1, 1, 900 * 612, latency, latency, lateness, Map.of(), new long[10], clientCpu, 0);
    }

    private static List<Outcome> timesOf(LoadResult result) {
        return Stream.of(
                        HttpSizes.describe(result, PLAN),
                        HttpBulk.describe(result, PLAN),
                        KvDurability.describe(result),
                        OpenLoop.describe(result))
                .toList();
    }

    @Test
    void aClientWithTimeLeftMeasuresTheSystem() {
        assertThat(timesOf(result(0.5, 10 * MICRO))).allSatisfy(outcome -> {
            assertThat(outcome.problem()).isNull();
            assertThat(outcome.values()).isNotEmpty();
            assertThat(outcome.context()).containsEntry("client_saturated", 0.0);
        });
    }

    @Test
    void aClientAtItsLimitLeavesABoundAndNoNumber() {
        assertThat(timesOf(result(0.95, 10 * MICRO))).allSatisfy(outcome -> {
            assertThat(outcome.problem()).contains("busy 95 %").contains("900 requests a second at least");
            assertThat(outcome.values()).isEmpty();
            assertThat(outcome.context()).containsEntry("client_saturated", 1.0).containsEntry("client_cpu", 0.95);
        });
    }

    @Test
    void aLateClientLeavesNoLatency() {
        Outcome outcome = OpenLoop.describe(result(0.5, 3_000 * MICRO));
        assertThat(outcome.problem()).contains("late (3.0 ms");
        assertThat(outcome.values()).isEmpty();
        assertThat(outcome.context()).containsEntry("client_late", 1.0);
    }
}

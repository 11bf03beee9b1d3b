// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.unimark.analysis.Summary;

class SummaryTableTest {
    @Test
    void printsWhatPeopleAskForInTheOrderOfComparison() {
        Map<String, Summary.Entry> summary = new LinkedHashMap<>();
        summary.put("boot-latency/first_response_ms/guest-nginx", entry(3943, 3900, 4000, 5));
        summary.put("boot-latency/first_response_ms/keel", entry(98.5, 97, 99, 5));
        summary.put("http-latency/p99_ms[rate=1000]/keel", entry(3.1, 3, 4, 1));
        summary.put("http-latency/p75_ms[rate=1000]/keel", entry(2, 2, 2, 1));
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        SummaryTable.print(summary, new PrintStream(text, true, StandardCharsets.UTF_8));
        assertThat(text.toString(StandardCharsets.UTF_8).lines().filter(line -> !line.isBlank()))
                .containsExactly(
                        "http-latency/p99_ms[rate=1000], less is better",
                        "  keel                     3.10 ms           1 repetition",
                        "boot-latency/first_response_ms, less is better",
                        "  keel                     98.5 ms           97.0 to 99.0 in 5",
                        "  guest-nginx             3,943 ms           3,900 to 4,000 in 5");
    }

    private static Summary.Entry entry(double median, double low, double high, int repetitions) {
        return new Summary.Entry(median, low, high, "ms", "tcg", repetitions);
    }
}

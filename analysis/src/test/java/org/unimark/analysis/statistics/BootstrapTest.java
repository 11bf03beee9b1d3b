// SPDX-License-Identifier: Apache-2.0
package org.unimark.analysis.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BootstrapTest {
    @Test
    void medianOfOneSampleIsThatSample() {
        assertThat(Bootstrap.median(new double[] {3})).isEqualTo(new Estimate(3, 3, 3, 1));
    }

    @Test
    void noSamplesAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> Bootstrap.median(new double[0]));
    }

    @Test
    void intervalCoversTheTrueMedianAboutNinetyFiveTimesInAHundred() {
        Random random = new Random(11);
        int covered = 0;
        int trials = 100;
        for (int trial = 0; trial < trials; trial++) {
            Estimate estimate = Bootstrap.median(normal(random, 25, 10, 1));
            if (estimate.low() <= 10 && 10 <= estimate.high()) {
                covered++;
            }
        }
        assertThat(covered).as("seed 11").isBetween(88, 100);
    }

    @Test
    void ratioOfASystemWithItselfContainsOne() {
        Random random = new Random(12);
        Estimate ratio = Bootstrap.ratio(normal(random, 15, 50, 3), normal(random, 15, 50, 3));
        assertThat(ratio.low()).isLessThan(1);
        assertThat(ratio.high()).isGreaterThan(1);
    }

    @Test
    void ratioFindsAKnownFactor() {
        Random random = new Random(13);
        Estimate ratio = Bootstrap.ratio(normal(random, 30, 200, 2), normal(random, 30, 50, 1));
        assertThat(ratio.median()).isBetween(3.9, 4.1);
        assertThat(ratio.high() - ratio.low()).isLessThan(0.3);
    }

    @Test
    void recordsThatNameTheirOneNodeGiveTheSameEstimates() {
        double[] values = normal(new Random(14), 9, 50, 3);
        double[] others = normal(new Random(15), 7, 20, 3);
        Samples named = Samples.of(values, nodes(values.length, 1));
        assertThat(Bootstrap.median(named)).isEqualTo(Bootstrap.median(values));
        assertThat(Bootstrap.ratio(named, Samples.of(others, nodes(others.length, 1))))
                .isEqualTo(Bootstrap.ratio(values, others));
        assertThat(Bootstrap.ratio(values, others))
                .as("as it was without nodes")
                .isEqualTo(new Estimate(2.3720333371453513, 2.0045541802880105, 2.648637274273032, 7));
    }

    /** Whatever a node's speed is, both systems have it: it must not make their ratio uncertain. */
    @Test
    void nodesOfDifferentSpeedDoNotWidenARatio() {
        Random random = new Random(16);
        double[] fast = normal(random, 10, 100, 1);
        double[] slow = normal(random, 10, 40, 0.4);
        Samples above = Samples.of(joined(fast, slow), nodes(10, 1, 10, 2));
        Samples below =
                Samples.of(joined(normal(random, 10, 50, 0.5), normal(random, 10, 20, 0.2)), nodes(10, 1, 10, 2));
        Estimate pooled = Bootstrap.ratio(above.values(), below.values());
        assertThat(pooled.high() - pooled.low()).as("pooled").isGreaterThan(0.5);
        Estimate ratio = Bootstrap.ratio(above, below);
        assertThat(ratio.median()).isBetween(1.97, 2.03);
        assertThat(ratio.high() - ratio.low()).isLessThan(0.1);
        assertThat(ratio.samples()).isEqualTo(20);
        Estimate median = Bootstrap.median(above);
        assertThat(median.low()).as("no draw is of one node alone").isGreaterThan(45);
        assertThat(median.high()).isLessThan(95);
    }

    /** A node with one pair says nothing of its noise, and several such do. */
    @Test
    void nodesWithOnePairEachAreResampledAmongEachOther() {
        double[] below = {10, 20, 40, 80, 160, 320};
        double[] above = {20, 41, 79, 161, 318, 642};
        Samples one = Samples.of(above, new int[] {1, 2, 3, 4, 5, 6});
        Estimate ratio = Bootstrap.ratio(one, Samples.of(below, new int[] {1, 2, 3, 4, 5, 6}));
        assertThat(ratio.low()).isGreaterThan(1.95).isLessThan(2);
        assertThat(ratio.high()).isGreaterThan(2).isLessThan(2.05);
    }

    @Test
    void aNodeWithoutTheOtherSystemSaysNothingAboutTheRatio() {
        Samples above = Samples.of(new double[] {20, 20, 99, 99}, nodes(2, 1, 2, 2));
        Samples below = Samples.of(new double[] {10, 10}, nodes(2, 1));
        assertThat(Bootstrap.ratio(above, below)).isEqualTo(new Estimate(2, 2, 2, 2));
        Samples elsewhere = Samples.of(new double[] {10, 10}, nodes(2, 3));
        assertThat(Bootstrap.ratio(above, elsewhere).median()).isEqualTo(5.95);
    }

    /** Counts and numbers of nodes in turn. */
    private static int[] nodes(int... countsAndNodes) {
        IntStream.Builder nodes = IntStream.builder();
        for (int i = 0; i < countsAndNodes.length; i += 2) {
            for (int j = 0; j < countsAndNodes[i]; j++) {
                nodes.add(countsAndNodes[i + 1]);
            }
        }
        return nodes.build().toArray();
    }

    private static double[] joined(double[] first, double[] second) {
        return DoubleStream.concat(Arrays.stream(first), Arrays.stream(second)).toArray();
    }

    @Test
    void fewRepetitionsHaveARangeAndNoInterval() {
        assertThat(new Estimate(2, 1, 3, 5).isInterval()).isFalse();
        assertThat(new Estimate(2, 1, 3, 6).isInterval()).isTrue();
        assertThat(Estimate.called(List.of(1, 2, 2))).isEqualTo("range of 2 repetitions");
        assertThat(Estimate.called(List.of(5, 2))).isEqualTo("range of 2 to 5 repetitions");
        assertThat(Estimate.called(List.of(3, 10))).isEqualTo("95 % interval, or range of 3 repetitions");
        assertThat(Estimate.called(List.of(6, 1))).isEqualTo("95 % interval");
        assertThat(Estimate.called(List.of(1))).contains("no interval");
    }

    /** That six repetitions are enough to speak of 95 %, and five are not, is counted here. */
    @Test
    void fewerThanSixRepetitionsCoverLessThanTheyPromise() {
        assertThat(coverage(2)).isBetween(0.4, 0.6);
        assertThat(coverage(5)).isBetween(0.9, 0.96);
        assertThat(coverage(6)).isGreaterThan(0.95);
    }

    /** How often the range of so many values has the true median in it. */
    private static double coverage(int repetitions) {
        Random random = new Random(17);
        int covered = 0;
        int trials = 20_000;
        for (int trial = 0; trial < trials; trial++) {
            double[] values = normal(random, repetitions, 10, 1);
            Arrays.sort(values);
            covered += values[0] <= 10 && 10 <= values[repetitions - 1] ? 1 : 0;
        }
        return (double) covered / trials;
    }

    private static double[] normal(Random random, int count, double mean, double deviation) {
        return random.doubles(count)
                .map(ignored -> mean + deviation * random.nextGaussian())
                .toArray();
    }
}

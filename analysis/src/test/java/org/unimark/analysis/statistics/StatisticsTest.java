// SPDX-License-Identifier: Apache-2.0
package org.unimark.analysis.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StatisticsTest {
    private static double[] noisy(long seed, double... means) {
        Random random = new Random(seed);
        return Arrays.stream(means)
                .map(mean -> mean * (1 + 0.02 * random.nextGaussian()))
                .toArray();
    }

    /** {@code counts[i]} times {@code means[i]}. */
    private static double[] steps(double[] means, int... counts) {
        double[] series = new double[Arrays.stream(counts).sum()];
        int at = 0;
        for (int i = 0; i < means.length; i++) {
            Arrays.fill(series, at, at + counts[i], means[i]);
            at += counts[i];
        }
        return series;
    }

    @Test
    void noiseWithoutChangeIsRarelyCut() {
        int cut = 0;
        for (int seed = 0; seed < 200; seed++) {
            cut += ChangePoints.starts(noisy(seed, steps(new double[] {1000}, 60)))
                                    .size()
                            > 1
                    ? 1
                    : 0;
        }
        assertThat(cut).as("false alarms in 200 series").isLessThanOrEqualTo(6);
    }

    @Test
    void findsEveryStep() {
        for (int seed = 0; seed < 50; seed++) {
            double[] series = noisy(seed, steps(new double[] {800, 1000, 900}, 20, 25, 30));
            assertThat(ChangePoints.starts(series)).as("seed " + seed).hasSize(3);
            assertThat(ChangePoints.starts(series).get(1)).isBetween(19, 21);
            assertThat(ChangePoints.starts(series).get(2)).isBetween(44, 46);
        }
    }

    @Test
    void segmentsMayBeShortAndMany() {
        double[] series = steps(new double[] {1, 5, 1, 5}, 3, 3, 3, 3);
        assertThat(ChangePoints.starts(series)).containsExactly(0, 3, 6, 9);
        assertThat(ChangePoints.starts(new double[] {7})).containsExactly(0);
        assertThat(ChangePoints.starts(new double[0])).isEmpty();
    }

    @Test
    void classifiesHowASystemDevelops() {
        assertThat(SteadyState.of(noisy(1, steps(new double[] {1000}, 50))))
                .isEqualTo(new SteadyState(SteadyState.Kind.FLAT, 0));
        SteadyState warm = SteadyState.of(noisy(2, steps(new double[] {500, 800, 1000}, 8, 7, 40)));
        assertThat(warm.kind()).isEqualTo(SteadyState.Kind.WARM_UP);
        assertThat(warm.steadyFrom()).isBetween(14, 16);
        assertThat(SteadyState.of(noisy(3, steps(new double[] {1000, 700}, 15, 40)))
                        .kind())
                .isEqualTo(SteadyState.Kind.SLOW_DOWN);
        assertThat(SteadyState.of(noisy(4, steps(new double[] {1000, 700}, 40, 10)))
                        .kind())
                .as("a stall at the end")
                .isEqualTo(SteadyState.Kind.NONE);
        assertThat(SteadyState.of(noisy(5, steps(new double[] {1000, 1010}, 25, 25)))
                        .kind())
                .as("one per cent is no change")
                .isEqualTo(SteadyState.Kind.FLAT);
    }

    @Test
    void rankTestIsExactForSmallGroups() {
        RankTest separate = RankTest.of(new double[] {1, 2, 3, 4, 5}, new double[] {6, 7, 8, 9, 10});
        assertThat(separate.probability()).isCloseTo(2.0 / 252, within(1e-12));
        assertThat(separate.effect()).isZero();
        assertThat(separate.magnitude()).isEqualTo("large");
        RankTest same = RankTest.of(new double[] {1, 2, 3}, new double[] {1, 2, 3});
        assertThat(same.probability()).isEqualTo(1);
        assertThat(same.effect()).isEqualTo(0.5);
        assertThat(RankTest.of(new double[] {2, 2, 2}, new double[] {2, 2, 2}).probability())
                .isEqualTo(1);
        assertThatThrownBy(() -> RankTest.of(new double[0], new double[] {1}))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void exactAndApproximateAgreeWhereTheyMeet() {
        Random random = new Random(6);
        double[] first = random.doubles(20, 0, 1).toArray();
        double[] second = random.doubles(20, 0.3, 1.3).toArray();
        double exact = RankTest.of(first, second).probability();
        double[] one = Arrays.copyOf(first, 21);
        one[20] = Arrays.stream(first).average().orElseThrow();
        double approximate = RankTest.of(one, second).probability();
        assertThat(Math.log(approximate / exact)).isCloseTo(0, within(0.8));
    }

    @Test
    void holmKeepsTheOrderAndNeverLowers() {
        assertThat(Holm.adjust(new double[] {0.01, 0.04, 0.03}))
                .containsExactly(new double[] {0.03, 0.06, 0.06}, within(1e-12));
        assertThat(Holm.adjust(new double[] {0.9, 0.8})).containsExactly(1, 1);
        assertThat(Holm.adjust(new double[0])).isEmpty();
    }

    @Test
    void outliersAreMarkedAndKept() {
        double[] values = {10, 10.1, 9.9, 10.05, 30};
        assertThat(Outliers.among(values)).containsExactly(values[4]);
        assertThat(Outliers.among(new double[] {1, 2, 100}))
                .as("too few to say")
                .isEmpty();
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.analysis.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Random;
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

    private static double[] normal(Random random, int count, double mean, double deviation) {
        return random.doubles(count)
                .map(ignored -> mean + deviation * random.nextGaussian())
                .toArray();
    }
}

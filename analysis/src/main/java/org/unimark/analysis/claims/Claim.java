// SPDX-License-Identifier: Apache-2.0
package org.unimark.analysis.claims;

import java.util.List;

/**
 * One entry of the ledger, read from {@code claims/*.json}.
 *
 * @param id for instance {@code C1-http}
 * @param claim in our words
 * @param published figure as published, for a person
 * @param source where it was published and read
 * @param unquantified whether no figure is published: a run may support such a claim, and has nothing to reproduce
 * @param setup how the published figure was taken, as far as it differs
 * @param rule how the verdict comes about, for a person
 * @param notTestable why this suite cannot test it on this kind of machine, or null
 * @param tests what a run is asked; the first test with data gives the verdict, and beside it is shown what the others say
 */
public record Claim(
        String id,
        String claim,
        String published,
        String source,
        boolean unquantified,
        String setup,
        String rule,
        String notTestable,
        List<Test> tests) {
    /**
     * A question to a run. With {@code denominator} the tested value is the ratio numerator:denominator, turned so that more
     * than 1 favours the unikernel; without it, the value itself.
     *
     * @param label what is tested, for a person
     * @param experiment name of the experiment
     * @param metric name of the metric
     * @param numerator system whose advantage is claimed
     * @param denominator system it is compared with, or null for an absolute value
     * @param low lower end of the published range (ratios), or null
     * @param high upper end of the published range (ratios), or the largest value that supports the claim (absolute)
     * @param unquantified whether no figure is published that this one may be compared with, though there is one for the claim
     */
    public record Test(
            String label,
            String experiment,
            String metric,
            String numerator,
            String denominator,
            Double low,
            Double high,
            boolean unquantified) {}
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.cli;

import java.util.List;
import java.util.concurrent.Callable;
import org.unimark.workloads.campaign.Profile;
import org.unimark.workloads.experiment.Experiment;
import org.unimark.workloads.experiment.Experiments;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The main job, end to end. */
@Command(
        name = "reproduce",
        description = "Build everything, run all experiments on all systems, write the report.",
        mixinStandardHelpOptions = true)
final class ReproduceCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @ArgGroup
    private Choice choice = new Choice();

    @Mixin
    private MeasureOptions options;

    @Mixin
    private CampaignOptions campaign;

    /** Three ways to say how much. */
    private static final class Choice {
        @Option(names = "--quick", description = "At most 12 minutes on two cores without KVM (default).")
        private boolean quick;

        @Option(
                names = "--full",
                description = "Many repetitions and narrow intervals; takes hours, and resumes after any interruption.")
        private boolean full;

        @Option(names = "--profile", description = "${COMPLETION-CANDIDATES}: smoke is a test of the suite.")
        private Profile profile;

        private Profile profile() {
            return profile != null ? profile : full ? Profile.FULL : Profile.QUICK;
        }
    }

    @Override
    public Integer call() throws Exception {
        List<Experiment> experiments = choice.profile() == Profile.FULL ? Experiments.all() : Experiments.brief();
        if (choice.profile() == Profile.FULL || campaign.isAsked()) {
            return new LongCampaign(spec, options, campaign, choice.profile(), experiments).execute();
        }
        return new Measuring(spec, options, choice.profile(), experiments).execute();
    }
}

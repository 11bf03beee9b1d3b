// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.cli;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.unimark.workloads.campaign.Profile;
import org.unimark.workloads.experiment.Experiment;
import org.unimark.workloads.experiment.Experiments;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Some of the experiments. */
@Command(name = "run", description = "Run some experiments and report them.", mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {
    private static final String ALL = "all";

    @Spec
    private CommandSpec spec;

    @Parameters(arity = "1..*", paramLabel = "EXPERIMENT", description = "Names as 'list' prints them, or 'all'.")
    private List<String> names;

    @Option(names = "--profile", description = "${COMPLETION-CANDIDATES}; default: quick.")
    private Profile profile = Profile.QUICK;

    @Mixin
    private MeasureOptions options;

    @Mixin
    private CampaignOptions campaign;

    @Override
    public Integer call() throws Exception {
        Set<Experiment> chosen = new LinkedHashSet<>();
        for (String name : names) {
            if (name.equals(ALL)) {
                chosen.addAll(Experiments.all());
                continue;
            }
            Experiment experiment = Experiments.named(name);
            if (experiment == null) {
                throw new ParameterException(
                        spec.commandLine(), "there is no experiment '" + name + "'; './unimark list' names them");
            }
            chosen.add(experiment);
        }
        List<Experiment> experiments = List.copyOf(chosen);
        if (campaign.isAsked()) {
            return new LongCampaign(spec, options, campaign, profile, experiments).execute();
        }
        return new Measuring(spec, options, profile, experiments).execute();
    }
}

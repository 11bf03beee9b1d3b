// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.unimark.analysis.claims.Claim;
import org.unimark.analysis.claims.Ledger;
import org.unimark.baselines.SystemUnderTest;
import org.unimark.builder.Applications;
import org.unimark.workloads.campaign.Profile;
import org.unimark.workloads.experiment.Experiment;
import org.unimark.workloads.experiment.Experiments;
import org.unimark.workloads.experiment.Site;
import org.unimark.workloads.experiment.Store;
import org.unimark.workloads.experiment.Subject;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What there is to choose from. */
@Command(
        name = "list",
        description = "List experiments, systems, profiles and applications.",
        mixinStandardHelpOptions = true)
final class ListCommand implements Callable<Integer> {
    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        List<Map<String, String>> experiments = new ArrayList<>();
        for (Experiment experiment : Experiments.all()) {
            experiments.add(entry(experiment.name(), experiment.description()));
        }
        List<Map<String, String>> systems = new ArrayList<>();
        for (Subject subject : List.of(Site.PAGE, Store.OFF)) {
            for (SystemUnderTest system : new RealSystems().systems(subject, "tcg")) {
                String reason = system.unavailable();
                String state = reason == null ? "available" : "not here: " + reason;
                systems.add(entry(system.name(), subject.application() + ": " + state));
            }
        }
        List<Map<String, String>> profiles = new ArrayList<>();
        for (Profile profile : Profile.values()) {
            profiles.add(entry(profile.label(), "up to " + profile.budget().toMinutes() + " minutes"));
        }
        List<Map<String, String>> applications = new ArrayList<>();
        for (String name : new TreeSet<>(Applications.names())) {
            applications.add(entry(name, "built by './unimark build " + name + "'"));
        }
        Map<String, List<Map<String, String>>> all = new LinkedHashMap<>();
        all.put("experiments", experiments);
        all.put("systems", systems);
        all.put("profiles", profiles);
        all.put("applications", applications);
        List<Map<String, String>> claims = new ArrayList<>();
        for (Claim claim : Ledger.claims()) {
            claims.add(entry(claim.id(), claim.claim() + " Published: " + claim.published()));
        }
        all.put("claims", claims);
        print(all);
        return ExitStatus.OK;
    }

    private static Map<String, String> entry(String name, String description) {
        Map<String, String> entry = new LinkedHashMap<>();
        entry.put("name", name);
        entry.put("description", description);
        return entry;
    }

    private void print(Map<String, List<Map<String, String>>> all) {
        if (json) {
            System.out.println(Json.text(all));
            return;
        }
        all.forEach((title, entries) -> {
            System.out.println(title);
            entries.forEach(entry -> System.out.printf("  %-21s %s%n", entry.get("name"), entry.get("description")));
        });
    }
}

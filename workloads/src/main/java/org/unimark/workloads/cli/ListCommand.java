// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.unimark.analysis.claims.Claim;
import org.unimark.analysis.claims.Ledger;
import org.unimark.baselines.SystemUnderTest;
import org.unimark.builder.Applications;
import org.unimark.workloads.campaign.Profile;
import org.unimark.workloads.experiment.Experiments;
import org.unimark.workloads.experiment.Subject;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Column;
import picocli.CommandLine.Help.TextTable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What there is to choose from. */
@Command(
        name = "list",
        description = "List experiments, systems, profiles, applications and claims.",
        mixinStandardHelpOptions = true)
final class ListCommand implements Callable<Integer> {
    private static final int NAME_COLUMNS = 25;
    private static final int ALL_COLUMNS = 120;
    private static final int INDENT = 2;

    @Spec
    private CommandSpec spec;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    /**
     * Something that has a name.
     *
     * @param details what JSON says of it beside {@code description}
     * @param lines what people read below {@code description}
     */
    private record Entry(String name, String description, Map<String, Object> details, List<String> lines) {
        private Entry(String name, String description) {
            this(name, description, Map.of(), List.of());
        }

        private Map<String, Object> toMap() {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("name", name);
            map.put("description", description);
            map.putAll(details);
            return map;
        }
    }

    @Override
    public Integer call() throws Exception {
        Map<String, List<Entry>> all = new LinkedHashMap<>();
        all.put(
                "experiments",
                Experiments.all().stream()
                        .map(experiment -> new Entry(experiment.name(), experiment.description()))
                        .toList());
        all.put("systems", systems());
        all.put(
                "profiles",
                Stream.of(Profile.values())
                        .map(profile -> new Entry(
                                profile.label(), "up to " + profile.budget().toMinutes() + " minutes"))
                        .toList());
        all.put(
                "applications",
                Applications.names().stream()
                        .sorted()
                        .map(name -> new Entry(name, "built by './unimark build " + name + "'"))
                        .toList());
        all.put("claims", Ledger.claims().stream().map(ListCommand::claim).toList());
        print(all);
        return ExitStatus.OK;
    }

    /** Whatever takes part in an experiment, with the applications that it can be measured with, and where it cannot, why. */
    private static List<Entry> systems() throws IOException {
        Map<String, Map<String, String>> states = new LinkedHashMap<>();
        for (Subject subject : Measuring.subjects(Experiments.all(), Profile.FULL)) {
            for (SystemUnderTest system : new RealSystems().systems(subject, "tcg")) {
                states.computeIfAbsent(system.name(), unused -> new TreeMap<>())
                        .computeIfAbsent(subject.application(), unused -> state(system));
            }
        }
        List<Entry> entries = new ArrayList<>();
        states.forEach((name, byApplication) -> {
            Map<String, List<String>> byState = new LinkedHashMap<>();
            byApplication.forEach((application, state) ->
                    byState.computeIfAbsent(state, unused -> new ArrayList<>()).add(application));
            List<String> texts = new ArrayList<>();
            byState.forEach((state, applications) -> texts.add(String.join(", ", applications) + ": " + state));
            entries.add(new Entry(name, String.join("; ", texts)));
        });
        return entries;
    }

    private static String state(SystemUnderTest system) {
        String reason = system.unavailable();
        return reason == null ? "available" : "not here: " + reason;
    }

    private static Entry claim(Claim claim) {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("published", claim.published());
        details.put("source", claim.source());
        details.put("setup", claim.setup());
        details.put("rule", claim.rule());
        details.put("notTestable", claim.notTestable());
        details.values().removeIf(Objects::isNull);
        List<String> lines = new ArrayList<>();
        details.forEach(
                (name, text) -> lines.add((name.equals("notTestable") ? "not tested here" : name) + ": " + text));
        Map<String, List<String>> byExperiment = new LinkedHashMap<>();
        for (Claim.Test test : claim.tests()) {
            byExperiment
                    .computeIfAbsent(test.experiment(), unused -> new ArrayList<>())
                    .add(test.label());
        }
        byExperiment.forEach(
                (experiment, labels) -> lines.add("tested by " + experiment + ": " + String.join("; ", labels)));
        details.put("tests", claim.tests());
        return new Entry(claim.id(), claim.claim(), details, lines);
    }

    private void print(Map<String, List<Entry>> all) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            Map<String, List<Map<String, Object>>> maps = new LinkedHashMap<>();
            all.forEach((title, entries) ->
                    maps.put(title, entries.stream().map(Entry::toMap).toList()));
            out.println(Json.text(maps));
            return;
        }
        all.forEach((title, entries) -> {
            TextTable table = TextTable.forColumns(
                    Help.defaultColorScheme(Help.Ansi.OFF),
                    new Column(NAME_COLUMNS, INDENT, Column.Overflow.SPAN),
                    new Column(ALL_COLUMNS - NAME_COLUMNS, 0, Column.Overflow.WRAP));
            for (Entry entry : entries) {
                table.addRowValues(entry.name(), entry.description());
                entry.lines().forEach(line -> table.addRowValues("", line));
            }
            out.println(title);
            out.print(table);
        });
        out.flush();
    }
}

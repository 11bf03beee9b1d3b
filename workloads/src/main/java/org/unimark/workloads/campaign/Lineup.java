// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.campaign;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.unimark.baselines.SystemUnderTest;
import org.unimark.baselines.counter.InstructionCounter;
import org.unimark.workloads.experiment.Experiment;
import org.unimark.workloads.experiment.Kind;
import org.unimark.workloads.experiment.Site;

/** The systems of a run, prepared: for each site, under the accelerator of the run and under TCG for counting. */
final class Lineup {
    private static final String TCG = "tcg";

    private final Catalogue catalogue;
    private final Request request;
    private final Progress progress;
    private final Map<String, Map<String, SystemUnderTest>> byVariant = new HashMap<>();
    private final Map<String, String> images = new TreeMap<>();
    private final List<String> notices = new ArrayList<>();
    private final List<String> names = new ArrayList<>();

    Lineup(Catalogue catalogue, Request request, Progress progress) {
        this.catalogue = catalogue;
        this.request = request;
        this.progress = progress;
    }

    /** Prepares everything that the experiments need; a system that cannot run is left out, with a notice. */
    void prepare() throws IOException, InterruptedException {
        Map<String, String> failures = new LinkedHashMap<>();
        for (Experiment experiment : request.experiments()) {
            for (Kind kind : experiment.kinds(request.profile().effort())) {
                prepare(experiment.site(), accelerator(kind), failures);
            }
        }
        for (String name : request.systems()) {
            if (!names.contains(name) && !failures.containsKey(name)) {
                failures.put(name, "there is no system of this name");
            }
        }
        names.removeAll(failures.keySet());
        failures.forEach((name, reason) -> notices.add(name + " is left out: " + reason));
        notices.forEach(progress::notice);
    }

    private void prepare(Site site, String accelerator, Map<String, String> failures)
            throws IOException, InterruptedException {
        String variant = site + "/" + accelerator;
        if (byVariant.containsKey(variant)) {
            return;
        }
        Map<String, SystemUnderTest> prepared = new LinkedHashMap<>();
        byVariant.put(variant, prepared);
        for (SystemUnderTest system : catalogue.systems(site, accelerator)) {
            boolean wanted = request.systems().isEmpty() || request.systems().contains(system.name());
            if (wanted && !failures.containsKey(system.name())) {
                String failure = prepare(system, site);
                if (failure == null) {
                    prepared.put(system.name(), system);
                } else {
                    failures.put(system.name(), failure);
                }
                if (!names.contains(system.name())) {
                    names.add(system.name());
                }
            }
        }
    }

    private String prepare(SystemUnderTest system, Site site) throws InterruptedException {
        String reason = system.unavailable();
        if (reason != null) {
            return reason;
        }
        try {
            progress.stage("Preparing " + system.name() + " (" + site.label() + ")");
            system.prepare();
            String prefix = site.label() + "/" + system.name() + "/";
            system.footprint().sha256().forEach((file, digest) -> images.put(prefix + file, digest));
            return null;
        } catch (IOException | RuntimeException e) {
            return "it could not be prepared: " + e.getMessage();
        }
    }

    /** Names of the systems that can run, as the catalogue orders them. */
    List<String> names() {
        return List.copyOf(names);
    }

    List<String> notices() {
        return List.copyOf(notices);
    }

    /** SHA-256 by site, system and file. */
    Map<String, String> images() {
        return images;
    }

    SystemUnderTest system(Block block, String name) {
        return byVariant
                .get(block.experiment().site() + "/" + accelerator(block.kind()))
                .get(CellPlan.measured(name));
    }

    /** Instructions can be counted under TCG only. */
    String accelerator(Kind kind) {
        return kind.counting() == InstructionCounter.Mode.INSTRUCTIONS ? TCG : request.accelerator();
    }

    /** What stands in the record: containers on the host use none. */
    String accelerator(Block block, String system) {
        return system.startsWith("docker-") ? "none" : accelerator(block.kind());
    }

    /** Whether this kind of repetition makes sense for the system. */
    boolean applies(Block block, String name) {
        SystemUnderTest system = system(block, name);
        return block.kind().counting() != InstructionCounter.Mode.INSTRUCTIONS || system.countsInstructions();
    }
}

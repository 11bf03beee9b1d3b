// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.campaign;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.unimark.baselines.SystemUnderTest;
import org.unimark.baselines.counter.InstructionCounter;
import org.unimark.workloads.experiment.Experiment;
import org.unimark.workloads.experiment.Kind;
import org.unimark.workloads.experiment.Subject;

/** The systems of a run, prepared: for each subject, under the accelerator of the run and under TCG for counting. */
final class Lineup {
    private static final String TCG = "tcg";

    private final Catalogue catalogue;
    private final Request request;
    private final Progress progress;
    private final Map<String, Map<String, SystemUnderTest>> byVariant = new LinkedHashMap<>();
    private final Map<String, String> images = new TreeMap<>();
    private final List<String> notices = new ArrayList<>();
    private final Set<String> known = new HashSet<>();

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
                prepare(kind.subject(), accelerator(kind), failures);
            }
        }
        for (String name : request.systems()) {
            if (!known.contains(name)) {
                notices.add(name + " is left out: there is no system of this name");
            }
        }
        notices.forEach(progress::notice);
    }

    /** A system that fails for one subject is left out for all of the same application. */
    private void prepare(Subject subject, String accelerator, Map<String, String> failures)
            throws IOException, InterruptedException {
        Map<String, SystemUnderTest> prepared = new LinkedHashMap<>();
        if (byVariant.putIfAbsent(subject.label() + "/" + accelerator, prepared) != null) {
            return;
        }
        for (SystemUnderTest system : catalogue.systems(subject, accelerator)) {
            known.add(system.name());
            String key = subject.application() + "/" + system.name();
            boolean wanted = request.systems().isEmpty() || request.systems().contains(system.name());
            if (!wanted || failures.containsKey(key)) {
                continue;
            }
            String failure = prepare(system, subject);
            if (failure == null) {
                prepared.put(system.name(), system);
            } else {
                failures.put(key, failure);
                notices.add(system.name() + " (" + subject.application() + ") is left out: " + failure);
                byVariant.forEach((variant, systems) -> systems.values()
                        .removeIf(other -> other.name().equals(system.name())
                                && other.application().equals(system.application())));
            }
        }
    }

    private String prepare(SystemUnderTest system, Subject subject) throws InterruptedException {
        String reason = system.unavailable();
        if (reason != null) {
            return reason;
        }
        try {
            progress.stage("Preparing " + system.name() + " (" + subject.label() + ")");
            system.prepare();
            String prefix = subject.label() + "/" + system.name() + "/";
            system.footprint().sha256().forEach((file, digest) -> images.put(prefix + file, digest));
            return null;
        } catch (IOException | RuntimeException e) {
            return "it could not be prepared: " + e.getMessage();
        }
    }

    /** Whether no system can run. */
    boolean isEmpty() {
        return byVariant.values().stream().allMatch(Map::isEmpty);
    }

    /** Names of the systems that can run and offer {@code subject}, as the catalogue orders them. */
    List<String> names(Subject subject) {
        Set<String> names = new LinkedHashSet<>();
        byVariant.forEach((variant, systems) -> {
            if (variant.startsWith(subject.label() + "/")) {
                names.addAll(systems.keySet());
            }
        });
        return List.copyOf(names);
    }

    List<String> notices() {
        return List.copyOf(notices);
    }

    /** SHA-256 by subject, system and file. */
    Map<String, String> images() {
        return images;
    }

    SystemUnderTest system(Block block, String name) {
        return byVariant
                .get(block.kind().subject().label() + "/" + accelerator(block.kind()))
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

// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.cells;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What a person asked for when a campaign was planned, from which its cells follow.
 *
 * @param formatVersion {@link #FORMAT_VERSION}
 * @param commit of the suite
 * @param dirty whether the work tree differed from the commit
 * @param profile by its label
 * @param experiments names
 * @param systems names; empty for all
 * @param accelerator {@code auto}, {@code tcg} or {@code kvm}
 * @param seed of the order
 * @param arguments of the command
 */
public record CampaignPlan(
        int formatVersion,
        String commit,
        boolean dirty,
        String profile,
        List<String> experiments,
        List<String> systems,
        String accelerator,
        long seed,
        List<String> arguments) {
    public static final int FORMAT_VERSION = 1;

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ObjectWriter WRITER = JSON.writerWithDefaultPrettyPrinter();

    /** Fields of a later version are unknown, and its number is what is to be said of them. */
    private static final ObjectReader READER =
            JSON.readerFor(CampaignPlan.class).without(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    public CampaignPlan {
        experiments = List.copyOf(experiments);
        systems = List.copyOf(systems);
        arguments = List.copyOf(arguments);
    }

    /** As {@link #toJson} wrote it. */
    static CampaignPlan parse(String json) throws IOException {
        CampaignPlan plan = READER.readValue(json);
        if (plan.formatVersion != FORMAT_VERSION) {
            throw new IOException("this program makes campaigns of version " + FORMAT_VERSION + ", not of version "
                    + plan.formatVersion);
        }
        return plan;
    }

    String toJson() {
        try {
            return WRITER.writeValueAsString(this) + "\n";
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /**
     * What {@code asked} wants otherwise, for a person; empty if both have the same cells. The order of names does not matter,
     * nor do the versions: every cell names its own, and who makes it compares that.
     */
    public List<String> differences(CampaignPlan asked) {
        List<String> differences = new ArrayList<>();
        add(differences, "profile", profile, asked.profile);
        if (!Set.copyOf(experiments).equals(Set.copyOf(asked.experiments))) {
            add(differences, "experiments", String.join(",", experiments), String.join(",", asked.experiments));
        }
        if (!Set.copyOf(systems).equals(Set.copyOf(asked.systems))) {
            add(differences, "--systems", namesOrAll(systems), namesOrAll(asked.systems));
        }
        add(differences, "--accel", accelerator, asked.accelerator);
        add(differences, "--seed", Long.toString(seed), Long.toString(asked.seed));
        return differences;
    }

    private static String namesOrAll(List<String> names) {
        return names.isEmpty() ? "all" : String.join(",", names);
    }

    private static void add(List<String> differences, String what, String planned, String asked) {
        if (!planned.equals(asked)) {
            differences.add(what + " " + planned + ", not " + asked);
        }
    }
}

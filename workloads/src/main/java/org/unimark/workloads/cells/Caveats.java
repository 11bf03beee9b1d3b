// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.cells;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.unimark.results.Record;

/** What the load generator says about itself in records, gathered into sentences for a reader. */
public final class Caveats {
    private final Set<String> leftOut = new TreeSet<>();
    private final Set<String> paced = new TreeSet<>();
    private final Set<String> unsteady = new TreeSet<>();

    public void observe(Record record) {
        if (!record.valid()) {
            return;
        }
        String subject = record.experiment() + " of " + record.system();
        collect(record, "client_set_pace", subject, paced);
        collect(record, "half_capacity_beyond_client", subject, leftOut);
        collect(record, "steady_state", subject, unsteady);
    }

    /** Records of several settings say it of each, with the setting in front. */
    private static void collect(Record record, String name, String subject, Set<String> subjects) {
        boolean applies = record.context().entrySet().stream()
                .anyMatch(entry -> entry.getKey().endsWith(name) && entry.getValue() > 0);
        if (applies) {
            subjects.add(subject);
        }
    }

    public List<String> sentences() {
        List<String> sentences = new ArrayList<>();
        if (!paced.isEmpty()) {
            sentences.add("The load generator, and not the system, may have set the pace in some repetitions of "
                    + String.join(", ", paced) + ": they give no rate.");
        }
        if (!leftOut.isEmpty()) {
            sentences.add(
                    "Half of the capacity is more than this load generator can offer at fixed times: left out for "
                            + String.join(", ", leftOut) + ".");
        }
        if (!unsteady.isEmpty()) {
            sentences.add("The speed had not become steady in some repetitions of " + String.join(", ", unsteady)
                    + ": see their series.");
        }
        return sentences;
    }
}

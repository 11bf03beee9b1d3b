// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines.debian;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.unimark.baselines.process.Command;

/** What apt's index says about packages; asks it for many at a time, and each one once. */
final class PackageIndex {
    private static final int TIMEOUT_SECONDS = 60;

    private final Map<String, Map<String, String>> stanzas = new LinkedHashMap<>();

    /** Returns the fields of the candidate version, or null if there is no such package. */
    Map<String, String> find(String name) throws IOException, InterruptedException {
        load(List.of(name));
        return stanzas.get(name);
    }

    /** Asks for all of {@code names} at once. */
    void load(Collection<String> names) throws IOException, InterruptedException {
        List<String> unknown = names.stream()
                .filter(name -> !stanzas.containsKey(name))
                .distinct()
                .toList();
        if (unknown.isEmpty()) {
            return;
        }
        List<String> command = new ArrayList<>(List.of("apt-cache", "show", "--no-all-versions"));
        command.addAll(unknown);
        // Fails if one name of many is unknown, and still shows the others.
        parse(Command.attempt(null, TIMEOUT_SECONDS, command).output());
        unknown.forEach(name -> stanzas.putIfAbsent(name, null));
    }

    /** Stanzas of "Field: value" separated by empty lines; continued lines begin with a space (Debian Policy 5.1). */
    private void parse(String output) {
        Map<String, String> fields = new LinkedHashMap<>();
        for (String line : (output + "\n\n").split("\n", -1)) {
            int colon = line.indexOf(": ");
            if (line.isEmpty()) {
                if (fields.containsKey("Package")) {
                    stanzas.putIfAbsent(fields.get("Package"), fields);
                }
                fields = new LinkedHashMap<>();
            } else if (colon > 0 && line.charAt(0) != ' ') {
                fields.put(line.substring(0, colon), line.substring(colon + 2).strip());
            }
        }
    }

    /** The names that a stanza depends on, of alternatives the first, without version conditions. */
    static List<String> dependencies(Map<String, String> stanza) {
        List<String> names = new ArrayList<>();
        for (String field : List.of("Pre-Depends", "Depends")) {
            for (String clause : stanza.getOrDefault(field, "").split(",", -1)) {
                String name = clause.split("\\|", -1)[0].strip().split("[ :(]", -1)[0];
                if (!name.isEmpty()) {
                    names.add(name);
                }
            }
        }
        return names;
    }
}

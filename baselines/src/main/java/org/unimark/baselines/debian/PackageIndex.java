// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines.debian;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.unimark.baselines.files.Digests;
import org.unimark.baselines.process.Command;

/**
 * What apt's index says about packages. A question to apt takes half a second of CPU time, so answers are kept in a file
 * until the index changes.
 */
final class PackageIndex {
    private static final Path LISTS = Path.of("/var/lib/apt/lists");
    private static final int TIMEOUT_SECONDS = 120;
    private static final List<String> FIELDS = List.of("Package", "Version", "Pre-Depends", "Depends", "SHA256");
    /** Marks a name that apt does not know. */
    private static final String UNKNOWN = "Unknown";

    private final Path directory;
    private final Map<String, Map<String, String>> stanzas = new LinkedHashMap<>();
    private String state;

    /** Keeps its answers in {@code directory}. */
    PackageIndex(Path directory) {
        this.directory = directory;
    }

    /** Returns the fields of the candidate version, or null if there is no such package. */
    Map<String, String> find(String name) throws IOException, InterruptedException {
        load(List.of(name));
        Map<String, String> stanza = stanzas.get(name);
        return stanza.containsKey(UNKNOWN) ? null : stanza;
    }

    /** Asks for all of {@code names} at once. */
    void load(Collection<String> names) throws IOException, InterruptedException {
        if (state == null) {
            state = "index-" + stateOfLists();
            if (Files.exists(directory.resolve(state))) {
                parse(Files.readString(directory.resolve(state)));
            }
        }
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
        unknown.forEach(name -> stanzas.putIfAbsent(name, Map.of("Package", name, UNKNOWN, "yes")));
        Digests.writeAtomically(directory.resolve(state), text().getBytes(StandardCharsets.UTF_8));
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
            } else if (colon > 0 && (FIELDS.contains(line.substring(0, colon)) || line.startsWith(UNKNOWN))) {
                fields.put(line.substring(0, colon), line.substring(colon + 2).strip());
            }
        }
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        for (Map<String, String> fields : stanzas.values()) {
            fields.forEach((name, value) ->
                    text.append(name).append(": ").append(value).append('\n'));
            text.append('\n');
        }
        return text.toString();
    }

    /** Changes when apt's lists do. */
    private static String stateOfLists() throws IOException {
        StringBuilder names = new StringBuilder();
        if (Files.isDirectory(LISTS)) {
            List<Path> files;
            try (Stream<Path> list = Files.list(LISTS)) {
                files = list.filter(Files::isRegularFile).sorted().toList();
            }
            for (Path file : files) {
                names.append(file).append(Files.getLastModifiedTime(file)).append(Files.size(file));
            }
        }
        return Digests.sha256(names.toString().getBytes(StandardCharsets.UTF_8)).substring(0, 16);
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

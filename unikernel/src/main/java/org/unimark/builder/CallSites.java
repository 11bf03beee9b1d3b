// SPDX-License-Identifier: Apache-2.0
package org.unimark.builder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Leaves out the notes of call sites that nobody can read: those of functions without a frame on the shadow stack. What
 * remains is numbered anew, and the tables that lead from such a number to exception handlers and lines of code shrink to
 * what is used, which is less than half. Reads TeaVM's C as text; what does not look as expected fails the build.
 */
final class CallSites {
    private static final String FRAME = "TEAVM_ALLOC_STACK(";
    private static final Pattern NOTE = Pattern.compile("TEAVM_WITH_CALL_SITE_ID\\((\\d+), ");
    /** A check that throws notes its place, too, but a function without handlers can do without: see rewriteFunction. */
    private static final Pattern CHECK =
            Pattern.compile("TEAVM_WITH_CALL_SITE_ID\\(\\d+, (teavm_(?:nullCheck|check\\w*Bounds?)\\()");

    private static final String HANDLERS = "TEAVM_TRY";
    private static final Pattern FUNCTION =
            Pattern.compile("^\\w[^;{}=]*\\) \\{\n.*?^\\}", Pattern.MULTILINE | Pattern.DOTALL);
    private static final String METHODS = "methodLocations_teavm_callSites";
    private static final String LOCATIONS = "callSiteLocations_teavm_callSites";
    private static final String SITES = "teavm_callSites";

    private final Path generated;
    private final Map<Integer, Integer> sites = new LinkedHashMap<>();
    private final Map<Integer, Integer> locations = new LinkedHashMap<>();
    private final Map<Integer, Integer> methods = new LinkedHashMap<>();

    private CallSites(Path generated) {
        this.generated = generated;
    }

    /** Rewrites the files in {@code generated}. */
    static void trim(Path generated) throws BuildException, IOException {
        new CallSites(generated).rewrite();
    }

    private void rewrite() throws BuildException, IOException {
        for (Path file : FileTrees.files(generated)) {
            if (file.toString().endsWith(".c") && !file.endsWith("callsites.c")) {
                String text = Files.readString(file);
                if (text.contains("TEAVM_WITH_CALL_SITE_ID(")) {
                    Files.writeString(
                            file,
                            FUNCTION.matcher(text)
                                    .replaceAll(
                                            function -> Matcher.quoteReplacement(rewriteFunction(function.group()))));
                }
            }
        }
        Path file = generated.resolve("callsites.c");
        String tables = Files.readString(file);
        tables = select(tables, SITES, sites, LOCATIONS, locations);
        // Inlined code has a chain of locations, one for each method that it was inlined into.
        List<String> all = entries(tables, LOCATIONS);
        List<Integer> waiting = new ArrayList<>(locations.keySet());
        for (int i = 0; i < waiting.size(); i++) {
            for (int following : references(all.get(waiting.get(i)), LOCATIONS)) {
                if (number(locations, following) == waiting.size()) {
                    waiting.add(following);
                }
            }
        }
        tables = select(tables, LOCATIONS, locations, METHODS, methods);
        tables = select(tables, METHODS, methods, METHODS, methods);
        Files.writeString(file, tables);
    }

    /**
     * A function without handlers notes calls only, not checks: those are many, and a note would be made on the way of
     * the good case, too. The price is that its line in the trace of a failed check is that of the call before.
     */
    private String rewriteFunction(String function) {
        boolean framed = function.contains(FRAME);
        String text =
                function.contains(HANDLERS) ? function : CHECK.matcher(function).replaceAll("($1");
        return NOTE.matcher(text).replaceAll(note -> {
            if (!framed) {
                return "(";
            }
            return "TEAVM_WITH_CALL_SITE_ID(" + number(sites, Integer.parseInt(note.group(1))) + ", ";
        });
    }

    /** The new number of what had the number {@code old}. */
    private static int number(Map<Integer, Integer> numbers, int old) {
        return numbers.computeIfAbsent(old, key -> numbers.size());
    }

    /** Keeps the numbered entries of a table in their new order, and numbers anew what they refer to. */
    private static String select(
            String tables, String table, Map<Integer, Integer> kept, String target, Map<Integer, Integer> targets)
            throws BuildException {
        List<String> all = entries(tables, table);
        StringBuilder text = new StringBuilder();
        for (int old : kept.keySet()) {
            if (old >= all.size()) {
                throw new BuildException("TeaVM's table " + table + " has no entry " + old);
            }
            String entry = renumber(all.get(old), target, targets);
            text.append(table.equals(LOCATIONS) ? renumber(entry, LOCATIONS, kept) : entry)
                    .append(",\n");
        }
        Matcher whole = whole(tables, table);
        String empty = kept.isEmpty() ? "    { 0 }\n" : "";
        return tables.substring(0, whole.start()) + whole.group(1) + table + "[" + Math.max(1, kept.size()) + "] = {\n"
                + text + empty + "};" + tables.substring(whole.end());
    }

    private static String renumber(String entry, String table, Map<Integer, Integer> numbers) {
        return Pattern.compile("\\b" + table + " \\+ (\\d+)")
                .matcher(entry)
                .replaceAll(use -> table + " + " + number(numbers, Integer.parseInt(use.group(1))));
    }

    private static List<Integer> references(String entry, String table) {
        List<Integer> result = new ArrayList<>();
        Matcher use = Pattern.compile("\\b" + table + " \\+ (\\d+)").matcher(entry);
        while (use.find()) {
            result.add(Integer.valueOf(use.group(1)));
        }
        return result;
    }

    private static Matcher whole(String tables, String table) throws BuildException {
        Matcher matcher = Pattern.compile(
                        "^(\\w[\\w ]*)\\b" + table + "\\[(\\d+)\\] = \\{\n(.*?)^\\};",
                        Pattern.MULTILINE | Pattern.DOTALL)
                .matcher(tables);
        if (!matcher.find()) {
            throw new BuildException("TeaVM's call sites have no table " + table);
        }
        return matcher;
    }

    private static List<String> entries(String tables, String table) throws BuildException {
        Matcher whole = whole(tables, table);
        List<String> result = new ArrayList<>();
        for (String line : whole.group(3).split("\n")) {
            if (!line.isBlank()) {
                result.add(line.stripTrailing().replaceAll(",$", ""));
            }
        }
        if (result.size() != Integer.parseInt(whole.group(2))) {
            throw new BuildException("TeaVM's table " + table + " is not laid out as expected");
        }
        return result;
    }
}

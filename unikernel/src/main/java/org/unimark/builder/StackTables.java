// SPDX-License-Identifier: Apache-2.0
package org.unimark.builder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes the tables small that turn a place in the code into a line of a stack trace. TeaVM keeps them as structures full of
 * pointers, with names as Java strings; an image gets numbers of two bytes and names of one byte a character, which only the
 * panic printer reads ({@code native/image/panic.c}). Reads TeaVM's {@code callsites.c} and {@code strings.c} as text:
 * TeaVM's version is fixed, and what does not look as expected fails the build.
 */
final class StackTables {
    private static final Pattern METHOD =
            Pattern.compile("\\{ \\.fileName = \\S+, \\.className = (\\S+), \\.methodName = (\\S+) \\}");
    private static final Pattern LOCATION = Pattern.compile("\\{ \\.method = methodLocations_\\w+ \\+ (\\d+), "
            + "\\.lineNumber = (-?\\d+)(?:, \\.next = callSiteLocations_\\w+ \\+ (\\d+))? \\}");
    private static final Pattern SITE =
            Pattern.compile("\\{ \\.firstHandler = (?:NULL|exceptionHandlers_\\w+ \\+ (\\d+)), "
                    + "\\.location = (?:NULL|callSiteLocations_\\w+ \\+ (\\d+)) \\}");
    private static final Pattern TABLE = Pattern.compile(
            "^(?:static )?(TeaVM_\\w+) \\w+\\[(\\d+)\\] = \\{.*?^\\};", Pattern.MULTILINE | Pattern.DOTALL);
    private static final Pattern STRING_USE = Pattern.compile("TEAVM_GET_STRING(?:_ADDRESS)?\\((\\d+)\\)");
    private static final Pattern STRING = Pattern.compile("(?m)^    TEAVM_STRING.*?,? // string #(\\d+)$");
    private static final Pattern LITERAL = Pattern.compile("u\"([^\"\\\\]*)\"");
    private static final int LARGEST = 0xffff;

    private final Path generated;
    private final Map<Integer, String> strings = new HashMap<>();
    private final Map<String, Integer> names = new HashMap<>();
    private final StringBuilder nameBytes = new StringBuilder();
    private int nameLength;

    private StackTables(Path generated) {
        this.generated = generated;
    }

    /** Rewrites the files in {@code generated}. */
    static void compact(Path generated) throws BuildException, IOException {
        new StackTables(generated).rewrite();
    }

    private void rewrite() throws BuildException, IOException {
        String callSites = Files.readString(generated.resolve("callsites.c"));
        String pool = Files.readString(generated.resolve("strings.c"));
        readStrings(pool);
        Map<String, String> tables = new HashMap<>();
        Matcher table = TABLE.matcher(callSites);
        StringBuilder rest = new StringBuilder();
        while (table.find()) {
            tables.put(table.group(1), table.group());
            boolean kept = table.group(1).equals("TeaVM_ExceptionHandler");
            table.appendReplacement(rest, kept ? Matcher.quoteReplacement(table.group()) : "");
        }
        table.appendTail(rest);
        rest.append(methods(tables)).append(locations(tables)).append(sites(tables));
        rest.append("static const char keel_names[] = {\n").append(nameBytes).append("};\n");
        Files.writeString(generated.resolve("callsites.c"), rest);
        Files.writeString(generated.resolve("strings.c"), withoutUnused(pool));
        String stack = Files.readString(generated.resolve("stack.h"));
        Files.writeString(
                generated.resolve("stack.h"),
                stack.replace("(teavm_callSites + id)", "keel_find_call_site(id)")
                        .replace(
                                "extern TeaVM_CallSite teavm_callSites[];",
                                "static TeaVM_CallSite* keel_find_call_site(int32_t id);"));
    }

    private void readStrings(String pool) {
        Matcher string = STRING.matcher(pool);
        while (string.find()) {
            Matcher literal = LITERAL.matcher(string.group());
            strings.put(Integer.valueOf(string.group(1)), literal.find() ? literal.group(1) : "?");
        }
    }

    private String methods(Map<String, String> tables) throws BuildException {
        StringBuilder text =
                new StringBuilder("static const struct { uint32_t class_name, method_name; } keel_methods[] = {\n");
        for (MatchResult method : entries(tables, "TeaVM_MethodLocation", METHOD)) {
            text.append("{").append(name(method.group(1))).append(", ");
            text.append(name(method.group(2))).append("},\n");
        }
        return text.append("{0, 0}};\n").toString();
    }

    /** Number of the name's first character. */
    private int name(String stringAddress) throws BuildException {
        Matcher use = STRING_USE.matcher(stringAddress);
        String name = use.matches() ? strings.getOrDefault(Integer.valueOf(use.group(1)), "?") : "?";
        Integer known = names.get(name);
        if (known != null) {
            return known;
        }
        int start = nameLength;
        names.put(name, start);
        for (int i = 0; i < name.length(); i++) {
            char character = name.charAt(i);
            nameBytes.append(character < 0x80 ? (int) character : '?').append(',');
        }
        nameBytes.append("0,\n");
        nameLength += name.length() + 1;
        return start;
    }

    private String locations(Map<String, String> tables) throws BuildException {
        // Number 0 is nowhere; the others are TeaVM's plus one.
        StringBuilder text = new StringBuilder(
                "static const struct { uint16_t method, line, next; } keel_locations[] = {\n{0, 0, 0},\n");
        for (MatchResult location : entries(tables, "TeaVM_CallSiteLocation", LOCATION)) {
            text.append("{").append(small(Integer.parseInt(location.group(1)))).append(", ");
            text.append(small(Math.max(0, Integer.parseInt(location.group(2))))).append(", ");
            text.append(number(location.group(3))).append("},\n");
        }
        return text.append("};\n").toString();
    }

    private String sites(Map<String, String> tables) throws BuildException {
        StringBuilder text =
                new StringBuilder("static const struct { uint16_t handler, location; } keel_call_sites[] = {\n");
        for (MatchResult site : entries(tables, "TeaVM_CallSite", SITE)) {
            text.append("{").append(number(site.group(1))).append(", ");
            text.append(number(site.group(2))).append("},\n");
        }
        text.append("{0, 0}};\n");
        String handlers = tables.containsKey("TeaVM_ExceptionHandler")
                ? "site.firstHandler = number ? exceptionHandlers_teavm_callSites + number - 1 : 0;\n"
                : "";
        return text + "static TeaVM_CallSite* keel_find_call_site(int32_t id) {\n"
                + "static TeaVM_CallSite site;\nint number = keel_call_sites[id].handler;\n"
                + handlers + "return &site;\n}\n";
    }

    /** Numbers begin at 1, 0 stands for none. */
    private static int number(String index) throws BuildException {
        return index == null ? 0 : small(Integer.parseInt(index) + 1);
    }

    private static int small(int number) throws BuildException {
        if (number > LARGEST) {
            throw new BuildException(
                    "the application has more than " + LARGEST + " places that a stack trace can show");
        }
        return number;
    }

    private static List<MatchResult> entries(Map<String, String> tables, String type, Pattern pattern)
            throws BuildException {
        List<MatchResult> found = new ArrayList<>();
        String table = tables.get(type);
        if (table == null) {
            return found;
        }
        int expected = Integer.parseInt(table.substring(table.indexOf('[') + 1, table.indexOf(']')));
        Matcher matcher = pattern.matcher(table);
        while (matcher.find()) {
            found.add(matcher.toMatchResult());
        }
        if (found.size() != expected) {
            throw new BuildException("TeaVM's " + type + " table has " + expected + " entries, of which " + found.size()
                    + " were understood");
        }
        return found;
    }

    /** Strings that nobody mentions any more are left out; the others keep their numbers. */
    private String withoutUnused(String pool) throws IOException {
        Set<Integer> used = new HashSet<>();
        for (Path file : FileTrees.files(generated)) {
            if (file.toString().endsWith(".c") && !file.endsWith("strings.c")) {
                Matcher use = STRING_USE.matcher(Files.readString(file));
                while (use.find()) {
                    used.add(Integer.valueOf(use.group(1)));
                }
            }
        }
        return STRING.matcher(pool)
                .replaceAll(string -> used.contains(Integer.valueOf(string.group(1)))
                        ? Matcher.quoteReplacement(string.group())
                        : "    NULL, // string #" + string.group(1));
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.builder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes the descriptions of classes small. TeaVM describes every class that the program mentions, with room for every
 * virtual method that it might have, and a function that says whether another class is below it. Here only those classes
 * are described that something refers to, which leaves out those with static methods only; their tables of virtual
 * methods have only slots that some call uses; and one function answers for all classes whose subclasses have numbers in a
 * row. Reads TeaVM's C as text; what does not look as expected fails the build.
 */
final class ClassTables {
    private static final Pattern DESCRIPTION =
            Pattern.compile("^alignas\\(8\\) \\w+ (\\w+_Cls) = \\{.*?^\\};", Pattern.MULTILINE | Pattern.DOTALL);
    private static final Pattern NAME = Pattern.compile("\\b\\w+_Cls\\b");
    private static final Pattern LIST =
            Pattern.compile("TeaVM_Class\\* teavm_classReferences\\[(\\d+)\\] = \\{\n(.*?)\n?\\};", Pattern.DOTALL);
    private static final Pattern COUNT = Pattern.compile("(int32_t teavm_classReferencesCount = )\\d+;");

    private static final Pattern TABLE =
            Pattern.compile("typedef struct (\\w+_VT) \\{\n    (\\w+) parent;\n(.*?)\\} \\1;", Pattern.DOTALL);
    private static final Pattern SLOT = Pattern.compile(" +\\w+\\*? \\(\\*?(\\w+)\\)\\(.*\\); // (\\d+)\n");
    private static final Pattern CALL = Pattern.compile("\\b(\\w+_VT), (virt_\\w+)\\)");
    private static final Pattern METHOD = Pattern.compile("(?m)^ +\\.(virt_\\w+) = &\\w+,?\n");

    private static final Pattern BELOW =
            Pattern.compile("int32_t (supertypeof_\\w+)\\(TeaVM_Class\\* supercls, TeaVM_Class\\* cls\\) \\{\n"
                    + "    int32_t tag = cls->tag;\n"
                    + "    if \\(tag < (\\d+) \\|\\| tag >= (\\d+)\\) return INT32_C\\(0\\);\n"
                    + "    return INT32_C\\(1\\);\n\\}");
    private static final Pattern TEST = Pattern.compile("\\.isSupertypeOf = &(supertypeof_\\w+),");
    /** For {@code java.util.ServiceLoader}. */
    private static final String UNUSED_MEMBER = "    struct TeaVM_Services* services;\n";

    private static final String RANGE_MEMBERS = "    int32_t keel_first, keel_end;\n";
    private static final String END_OF_CLASS = "} TeaVM_Class;\n";
    private static final String RANGE_TEST =
            "static int32_t keel_is_in_range(TeaVM_Class* parent, TeaVM_Class* cls) {\n"
                    + "    return cls->tag >= parent->keel_first && cls->tag < parent->keel_end;\n}\n";

    private final Map<Path, String> texts = new LinkedHashMap<>();
    private final Path generated;

    private ClassTables(Path generated) throws IOException {
        this.generated = generated;
        for (Path file : FileTrees.files(generated)) {
            if (file.toString().endsWith(".c") || file.toString().endsWith(".h")) {
                texts.put(file, Files.readString(file));
            }
        }
    }

    /** Rewrites the files in {@code generated}. */
    static void compact(Path generated) throws BuildException, IOException {
        ClassTables tables = new ClassTables(generated);
        tables.leaveOutUnreferenced();
        tables.leaveOutUncalled();
        tables.shareTests();
        for (Map.Entry<Path, String> file : tables.texts.entrySet()) {
            Files.writeString(file.getKey(), file.getValue());
        }
    }

    private void leaveOutUnreferenced() throws BuildException {
        Map<String, String> descriptions = new HashMap<>();
        Set<String> kept = new HashSet<>();
        Deque<String> waiting = new ArrayDeque<>();
        Path main = generated.resolve("main.c");
        Matcher list = LIST.matcher(texts.get(main));
        if (!list.find()) {
            throw new BuildException("TeaVM's list of classes is not laid out as expected");
        }
        for (Map.Entry<Path, String> file : texts.entrySet()) {
            String text = file.getValue();
            if (file.getKey().equals(main)) {
                text = text.replace(list.group(), "");
            }
            StringBuilder rest = new StringBuilder();
            Matcher description = DESCRIPTION.matcher(text);
            while (description.find()) {
                descriptions.put(description.group(1), description.group());
                description.appendReplacement(rest, "");
            }
            description.appendTail(rest);
            NAME.matcher(rest.toString().replaceAll("(?m)^extern .*", ""))
                    .results()
                    .map(MatchResult::group)
                    .forEach(waiting::add);
        }
        while (!waiting.isEmpty()) {
            String name = waiting.remove();
            if (descriptions.containsKey(name) && kept.add(name)) {
                NAME.matcher(descriptions.get(name))
                        .results()
                        .map(MatchResult::group)
                        .forEach(waiting::add);
            }
        }
        keepListed(main, list, kept);
    }

    private void keepListed(Path main, Matcher list, Set<String> kept) throws BuildException {
        StringBuilder entries = new StringBuilder();
        int all = 0;
        int count = 0;
        for (MatchResult entry : NAME.matcher(list.group(2)).results().toList()) {
            all++;
            if (kept.contains(entry.group())) {
                entries.append("    (TeaVM_Class*) &").append(entry.group()).append(",\n");
                count++;
            }
        }
        if (all != Integer.parseInt(list.group(1)) || count == 0) {
            throw new BuildException(
                    "TeaVM's list of classes has " + list.group(1) + " entries, of which " + all + " were understood");
        }
        String text =
                texts.get(main).replace(list.group(), "TeaVM_Class* teavm_classReferences[] = {\n" + entries + "};");
        texts.put(main, COUNT.matcher(text).replaceAll("$1" + count + ";"));
    }

    /** The slot of a method has the same number in the tables of all classes and interfaces; those of a parent come first. */
    private void leaveOutUncalled() throws BuildException {
        Map<String, String> parents = new HashMap<>();
        Map<String, Map<String, Integer>> slots = new HashMap<>();
        for (String text : texts.values()) {
            for (MatchResult table : TABLE.matcher(text).results().toList()) {
                Map<String, Integer> methods = new LinkedHashMap<>();
                for (MatchResult slot : SLOT.matcher(table.group(3)).results().toList()) {
                    methods.put(slot.group(1), Integer.valueOf(slot.group(2)));
                }
                if (methods.size() != table.group(3).lines().count()) {
                    throw new BuildException("TeaVM's table " + table.group(1) + " is not laid out as expected");
                }
                slots.put(table.group(1), methods);
                parents.put(table.group(1), table.group(2));
            }
        }
        Map<String, Map<String, Integer>> all = new HashMap<>();
        for (String table : slots.keySet()) {
            all.put(table, withInherited(table, parents, slots));
        }
        Set<Integer> called = calledSlots(all);
        texts.replaceAll((file, text) -> withSlots(text, called, all));
    }

    private static Map<String, Integer> withInherited(
            String table, Map<String, String> parents, Map<String, Map<String, Integer>> slots) throws BuildException {
        Map<String, Integer> methods = new LinkedHashMap<>();
        if (slots.containsKey(parents.get(table))) {
            methods.putAll(withInherited(parents.get(table), parents, slots));
        }
        for (Map.Entry<String, Integer> slot : slots.get(table).entrySet()) {
            if (slot.getValue() != methods.size() || methods.put(slot.getKey(), slot.getValue()) != null) {
                throw new BuildException("TeaVM's table " + table + " does not number its slots as expected");
            }
        }
        return methods;
    }

    private static String withSlots(String text, Set<Integer> called, Map<String, Map<String, Integer>> slots) {
        String smaller = TABLE.matcher(text)
                .replaceAll(table -> Matcher.quoteReplacement(SLOT.matcher(table.group())
                        .replaceAll(slot -> kept(slot, called.contains(Integer.valueOf(slot.group(2)))))));
        return DESCRIPTION.matcher(smaller).replaceAll(description -> {
            Map<String, Integer> methods =
                    slots.getOrDefault(description.group().split(" ", 3)[1], Map.of());
            return Matcher.quoteReplacement(METHOD.matcher(description.group())
                    .replaceAll(method -> kept(method, called.contains(methods.get(method.group(1))))));
        });
    }

    private static String kept(MatchResult found, boolean keep) {
        return keep ? Matcher.quoteReplacement(found.group()) : "";
    }

    private Set<Integer> calledSlots(Map<String, Map<String, Integer>> slots) throws BuildException {
        Set<Integer> called = new TreeSet<>();
        for (String text : texts.values()) {
            for (MatchResult call : CALL.matcher(text).results().toList()) {
                Integer slot = slots.getOrDefault(call.group(1), Map.of()).get(call.group(2));
                if (slot == null) {
                    throw new BuildException("a virtual call uses " + call.group() + ", which has no slot");
                }
                called.add(slot);
            }
        }
        return called;
    }

    private void shareTests() throws BuildException {
        Path core = generated.resolve("core.h");
        String description = texts.get(core);
        if (!description.contains(UNUSED_MEMBER) || !description.contains(END_OF_CLASS)) {
            throw new BuildException("TeaVM's class structure is not laid out as expected");
        }
        for (String text : texts.values()) {
            if (text.contains("->services") || text.contains(".services")) {
                return;
            }
        }
        Map<String, String> ranges = new HashMap<>();
        for (String text : texts.values()) {
            for (MatchResult test : BELOW.matcher(text).results().toList()) {
                ranges.put(test.group(1), ".keel_first = " + test.group(2) + ", .keel_end = " + test.group(3) + ",");
            }
        }
        texts.replaceAll((file, text) -> TEST.matcher(text)
                .replaceAll(test -> ranges.containsKey(test.group(1))
                        ? ".isSupertypeOf = &keel_is_in_range, " + ranges.get(test.group(1))
                        : Matcher.quoteReplacement(test.group())));
        texts.put(
                core,
                texts.get(core).replace(UNUSED_MEMBER, RANGE_MEMBERS).replace(END_OF_CLASS, END_OF_CLASS + RANGE_TEST));
    }
}

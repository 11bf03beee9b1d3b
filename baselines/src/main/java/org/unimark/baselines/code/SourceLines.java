// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines.code;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.unimark.baselines.process.Command;

/**
 * Lines of source that a program has machine code of, by whose they are: different pairs of file and line in the table of lines
 * (DWARF) of the file with its symbols, as {@code readelf} of binutils prints it. TeaVM's C names the lines of Java that it came
 * from; what it names no line of was written by nobody, and is not counted. Nor is the C library, which has no such table.
 */
final class SourceLines {
    private static final int TIMEOUT_SECONDS = 60;
    private static final String JAVA = ".java";
    private static final String KEEL = "org/unimark/keel/";
    private static final String APPLICATION = "application/";
    private static final String CLASS_LIBRARY = "org/teavm/classlib/";
    private static final String TEAVM_SOURCES = "org/teavm/backend/c/";
    private static final String GENERATED = "/generated/";
    private static final String COMPILATION_UNIT = "CU: ";
    /** File, line, or "-" behind the last instruction of a sequence, and address. */
    private static final Pattern ROW = Pattern.compile("(\\S+) +(\\d+|-) +(?:0x)?([0-9a-f]+)(?: .*)?");

    private final Map<String, Set<Integer>> lines = new HashMap<>();
    /** As the last heading has it, from where the compiler was called. */
    private String path = "";
    /** Of the row before, whose line the instructions up to the next row's address belong to. */
    private String file;

    private int line;
    private long address;

    private SourceLines() {}

    /** Numbers of lines by {@code ORIGIN/PART}, as in {@link CodeInventory#bytes}. */
    static Map<String, Long> of(Path withSymbols) throws IOException, InterruptedException {
        Map<String, Long> sums = sums(byFile(withSymbols));
        if (sums.isEmpty()) {
            throw new IOException(withSymbols + " has no table of lines");
        }
        return sums;
    }

    /** The same of the lines of each file. */
    static Map<String, Long> sums(Map<String, Set<Integer>> byFile) {
        Map<String, Long> sums = new TreeMap<>();
        byFile.forEach((path, numbers) -> {
            String owner = owner(path);
            if (owner != null) {
                sums.merge(owner, (long) numbers.size(), Long::sum);
            }
        });
        return sums;
    }

    /** The lines of each file, those of generated files included. */
    static Map<String, Set<Integer>> byFile(Path withSymbols) throws IOException, InterruptedException {
        List<String> command = List.of("readelf", "--wide", "--debug-dump=decodedline", withSymbols.toString());
        return byFile(Command.run(null, TIMEOUT_SECONDS, command));
    }

    /** The same of what readelf printed. */
    static Map<String, Set<Integer>> byFile(String table) {
        SourceLines read = new SourceLines();
        table.lines().forEach(read::read);
        read.findNamesWithoutPath();
        return read.lines;
    }

    /** Of the file that a unit begins with only the name is told, until the table comes back to it. */
    private void findNamesWithoutPath() {
        for (String name : List.copyOf(lines.keySet())) {
            List<String> paths = lines.keySet().stream()
                    .filter(known -> known.endsWith("/" + name))
                    .toList();
            if (name.endsWith(JAVA) && paths.size() == 1) {
                lines.get(paths.get(0)).addAll(lines.remove(name));
            }
        }
    }

    private void read(String text) {
        if (text.endsWith(":")) {
            String heading = text.substring(0, text.length() - 1);
            path = heading.startsWith(COMPILATION_UNIT) ? heading.substring(COMPILATION_UNIT.length()) : heading;
            return;
        }
        Matcher row = ROW.matcher(text);
        if (!row.matches()) {
            return;
        }
        long at = Long.parseUnsignedLong(row.group(3), 16);
        // A line that the compiler left nothing of has a row without bytes.
        if (file != null && at > address) {
            lines.computeIfAbsent(file, unused -> new HashSet<>()).add(line);
        }
        boolean ends = row.group(2).equals("-");
        String name = row.group(1);
        file = ends ? null : file(name);
        line = ends ? 0 : Integer.parseInt(row.group(2));
        address = at;
    }

    /** The first rows of a unit have another file than their heading, so files that lie beside each other go by name. */
    private String file(String name) {
        return path.endsWith(name) && !path.endsWith(GENERATED + name) ? path : name;
    }

    /** {@code ORIGIN/PART} of a file, or null if it was generated. */
    static String owner(String path) {
        int slash = path.lastIndexOf('/');
        String directory = path.substring(0, slash + 1);
        if (path.endsWith(JAVA)) {
            return directory.isEmpty() ? null : ownerOfJava(directory);
        }
        if (directory.contains("/native/")) {
            return "Keel/native";
        }
        boolean isOfTeaVm =
                directory.isEmpty() && SourceLines.class.getClassLoader().getResource(TEAVM_SOURCES + path) != null;
        return isOfTeaVm ? "TeaVM runtime/C" : null;
    }

    private static String ownerOfJava(String directory) {
        String part = directory.replaceFirst("/$", "").replace('/', '.');
        if (directory.startsWith(KEEL)) {
            String inKeel = directory.substring(KEEL.length());
            String keel = inKeel.isEmpty() ? "keel" : part.substring(KEEL.length());
            return (inKeel.startsWith(APPLICATION) ? "application/" : "Keel/") + keel;
        }
        if (directory.startsWith(CLASS_LIBRARY + "java/")) {
            return "Java library/" + part.substring(CLASS_LIBRARY.length());
        }
        if (directory.startsWith(CLASS_LIBRARY) || directory.startsWith("org/teavm/platform/")) {
            return "Java library/TeaVM's implementation";
        }
        return directory.startsWith("org/teavm/") ? "TeaVM runtime/memory and exceptions" : "application/" + part;
    }
}

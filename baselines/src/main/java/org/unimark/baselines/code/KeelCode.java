// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines.code;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.unimark.keel.application.Application;

/**
 * Whose code the functions of an image are. TeaVM names a method {@code meth_INITIALS_CLASS_METHOD}, with the initials of the
 * package; which package that is, the classes of Keel tell. What the compiler put into its caller counts as the caller's.
 */
public final class KeelCode {
    private static final String METHOD = "meth_";
    private static final String ROOT = "org/unimark/keel/";
    private static final String APPLICATION = "application";
    private static final Map<String, String> LIBRARY = Map.of(
            "jl",
            "java.lang",
            "jlr",
            "java.lang.reflect",
            "ju",
            "java.util",
            "ji",
            "java.io",
            "jnc",
            "java.nio.charset",
            "jt",
            "java.text",
            "juf",
            "java.util.function");

    private final Map<String, String> packages = new HashMap<>();

    private KeelCode() throws IOException {
        Path classes = classes();
        if (Files.isDirectory(classes)) {
            index(classes);
        } else {
            try (FileSystem jar = FileSystems.newFileSystem(classes)) {
                index(jar.getPath("/"));
            }
        }
    }

    private static Path classes() throws IOException {
        try {
            return Path.of(Application.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (java.net.URISyntaxException e) {
            throw new IOException("Keel's classes are nowhere", e);
        }
    }

    /** Remembers for each class how TeaVM abbreviates it, and its package within Keel. */
    private void index(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root.resolve(ROOT))) {
            for (Path file : (Iterable<Path>) files::iterator) {
                String path = root.relativize(file).toString().replace('\\', '/');
                if (path.endsWith(".class")) {
                    String name = path.substring(path.lastIndexOf('/') + 1, path.length() - ".class".length());
                    String directory = path.substring(0, path.lastIndexOf('/'));
                    StringBuilder initials = new StringBuilder();
                    for (String part : directory.split("/")) {
                        initials.append(part.charAt(0));
                    }
                    String inKeel = directory.length() < ROOT.length() ? "" : directory.substring(ROOT.length());
                    packages.put(initials + "_" + name.replaceFirst("\\$.*", ""), inKeel.replace('/', '.'));
                }
            }
        }
    }

    /**
     * Takes an image apart: the file with its symbols, and the one that is deployed. That there is one program, no shell, and no file
     * of another user's rights, holds by construction: an image is one program, and has neither processes nor users.
     */
    public static CodeInventory of(Path withSymbols, Path deployed) throws IOException, InterruptedException {
        ElfImage image = new ElfImage(Files.readAllBytes(withSymbols));
        ElfImage booted = new ElfImage(Files.readAllBytes(deployed));
        if (image.executableBytes() != booted.executableBytes()) {
            throw new IOException("the symbols belong to another image");
        }
        Map<String, Long> bytes = new KeelCode().bytes(image);
        TreeSet<String> components = new TreeSet<>();
        bytes.keySet().forEach(owner -> components.add(owner.substring(0, owner.indexOf(CodeInventory.SEPARATOR))));
        // Application and Keel come from one project, the Java library and its runtime from another.
        components.remove("application");
        components.remove("Java library");
        Map<String, Set<Integer>> lines = SourceLines.byFile(withSymbols);
        Set<String> drivers = Drivers.of(lines.keySet());
        Map<String, Long> facts = new TreeMap<>();
        facts.put("system_calls_available", SystemCallInstructions.count(withSymbols));
        facts.put("setuid_files", 0L);
        facts.put("programs", 1L);
        facts.put("shells", 0L);
        facts.put("packages", (long) components.size());
        facts.put(
                "device_drivers",
                drivers.stream().filter(Drivers::isVirtioDevice).count());
        facts.put("all_device_drivers", (long) drivers.size());
        facts.put("files_for_a_loader", booted.needsLoader() ? 1L : 0);
        facts.put("writable_executable_bytes", booted.writableExecutableBytes());
        return new CodeInventory(bytes, facts).withLines("source_lines", SourceLines.sums(lines));
    }

    /** Of all code, by its owner. */
    private Map<String, Long> bytes(ElfImage image) {
        Map<String, Long> bytes = new TreeMap<>();
        long attributed = 0;
        for (Map.Entry<ElfImage.Symbol, Long> function : sizes(image).entrySet()) {
            bytes.merge(owner(function.getKey()), function.getValue(), Long::sum);
            attributed += function.getValue();
        }
        bytes.merge("Keel/start and interrupt entry", Math.max(0, image.codeBytes() - attributed), Long::sum);
        return bytes;
    }

    /** Bytes of an image that is not packed: all code, constants and initial data. */
    public static long unpackedBytes(byte[] withSymbols) throws IOException {
        return new ElfImage(withSymbols).fileBytes();
    }

    /** Sizes of functions; those that assembly left without one reach to the next. Aliases count once. */
    private static Map<ElfImage.Symbol, Long> sizes(ElfImage image) {
        List<ElfImage.Symbol> sorted = image.codeSymbols().stream()
                .sorted(Comparator.comparingLong(ElfImage.Symbol::address)
                        .thenComparing(
                                Comparator.comparingLong(ElfImage.Symbol::bytes).reversed()))
                .toList();
        Map<ElfImage.Symbol, Long> sizes = new HashMap<>();
        long reached = 0;
        for (int i = 0; i < sorted.size(); i++) {
            ElfImage.Symbol symbol = sorted.get(i);
            ElfImage.Section section = image.sections().get(symbol.section());
            long end = symbol.address() + symbol.bytes();
            if (symbol.bytes() == 0) {
                long next = i + 1 < sorted.size() ? sorted.get(i + 1).address() : Long.MAX_VALUE;
                end = Math.min(next, section.address() + section.bytes());
            }
            if (end > reached) {
                sizes.put(symbol, end - Math.max(reached, symbol.address()));
                reached = end;
            }
        }
        return sizes;
    }

    /** {@code ORIGIN/PART} of a function. */
    String owner(ElfImage.Symbol symbol) {
        String name = symbol.name();
        if (name.startsWith(METHOD)) {
            return ownerOfMethod(name.substring(METHOD.length()));
        }
        if (name.startsWith("sqlite3") || symbol.file().contains("sqlite")) {
            return "SQLite/SQLite";
        }
        if (name.startsWith("keel") || symbol.file().equals("entry.S") || name.startsWith("initclass_o")) {
            return "Keel/native";
        }
        boolean generated = name.startsWith("teavm")
                || name.startsWith("supertypeof")
                || name.startsWith("initclass")
                || name.replaceFirst("\\..*", "").equals("main");
        if (generated) {
            return "TeaVM runtime/generated";
        }
        return symbol.file().equals("program.c") ? "Keel/native" : "C library/musl";
    }

    private String ownerOfMethod(String name) {
        String[] parts = name.split("_", 3);
        String inKeel = parts.length < 2 ? null : packages.get(parts[0] + "_" + parts[1]);
        if (inKeel != null) {
            return inKeel.equals(APPLICATION) || inKeel.startsWith(APPLICATION + ".")
                    ? "application/" + inKeel
                    : "Keel/" + (inKeel.isEmpty() ? "keel" : inKeel);
        }
        if (parts[0].startsWith("j")) {
            return "Java library/" + LIBRARY.getOrDefault(parts[0], "java." + parts[0].substring(1));
        }
        if (parts[0].startsWith("otc") || parts[0].startsWith("otp")) {
            return "Java library/TeaVM's implementation";
        }
        return parts[0].startsWith("ot") ? "TeaVM runtime/memory and exceptions" : "application/" + parts[0];
    }
}

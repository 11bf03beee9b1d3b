// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines.code;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * The machine code of a system.
 *
 * @param bytes of machine code by {@code ORIGIN/PART}, for instance {@code Keel/net.tcp} or {@code Linux kernel/vmlinux}
 * @param facts numbers about what an attacker finds, by name; what is unknown is absent
 * @param lines of source that there is machine code of, likewise; of files without a table of lines they are unknown
 */
public record CodeInventory(Map<String, Long> bytes, Map<String, Long> facts, Map<String, Long> lines) {
    /** Separates origin and part. */
    public static final char SEPARATOR = '/';

    public CodeInventory {
        bytes = new TreeMap<>(bytes);
        facts = new TreeMap<>(facts);
        lines = new TreeMap<>(lines);
    }

    CodeInventory(Map<String, Long> bytes, Map<String, Long> facts) {
        this(bytes, facts, Map.of());
    }

    /** The same with the lines of the program in {@code withSymbols}, and their sum as the fact {@code name}. */
    public CodeInventory withLines(String name, Path withSymbols) throws IOException, InterruptedException {
        return withLines(name, SourceLines.of(withSymbols));
    }

    CodeInventory withLines(String name, Map<String, Long> counted) {
        Map<String, Long> more = new TreeMap<>(facts);
        more.put(name, counted.values().stream().mapToLong(Long::longValue).sum());
        return new CodeInventory(bytes, more, counted);
    }

    public long totalBytes() {
        return bytes.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Bytes by origin. */
    public Map<String, Long> byOrigin() {
        Map<String, Long> sums = new TreeMap<>();
        bytes.forEach((part, size) -> sums.merge(part.substring(0, part.indexOf(SEPARATOR)), size, Long::sum));
        return sums;
    }
}

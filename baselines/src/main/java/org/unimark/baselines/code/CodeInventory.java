// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines.code;

import java.util.Map;
import java.util.TreeMap;

/**
 * The machine code of a system.
 *
 * @param bytes of machine code by {@code ORIGIN/PART}, for instance {@code Keel/net.tcp} or {@code Linux kernel/vmlinux}
 * @param facts numbers about what an attacker finds, by name; what is unknown is absent
 */
public record CodeInventory(Map<String, Long> bytes, Map<String, Long> facts) {
    /** Separates origin and part. */
    public static final char SEPARATOR = '/';

    public CodeInventory {
        bytes = new TreeMap<>(bytes);
        facts = new TreeMap<>(facts);
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

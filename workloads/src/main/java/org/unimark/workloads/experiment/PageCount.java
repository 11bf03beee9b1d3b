// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.experiment;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Pages by what may be done with them.
 *
 * @param writable that can be written
 * @param executable whose content can be executed
 * @param both of these at once
 */
record PageCount(long writable, long executable, long both) {
    /**
     * A line of QEMU's {@code info tlb}: virtual address, physical address, and a letter or a dash for each flag of the
     * last level's entry: X not executable, G global, P large, D dirty, A accessed, C and T caching, U user, W writable.
     */
    private static final Pattern ENTRY =
            Pattern.compile("^[0-9a-f]{16}: [0-9a-f]{16} ([X-])[G-][P-][D-][A-][C-][T-][U-]([W-])\\s*$");

    /** A line of {@code /proc/PID/maps}. */
    private static final Pattern MAPPING = Pattern.compile("^([0-9a-f]+)-([0-9a-f]+) .(.)(.). .*$");

    private static final int PAGE_BYTES = 4096;
    private static final int HEXADECIMAL = 16;

    /** Each entry is a page, large or small. */
    static PageCount ofTables(String text) {
        PageCount count = new PageCount(0, 0, 0);
        for (String line : text.split("\r?\n", -1)) {
            Matcher entry = ENTRY.matcher(line);
            if (entry.matches()) {
                count = count.plus(
                        of(1, entry.group(2).equals("W"), entry.group(1).equals("-")));
            }
        }
        return count;
    }

    /** Small pages of the address space, whether they are in memory or not. */
    static PageCount ofMappings(List<String> lines) {
        PageCount count = new PageCount(0, 0, 0);
        for (String line : lines) {
            Matcher mapping = MAPPING.matcher(line);
            if (mapping.matches()) {
                long bytes = Long.parseUnsignedLong(mapping.group(2), HEXADECIMAL)
                        - Long.parseUnsignedLong(mapping.group(1), HEXADECIMAL);
                count = count.plus(of(
                        bytes / PAGE_BYTES,
                        mapping.group(3).equals("w"),
                        mapping.group(4).equals("x")));
            }
        }
        return count;
    }

    private static PageCount of(long pages, boolean writable, boolean executable) {
        return new PageCount(writable ? pages : 0, executable ? pages : 0, writable && executable ? pages : 0);
    }

    PageCount plus(PageCount other) {
        return new PageCount(writable + other.writable, executable + other.executable, both + other.both);
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.machine;

import java.util.Locale;

/**
 * One thing that a diagnosis found.
 *
 * @param subject what was looked at
 * @param grade how good that is
 * @param fact what was seen
 * @param consequence what follows, in a sentence; empty if nothing does
 */
public record Finding(String subject, Grade grade, String fact, String consequence) {
    /** From good to bad. */
    public enum Grade {
        GOOD,
        /** Everything runs, with a limitation. */
        LIMITED,
        /** Packages have to be installed. */
        MISSING,
        /** It cannot be mended by installing packages. */
        IMPOSSIBLE;

        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}

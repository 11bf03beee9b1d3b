// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.cli;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Amounts as people type them. */
final class Sizes {
    private static final Pattern MEBIBYTES = Pattern.compile("([0-9]{1,6})(?:M|MB|MiB)?", Pattern.CASE_INSENSITIVE);
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,6})(ms|s|m)");
    private static final Map<String, TimeUnit> UNITS =
            Map.of("ms", TimeUnit.MILLISECONDS, "s", TimeUnit.SECONDS, "m", TimeUnit.MINUTES);

    private Sizes() {}

    /** Memory such as {@code 16M}. */
    static int mebibytes(String option, String text) throws Failure {
        Matcher matcher = MEBIBYTES.matcher(text);
        int value = matcher.matches() ? Integer.parseInt(matcher.group(1)) : 0;
        if (value == 0) {
            throw new Failure(ExitStatus.USAGE, option + " takes mebibytes such as 16M, not '" + text + "'", null);
        }
        return value;
    }

    /** A duration such as {@code 500ms}, {@code 5s} or {@code 2m}. */
    static long nanos(String option, String text) throws Failure {
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            throw new Failure(
                    ExitStatus.USAGE, option + " takes a time such as 500ms, 5s or 2m, not '" + text + "'", null);
        }
        return UNITS.get(matcher.group(2)).toNanos(Integer.parseInt(matcher.group(1)));
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.builder.conformance;

import org.unimark.keel.application.Application;
import org.unimark.keel.application.Platform;
import org.unimark.keel.kernel.Log;

/** Says a line for each group of checks, and then {@code SUCCESS}; the lines must be those of the JVM. */
public final class Conformance implements Application {
    @Override
    public void start(Platform platform) {
        run(platform.log());
        platform.exit(0);
    }

    static void run(Log out) {
        say(out, "ints", ArithmeticChecks.ints());
        say(out, "longs", ArithmeticChecks.longs());
        say(out, "doubles", ArithmeticChecks.doubles());
        say(out, "generator", ArithmeticChecks.generator());
        say(out, "strings", LanguageChecks.strings());
        say(out, "arrays", LanguageChecks.arrays());
        for (int kind = 0; kind < LanguageChecks.EXCEPTION_KINDS; kind++) {
            say(out, "exception" + kind, LanguageChecks.exception(kind));
        }
        say(out, "initializers", LanguageChecks.initializers());
        say(out, "collections", LanguageChecks.collections());
        say(out, "heap", HeapChecks.churn());
        out.line("SUCCESS");
    }

    private static void say(Log out, String name, long value) {
        out.line(name + " " + value);
    }
}

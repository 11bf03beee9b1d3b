// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv.differential;

import java.util.List;
import java.util.stream.Collectors;

/** One command of a sequence, who sends it, and how its replies are compared. */
record Command(int client, Comparison comparison, List<String> arguments) {
    static Command of(String... arguments) {
        return new Command(0, Comparison.EXACT, List.of(arguments));
    }

    String name() {
        return arguments.get(0).toUpperCase(java.util.Locale.ROOT);
    }

    @Override
    public String toString() {
        return (client == 0 ? "" : client + "> ")
                + arguments.stream()
                        .map(argument -> argument.length() > 60
                                ? "(" + argument.length() + " bytes) " + Reply.escape(argument.substring(0, 20))
                                : "\"" + Reply.escape(argument) + "\"")
                        .collect(Collectors.joining(" "));
    }
}

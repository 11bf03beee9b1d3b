// SPDX-License-Identifier: Apache-2.0
package org.unimark.analysis.paper;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Refuses numbers that are typed where the paper tells results: they would stay as they are when another run is filled in.
 * Allowed are names, parameters of the loads, and figures of others in the clause that cites them.
 */
final class TypedNumbers {
    /** Parts of the paper that tell results, the first line to the line that begins what follows. */
    private static final Pattern RESULTS = Pattern.compile("(?s)\\\\begin\\{abstract\\}.*?\\\\end\\{abstract\\}"
            + "|\\\\section\\{(Results|Where the instructions go|What does not favour the unikernel|Conclusion)\\}"
            + ".*?(?=\\\\section\\{|\\\\appendix|\\z)");

    private static final List<Pattern> ALLOWED = List.of(
            Pattern.compile("(?m)^%.*$"),
            Pattern.compile("[^.:;]*\\\\cite\\{[^}]*\\}"),
            Pattern.compile("(?<=\\})\\{[^{}]*/[^{}]*\\}\\{[^{}]*\\}"),
            Pattern.compile(
                    "\\\\(value|interval|ratio|share|repetitions|run|verdict|outcomes|figurefile|ref|label)\\{[^}]*\\}"),
            Pattern.compile("p\\{[0-9.]+cm\\}"),
            Pattern.compile("\\bC[1-9]\\b|\\bq35\\b|\\bsqlite3\\b|\\bIPv6\\b|\\b(95|99)th\\b"),
            Pattern.compile("\\b(612|3)-byte\\b|\\b30 connections\\b|\\b[Pp]ipelines? of 16\\b|\\b1\\\\,MiB bodies\\b"),
            Pattern.compile(
                    "\\bBodies of 1\\\\,MiB\\b|\\b50\\\\,ms of delay\\b|\\b[12],000 requests\\b|\\bless than 1\\b"));

    private static final Pattern NUMBER = Pattern.compile("[0-9]+");

    private TypedNumbers() {}

    /** @throws IOException with the lines that have typed numbers, if there are any */
    static void refuse(String source) throws IOException {
        List<String> found = new ArrayList<>();
        String[] lines = source.split("\n", -1);
        for (MatchResult part : RESULTS.matcher(source).results().toList()) {
            String text = part.group();
            for (Pattern allowed : ALLOWED) {
                text = allowed.matcher(text).replaceAll(match -> match.group().replaceAll("[^\n]", " "));
            }
            int first = linesIn(source.substring(0, part.start()));
            NUMBER.matcher(text)
                    .results()
                    .map(number -> first + linesIn(source.substring(part.start(), part.start() + number.start())))
                    .distinct()
                    .forEach(line -> found.add("line " + (line + 1) + ": " + lines[line].strip()));
        }
        if (!found.isEmpty()) {
            throw new IOException(
                    "the paper has numbers that are typed and not filled in from a run:\n" + String.join("\n", found));
        }
    }

    private static int linesIn(String text) {
        return (int) text.chars().filter(character -> character == '\n').count();
    }
}

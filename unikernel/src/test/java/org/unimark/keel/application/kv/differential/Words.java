// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv.differential;

import java.util.List;
import java.util.SplittableRandom;

/** Random arguments of each kind: mostly few and colliding, sometimes at the edge of what is allowed or beyond it. */
final class Words {
    static final List<String> FAMILIES = List.of("string", "list", "hash", "set", "zset");

    private static final String[] INTEGERS = {
        "0",
        "1",
        "-1",
        "2",
        "3",
        "-2",
        "-3",
        "5",
        "10",
        "-10",
        "100",
        "-100",
        "7",
        "65536",
        "32767",
        "32768",
        "2147483647",
        "2147483648",
        "-2147483649",
        "9223372036854775807",
        "-9223372036854775808",
        "9223372036854775808",
        "007",
        "+5",
        "-0",
        "1.5",
        "",
        " 1",
        "abc"
    };
    private static final String[] SCORES = {
        "0",
        "1",
        "2",
        "3",
        "-1",
        "1.5",
        "2.5",
        "3.1",
        "-0.1",
        "1e10",
        "1e300",
        "-1e300",
        "inf",
        "-inf",
        "+inf",
        "1e-320",
        "0.1",
        "0.30000000000000004",
        "123456789012",
        "9007199254740993",
        "1e400",
        "nan",
        "-0",
        "0x10",
        "1.",
        ".5",
        "",
        "a",
        "infinity",
        "5e-324",
        "1.7976931348623157e308",
        "100",
        "99.99",
        "12345678.9",
        "17179869184.25"
    };
    private static final String[] CHOICES = {"9223372036854775807", "-9223372036854775808", "1.5", "", "5000", "-300"};
    /** No times, or long past: nothing that is over while the test runs. */
    private static final String[] MOMENTS = {
        "0",
        "-1",
        "1",
        "100",
        "abc",
        "",
        "1.5",
        "9223372036854775",
        "9223372036854775807",
        "9223372036854775808",
        "-9223372036854775808"
    };

    private static final String[] DURATIONS = {
        "0", "-1", "abc", "", "1.5", "9223372036854775", "9223372036854775807", "9223372036854775808"
    };
    private static final String[] LEX = {"-", "+", "[a", "(a", "[b", "(c", "[m1", "(m3", "[m5", "[", "(", "a", "[zz"};
    private static final String[] PATTERNS = {"*", "m*", "?1", "[a-m]*", "*1", "m[^1]", "a", "\\*", "f?", "*[", ""};
    private static final String[] GARBAGE = {
        "",
        "foo",
        "-1",
        "0",
        "1",
        "nan",
        "WITHSCORES",
        "COUNT",
        "LIMIT",
        "9223372036854775808",
        "3.0",
        "XX",
        "NX",
        "(1",
        "[a",
        "l1",
        "h1",
        "s1",
        "z1",
        "k1",
        "m1",
        "\r\n\u00ff",
        "*"
    };

    private final SplittableRandom random;
    private final String family;
    private final boolean isWide;

    Words(SplittableRandom random, String family, boolean isWide) {
        this.isWide = isWide;
        this.random = random;
        this.family = family;
    }

    void add(String word, List<String> out) {
        switch (word) {
            case "key" -> out.add(key());
            // With members of different scores, ranges by member depend on Redis's dice.
            case "lexkey" -> out.add("zl" + (1 + random.nextInt(2)));
            case "keys" -> keys(out);
            case "member" -> out.add(member());
            case "value" -> out.add(value());
            case "int" -> out.add(integer());
            case "index" -> out.add(index());
            case "count" -> out.add(random.nextInt(20) == 0 ? pick(INTEGERS) : "" + random.nextInt(5));
            case "signed" -> out.add(random.nextInt(20) == 0 ? pick(INTEGERS) : "" + (random.nextInt(11) - 5));
            case "float" -> out.add(score().replace("1e400", "1e200"));
            case "score" -> out.add(score());
            case "bound" -> out.add((random.nextInt(4) == 0 ? "(" : "") + score());
            case "lex" -> out.add(random.nextInt(3) == 0 ? (random.nextBoolean() ? "[" : "(") + member() : pick(LEX));
            // A large negative one keeps Redis busy for minutes.
            case "choices" -> out.add(random.nextInt(20) == 0 ? pick(CHOICES) : "" + (random.nextInt(13) - 6));
            case "pattern" -> out.add(pick(PATTERNS));
            case "seconds" -> out.add(random.nextInt(12) == 0 ? pick(INTEGERS) : "" + (100 + random.nextInt(900)));
            case "millis" ->
                out.add(random.nextInt(12) == 0 ? pick(DURATIONS) : "" + (100_000 + random.nextInt(900_000)));
            case "moment" -> out.add(random.nextInt(8) == 0 ? pick(MOMENTS) : "" + millisFromNow() / 1000);
            case "millismoment" -> out.add(random.nextInt(8) == 0 ? pick(MOMENTS) : "" + millisFromNow());
            default -> out.add(random.nextInt(5) == 0 ? word.toLowerCase(java.util.Locale.ROOT) : word);
        }
    }

    private long millisFromNow() {
        return System.currentTimeMillis() + 100_000 + random.nextInt(900_000);
    }

    String garbage() {
        return pick(GARBAGE);
    }

    private String pick(String[] words) {
        return words[random.nextInt(words.length)];
    }

    private String key() {
        int kind = random.nextInt(40);
        if (kind == 0) {
            return "missing";
        }
        String of = kind <= 3 ? FAMILIES.get(random.nextInt(FAMILIES.size())) : family;
        String letter = of.equals("string") ? "k" : of.substring(0, 1);
        return letter + (1 + random.nextInt(4));
    }

    private void keys(List<String> out) {
        int count = 1 + random.nextInt(3);
        int said = random.nextInt(25) == 0 ? count + random.nextInt(4) - 2 : count;
        out.add(random.nextInt(40) == 0 ? pick(INTEGERS) : "" + said);
        for (int i = 0; i < count; i++) {
            out.add(key());
        }
    }

    private String member() {
        if (isWide && random.nextInt(8) != 0) {
            return "m" + random.nextInt(4000);
        }
        return switch (random.nextInt(10)) {
            case 0, 1, 2, 3 -> "m" + random.nextInt(12);
            case 4, 5 -> "" + (random.nextInt(30) - 5);
            case 6 -> "" + (char) ('a' + random.nextInt(6));
            case 7 -> pick(INTEGERS);
            default -> value();
        };
    }

    private String value() {
        return switch (random.nextInt(12)) {
            case 0 -> "x".repeat(random.nextInt(12) == 0 ? 60 + random.nextInt(10) : random.nextInt(5));
            case 1 -> pick(INTEGERS);
            case 2 -> "\u0000\u00ff\r\n" + random.nextInt(3);
            case 3 -> random.nextInt(6) == 0 ? "long-" + "y".repeat(random.nextInt(9000)) : "w" + random.nextInt(9);
            // Beyond a double, sums are refused (docs/supported.md).
            case 4 -> pick(SCORES).replace("1e400", "1e300");
            case 5 -> "" + random.nextLong();
            default -> "v" + random.nextInt(20);
        };
    }

    private String integer() {
        return random.nextInt(8) == 0 ? pick(INTEGERS) : "" + (random.nextInt(2001) - 1000);
    }

    private String index() {
        return random.nextInt(15) == 0 ? pick(INTEGERS) : "" + (random.nextInt(24) - 12);
    }

    private String score() {
        return switch (random.nextInt(8)) {
            case 0, 1 -> pick(SCORES);
            case 2 -> "" + (random.nextInt(2001) - 1000) / 16.0;
            case 3 -> "" + random.nextDouble();
            default -> "" + random.nextInt(10);
        };
    }
}

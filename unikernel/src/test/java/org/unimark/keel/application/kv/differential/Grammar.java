// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Commands of one family of types, from templates: words in capitals stand for themselves, others for something random,
 * {@code [x]} for x or nothing, {@code {x|y}} for one of them, {@code (x)+} for one to a few. A small part of what is
 * generated is damaged: an argument too many or too few, or one that does not belong.
 */
final class Grammar {
    private static final double DAMAGED = 0.04;

    private record Rule(Comparison comparison, String template) {}

    private final String family;
    private final List<Rule> rules = new ArrayList<>();

    Grammar(String family) {
        this.family = family;
    }

    private boolean isWide;

    /** From now on members are of thousands, ten times as many at once, and keys are rarely deleted: large collections. */
    Grammar wide() {
        isWide = true;
        rules.removeIf(rule -> rule.template().startsWith("DEL"));
        return this;
    }

    /** Adds templates with one way of comparison; repeat a template to make it more frequent. */
    Grammar rules(Comparison comparison, String... templates) {
        for (String template : templates) {
            rules.add(new Rule(comparison, template));
        }
        return this;
    }

    Command next(SplittableRandom random) {
        Rule rule = rules.get(random.nextInt(rules.size()));
        List<String> arguments = new ArrayList<>();
        Words words = new Words(random, family, isWide);
        new Expansion(rule.template(), random, words, isWide ? 10 : 1).expand(arguments, true);
        if (random.nextDouble() < DAMAGED) {
            List<String> damaged = new ArrayList<>(arguments);
            damage(damaged, random, words);
            arguments = isSpecified(rule, damaged) ? damaged : arguments;
        }
        return new Command(0, rule.comparison(), List.copyOf(arguments));
    }

    /** What a range by member has is specified where all scores are alike: in keys of their own, with scores of 0. */
    private static boolean isSpecified(Rule rule, List<String> damaged) {
        return !rule.template().startsWith("ZADD lexkey")
                && !(rule.template().contains(" lexkey ") && damaged.contains("z1"));
    }

    private static void damage(List<String> arguments, SplittableRandom random, Words words) {
        int last = arguments.size() - 1;
        switch (random.nextInt(3)) {
            case 0 -> {
                if (last > 0) {
                    arguments.remove(random.nextInt(last) + 1);
                }
            }
            case 1 -> arguments.add(random.nextInt(last + 1) + 1, words.garbage());
            default -> {
                if (last > 0) {
                    arguments.set(random.nextInt(last) + 1, words.garbage());
                }
            }
        }
    }

    /** A walk along a template. */
    private static final class Expansion {
        private final String template;
        private final SplittableRandom random;
        private final Words words;
        private final int factor;
        private int at;

        Expansion(String template, SplittableRandom random, Words words, int factor) {
            this.factor = factor;
            this.template = template;
            this.random = random;
            this.words = words;
        }

        /** Up to the end or a bracket that closes; adds to {@code out} if {@code wanted}. */
        void expand(List<String> out, boolean wanted) {
            while (at < template.length() && ")]}|".indexOf(template.charAt(at)) < 0) {
                switch (template.charAt(at)) {
                    case ' ' -> at++;
                    case '[' -> optional(out, wanted);
                    case '(' -> repeated(out, wanted);
                    case '{' -> alternative(out, wanted);
                    default -> word(out, wanted);
                }
            }
        }

        private void optional(List<String> out, boolean wanted) {
            at++;
            expand(out, wanted && random.nextBoolean());
            at++;
        }

        private void repeated(List<String> out, boolean wanted) {
            int from = ++at;
            int times = random.nextInt(8) == 0 ? 1 + random.nextInt(12 * factor) : 1 + random.nextInt(3);
            for (int i = 0; i < times; i++) {
                at = from;
                expand(out, wanted);
            }
            at += 2;
        }

        private void alternative(List<String> out, boolean wanted) {
            List<List<String>> choices = new ArrayList<>();
            do {
                at++;
                List<String> choice = new ArrayList<>();
                expand(choice, true);
                choices.add(choice);
            } while (template.charAt(at) == '|');
            at++;
            if (wanted) {
                out.addAll(choices.get(random.nextInt(choices.size())));
            }
        }

        private void word(List<String> out, boolean wanted) {
            int from = at;
            while (at < template.length() && " )]}|".indexOf(template.charAt(at)) < 0) {
                at++;
            }
            if (wanted) {
                words.add(template.substring(from, at), out);
            }
        }
    }
}

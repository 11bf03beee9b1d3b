// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Commands that need not make sense: a name, and behind it whatever some command takes for a key, a number or an option. */
public final class AnyWords {
    private static final List<String> WORDS = words("""
            string number list hash set zset none m 0 1 -1 2 3 7 100 9223372036854775807 -9223372036854775808 1.5 foo * ( [ (1 [m - +
            inf nan NX XX GT LT CH INCR GET KEEPTTL EX PX EXAT PXAT PERSIST COUNT LIMIT RANK MAXLEN MATCH TYPE WITHSCORES
            WITHVALUES BYSCORE BYLEX REV WEIGHTS AGGREGATE SUM MIN MAX LEFT RIGHT BEFORE AFTER REPLACE DB BIT BYTE AND NOT XOR AUTH
            SETNAME SAMPLES ID TYPE SKIPME ON OFF SKIP ASYNC SYNC normal pubsub HELP""");
    private static final Map<String, List<String>> SUBCOMMANDS = Map.of(
            "client",
            words("id getname setname list info kill no-evict no-touch setinfo reply unblock unpause help"),
            "command",
            words("count list info docs getkeys help"),
            "config",
            words("get set resetstat rewrite help"),
            "object",
            words("encoding refcount idletime freq help"),
            "memory",
            words("usage help"),
            "pubsub",
            words("channels numsub numpat help"));

    private final SplittableRandom random;

    public AnyWords(SplittableRandom random) {
        this.random = random;
    }

    private static List<String> words(String text) {
        return List.of(text.trim().split("\\s+"));
    }

    /** One key of each type. */
    public static List<String> content() {
        return List.of(
                "SET string value",
                "SET number 12",
                "RPUSH list 1 m 3",
                "HSET hash m 1 1 m",
                "SADD set m 1 2",
                "ZADD zset 1 m 2 foo 3 1");
    }

    /** A command of {@code count} words, its name among them. */
    public List<String> command(String name, int count) {
        List<String> command = new ArrayList<>(List.of(name));
        List<String> subcommands = SUBCOMMANDS.get(name);
        if (subcommands != null && count > 1 && random.nextInt(20) > 0) {
            command.add(pick(subcommands));
        }
        while (command.size() < count) {
            // The first words decide which of the others are looked at.
            command.add(random.nextInt(3) == 0 ? WORDS.get(random.nextInt(12)) : pick(WORDS));
        }
        return command.subList(0, count);
    }

    /** The question where the keys are in such a command. */
    public List<String> keysOf(String name, int count) {
        List<String> command = new ArrayList<>(List.of("command", "getkeys"));
        command.addAll(command(name, count));
        return command;
    }

    private String pick(List<String> from) {
        return from.get(random.nextInt(from.size()));
    }
}

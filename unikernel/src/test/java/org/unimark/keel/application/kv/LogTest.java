// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.unimark.keel.simulation.SeededRandom;
import org.unimark.keel.simulation.SimulatedDisk;
import org.unimark.keel.storage.StorageException;
import org.unimark.keel.storage.StoredDisk;

/** What is large, in the log: commands of many records, values of many parts, and what has no room. */
class LogTest {
    private static final int DISK_BYTES = 32 << 20;
    private static final String ALWAYS = "appendonly always\naof-log-size 12mb\n";
    private static final String EVERY_SECOND = "appendonly everysec\naof-log-size 12mb\n";
    private static final long MEMORY = 18 << 20;

    private static KvPlatform boot(StoredDisk machine, String configuration, long memory) throws StorageException {
        machine.open();
        KvPlatform platform = new KvPlatform(configuration, 1, memory, machine.storage);
        assertThat(platform.exitStatus()).as(platform.console.toString()).isEqualTo(-1);
        return platform;
    }

    private static String exchange(StoredDisk machine, Talk talk, String command) {
        talk.send(command);
        machine.settle();
        return talk.take();
    }

    /** Waits for the reply, which a rewrite of the log may hold back. */
    private static String persistently(StoredDisk machine, KvPlatform platform, Talk talk, String command) {
        talk.send(command);
        String reply = "";
        for (int i = 0; i < 5000 && reply.isEmpty(); i++) {
            machine.settle();
            reply = talk.take();
            if (reply.isEmpty()) {
                platform.passMillis(1);
            }
        }
        return reply;
    }

    private static void rewrite(StoredDisk machine, KvPlatform platform) {
        platform.server().durability.beginRewrite();
        pass(machine, platform, 3000);
        assertThat(info(platform)).contains("aof_rewrite_in_progress:0", "aof_last_write_status:ok");
    }

    private static void pass(StoredDisk machine, KvPlatform platform, int millis) {
        for (int i = 0; i < millis; i++) {
            platform.passMillis(1);
            machine.settle();
        }
    }

    private static String info(KvPlatform platform) {
        return new Talk(platform).send("INFO persistence").take();
    }

    /** What a loss of power leaves of a command of several records never takes what follows with it. */
    @ParameterizedTest
    @EnumSource(SimulatedDisk.Fate.class)
    void aCommandThatWasCutOffDoesNotSpoilWhatFollows(SimulatedDisk.Fate fate) throws Exception {
        String large = "x".repeat(2 << 20);
        for (int steps = 0; steps < 8; steps++) {
            try (StoredDisk machine = new StoredDisk(steps, DISK_BYTES)) {
                KvPlatform platform = boot(machine, ALWAYS, MEMORY);
                new Talk(platform).send("SET large " + large);
                for (int i = 0; i < steps; i++) {
                    machine.storage.poll(machine.clock.nanos());
                    if (machine.disk.nextCompletionNanos() != Long.MAX_VALUE) {
                        machine.clock.advanceTo(machine.disk.nextCompletionNanos());
                    }
                }
                platform.close();
                machine.failPower(fate);
                for (int life = 0; life < 2; life++) {
                    KvPlatform next = boot(machine, ALWAYS, MEMORY);
                    assertThat(exchange(machine, new Talk(next), "SET k" + life + " v"))
                            .isEqualTo("+OK|");
                    next.close();
                    machine.failPower(SimulatedDisk.Fate.LOST);
                }
                KvPlatform last = boot(machine, ALWAYS, MEMORY);
                new Talk(last).expect("MGET k0 k1", "*2|$1|v|$1|v|");
                last.close();
            }
        }
    }

    @Test
    void aValueThatTheLogCannotTakeIsRefusedAlone() throws Exception {
        try (StoredDisk machine = new StoredDisk(1, DISK_BYTES)) {
            KvPlatform platform = boot(machine, "appendonly always\naof-log-size 3mb\n", MEMORY);
            Talk talk = new Talk(platform);
            String large = "x".repeat(4 << 20);
            assertThat(exchange(machine, talk, "SET large " + large))
                    .isEqualTo("-MISCONF Errors writing to the AOF file: No space left in the log|");
            talk.expect("MULTI", "+OK|");
            for (int i = 0; i < 4; i++) {
                talk.send("SET k" + i + " " + large.substring(0, 1 << 20)).take();
            }
            assertThat(exchange(machine, talk, "EXEC")).startsWith("-");
            talk.expect("EXISTS large k0 k1 k2 k3", ":0|");
            assertThat(exchange(machine, talk, "SET small v")).isEqualTo("+OK|");
            platform.close();
            KvPlatform again = boot(machine, ALWAYS, MEMORY);
            new Talk(again).expect("DBSIZE", ":1|");
            again.close();
        }
    }

    @Test
    void aValueThatMemoryCannotTakeTwiceIsRefusedAlone() throws Exception {
        try (StoredDisk machine = new StoredDisk(2, DISK_BYTES)) {
            KvPlatform platform = boot(machine, "appendonly always\n", MEMORY);
            Talk talk = new Talk(platform);
            assertThat(exchange(machine, talk, "SET large " + "x".repeat(6 << 20)))
                    .startsWith("-OOM ");
            assertThat(exchange(machine, talk, "SET small v")).isEqualTo("+OK|");
            assertThat(info(platform)).contains("aof_last_write_status:ok");
            platform.close();
        }
    }

    @Test
    void aFullLogIsRewrittenWhenKeysAreDeleted() throws Exception {
        try (StoredDisk machine = new StoredDisk(3, DISK_BYTES)) {
            String configuration = "appendonly always\naof-log-size 2mb\n";
            KvPlatform platform = boot(machine, configuration, MEMORY);
            Talk talk = new Talk(platform);
            String set = " " + "x".repeat(10_000);
            int written = 0;
            while (persistently(machine, platform, talk, "SET k" + written + set)
                    .equals("+OK|")) {
                written++;
            }
            for (int i = 0; i < 30; i++) {
                assertThat(persistently(machine, platform, talk, "DEL k" + i)).isEqualTo(":1|");
            }
            assertThat(persistently(machine, platform, talk, "SET k0" + set)).startsWith("-MISCONF ");
            pass(machine, platform, 2500);
            assertThat(persistently(machine, platform, talk, "SET k0" + set)).isEqualTo("+OK|");
            platform.close();
            machine.failPower(SimulatedDisk.Fate.LOST);
            KvPlatform again = boot(machine, configuration, MEMORY);
            new Talk(again).expect("DBSIZE", ":" + (written - 29) + "|");
            again.close();
        }
    }

    @Test
    void aNearlyFullLogIsRewrittenAfterBoot() throws Exception {
        try (StoredDisk machine = new StoredDisk(4, DISK_BYTES)) {
            String configuration = "appendonly everysec\naof-log-size 2mb\n";
            KvPlatform platform = boot(machine, configuration, MEMORY);
            Talk talk = new Talk(platform);
            // No time passes, in which it could be rewritten.
            while (exchange(machine, talk, "SET k " + "x".repeat(10_000)).equals("+OK|")) {
                assertThat(platform.exitStatus()).isEqualTo(-1);
            }
            platform.close();
            KvPlatform again = boot(machine, configuration, MEMORY);
            pass(machine, again, 2500);
            assertThat(exchange(machine, new Talk(again), "SET k v")).isEqualTo("+OK|");
            assertThat(info(again)).containsPattern("aof_current_size:\\d{4,5}\\|");
            again.close();
        }
    }

    /** More than what is free: it goes into the new log in parts, while it is being changed. */
    @ParameterizedTest
    @ValueSource(strings = {"HSET h f%d %s", "RPUSH l %d%s", "SADD s %d%s", "ZADD z %d %<d%s"})
    void whatIsLargerThanFreeMemoryIsRewritten(String command) throws Exception {
        try (StoredDisk machine = new StoredDisk(5, 2 * DISK_BYTES)) {
            String configuration = "appendonly everysec\n";
            KvPlatform platform = boot(machine, configuration, MEMORY);
            Talk talk = new Talk(platform);
            String value = "x".repeat(900);
            for (int i = 0; i < 8000; i++) {
                talk.send(String.format(command, i, value));
                if (i % 100 == 0) {
                    platform.passMillis(1);
                    machine.settle();
                }
            }
            String key = command.substring(command.indexOf(' ') + 1).substring(0, 1);
            String count = switch (key) {
                case "h" -> "HLEN h";
                case "l" -> "LLEN l";
                case "s" -> "SCARD s";
                default -> "ZCARD z";
            };
            talk.take();
            talk.expect(count, ":8000|");
            rewrite(machine, platform);
            assertThat(platform.console.toString()).doesNotContain("not rewritten");
            platform.close();
            machine.failPower(SimulatedDisk.Fate.LOST);
            KvPlatform again = boot(machine, configuration, MEMORY);
            new Talk(again).expect(count, ":8000|");
            again.close();
        }
    }

    @Test
    void aKeyThatMovesWhileTheLogIsRewrittenIsThereAfterwards() throws Exception {
        try (StoredDisk machine = new StoredDisk(6, DISK_BYTES)) {
            KvPlatform platform = boot(machine, EVERY_SECOND, MEMORY);
            Talk talk = new Talk(platform);
            talk.expect("SELECT 5", "+OK|");
            for (int i = 0; i < 2000; i++) {
                talk.send("SET k" + i + " v");
            }
            talk.take();
            machine.settle();
            platform.server().durability.beginRewrite();
            platform.passMillis(1000);
            for (int i = 0; i < 2000; i += 7) {
                talk.expect("MOVE k" + i + " 0", ":1|");
                platform.passMillis(1);
                machine.settle();
            }
            rewrite(machine, platform);
            platform.close();
            KvPlatform again = boot(machine, EVERY_SECOND, MEMORY);
            new Talk(again).expect("DBSIZE", ":286|").expect("SELECT 5", "+OK|").expect("DBSIZE", ":1714|");
            again.close();
        }
    }

    @Test
    void fewerDatabasesThanTheLogHasAreRefused() throws Exception {
        try (StoredDisk machine = new StoredDisk(7, DISK_BYTES)) {
            KvPlatform platform = boot(machine, ALWAYS, MEMORY);
            Talk talk = new Talk(platform);
            talk.expect("SELECT 5", "+OK|");
            assertThat(exchange(machine, talk, "SET k v")).isEqualTo("+OK|");
            platform.close();
            machine.open();
            KvPlatform small = new KvPlatform(ALWAYS + "databases 4\n", 1, MEMORY, machine.storage);
            assertThat(small.exitStatus()).isEqualTo(1);
            assertThat(small.console.toString()).contains("set databases to what it was");
            small.close();
            KvPlatform again = boot(machine, ALWAYS + "databases 6\n", MEMORY);
            new Talk(again).expect("SELECT 5", "+OK|").expect("GET k", "$1|v|");
            again.close();
        }
    }

    /** Its pop is not durable with the sync that its earlier command waits for. */
    @Test
    void whoIsServedWhileItWaitsForASyncWaitsForTheNext() throws Exception {
        try (StoredDisk machine = new StoredDisk(8, DISK_BYTES)) {
            KvPlatform platform = boot(machine, ALWAYS, MEMORY);
            Talk one = new Talk(platform);
            Talk other = new Talk(platform);
            one.connection().arrive("SET x 1\r\nBLPOP q 0\r\n");
            other.send("LPUSH q v");
            String replies = "";
            String pushed = "";
            for (int i = 0; i < 100 && !replies.contains("*2|$1|q|$1|v|"); i++) {
                machine.storage.poll(machine.clock.nanos());
                replies += one.take();
                pushed += other.take();
                if (machine.disk.nextCompletionNanos() != Long.MAX_VALUE) {
                    machine.clock.advanceTo(machine.disk.nextCompletionNanos());
                }
            }
            assertThat(replies).isEqualTo("+OK|*2|$1|q|$1|v|");
            assertThat(pushed).as("what was popped is durable, so the push is").isEqualTo(":1|");
            platform.close();
        }
    }

    /** Whatever happens while the log is rewritten, what it says afterwards is what the keyspace was. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void aRewriteAmongRandomCommandsSaysWhatThereIs(long seed) throws Exception {
        SeededRandom random = new SeededRandom(seed);
        try (StoredDisk machine = new StoredDisk(seed, DISK_BYTES)) {
            KvPlatform platform = boot(machine, "appendonly everysec\n", MEMORY);
            Talk talk = new Talk(platform);
            for (int i = 0; i < 2500; i++) {
                if (i % 1000 == 500) {
                    platform.server().durability.beginRewrite();
                    platform.passMillis(1000);
                }
                randomCommand(random).forEach(talk::send);
                if (i % 2 == 0) {
                    platform.passMillis(1);
                    machine.settle();
                }
            }
            rewrite(machine, platform);
            talk.take();
            List<String> before = content(platform);
            platform.close();
            machine.failPower(SimulatedDisk.Fate.LOST);
            KvPlatform again = boot(machine, "appendonly everysec\n", MEMORY);
            List<String> after = content(again);
            for (int i = 0; i < before.size(); i++) {
                // Not the whole lists, which would fill the screen.
                assertThat(i < after.size() ? after.get(i) : "").isEqualTo(before.get(i));
            }
            assertThat(after).hasSameSizeAs(before).hasSizeGreaterThan(5);
            again.close();
        }
    }

    private static List<String> randomCommand(SeededRandom random) {
        String type = "hlsz".charAt((int) random.below(4)) + "";
        String key = type + (int) random.below(3);
        String other = type + (int) random.below(3);
        int number = (int) random.below(400);
        String many = "";
        for (int i = 0; i < 30; i++) {
            many += switch (type) {
                case "h" -> " f" + (int) random.below(2000) + " " + number;
                case "z" -> " " + (int) random.below(500) + " m" + (int) random.below(2000);
                default -> " m" + (int) random.below(2000);
            };
        }
        String add = switch (type) {
            case "h" -> "HSET " + key + many;
            case "l" -> "RPUSH " + key + many;
            case "s" -> "SADD " + key + many;
            default -> "ZADD " + key + many;
        };
        String take = switch (type) {
            case "h" -> "HDEL " + key + " f" + number;
            case "l" -> "LTRIM " + key + " 1 -3";
            case "s" -> "SPOP " + key + " 3";
            default -> "ZREMRANGEBYRANK " + key + " 0 2";
        };
        return switch ((int) random.below(40)) {
            case 0 -> List.of("MOVE " + key + " " + (int) random.below(3));
            case 1 -> List.of("COPY " + key + " " + other + " DB " + (int) random.below(3) + " REPLACE");
            case 2 -> List.of("RENAME " + key + " " + other);
            case 3 -> List.of("SELECT " + (int) random.below(3));
            case 4 -> List.of("SETRANGE b " + number * 3000 + " " + "y".repeat(number));
            case 5 -> List.of("PEXPIRE " + key + " " + (50 + number));
            case 6 -> List.of("PERSIST " + key);
            case 7 -> List.of("MULTI", add, "RENAME " + key + " " + other, take, "EXEC");
            case 8 -> List.of("MULTI", take, add, "EXEC");
            case 9 -> (int) random.below(5) == 0 ? List.of("SWAPDB 0 " + (int) random.below(3)) : List.of("DEL " + key);
            case 10 -> (int) random.below(10) == 0 ? List.of("FLUSHDB") : List.of(take);
            case 11 -> List.of("SUNIONSTORE s0 s1 s2");
            case 12 -> List.of("ZUNIONSTORE z0 2 z1 z2");
            case 13 -> List.of("LMOVE l0 l1 LEFT RIGHT");
            case 14 -> List.of("APPEND b " + "z".repeat(2000));
            case 15, 16, 17, 18 -> List.of(take);
            default -> List.of(add);
        };
    }

    /** All keys of all databases with their values, in order. */
    private static List<String> content(KvPlatform platform) {
        List<String> content = new ArrayList<>();
        Talk talk = new Talk(platform);
        for (int database = 0; database < 3; database++) {
            ask(platform, talk, "SELECT " + database);
            for (String key : new TreeSet<>(words(ask(platform, talk, "KEYS *")))) {
                String value = switch (key.charAt(0)) {
                    case 'h' -> pairs(ask(platform, talk, "HGETALL " + key));
                    case 'l' -> ask(platform, talk, "LRANGE " + key + " 0 -1");
                    case 's' -> new TreeSet<>(words(ask(platform, talk, "SMEMBERS " + key))).toString();
                    case 'z' -> ask(platform, talk, "ZRANGE " + key + " 0 -1 WITHSCORES");
                    default -> ask(platform, talk, "GET " + key);
                };
                content.add(database + " " + key + " " + value + " " + ask(platform, talk, "PEXPIRETIME " + key));
            }
        }
        return content;
    }

    /** What does not fit into one turn comes in the next ones. */
    private static String ask(KvPlatform platform, Talk talk, String command) {
        String reply = talk.send(command).take();
        platform.passMillis(1);
        return reply + talk.take();
    }

    private static List<String> words(String reply) {
        return Arrays.stream(reply.split("\\|"))
                .filter(part -> !part.isEmpty() && "*$".indexOf(part.charAt(0)) < 0)
                .collect(Collectors.toList());
    }

    private static String pairs(String reply) {
        List<String> words = words(reply);
        TreeSet<String> pairs = new TreeSet<>();
        for (int i = 0; i + 1 < words.size(); i += 2) {
            pairs.add(words.get(i) + "=" + words.get(i + 1));
        }
        return pairs.toString();
    }
}

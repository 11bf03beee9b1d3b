// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.unimark.keel.simulation.SeededRandom;
import org.unimark.keel.simulation.SimulatedDisk;
import org.unimark.keel.storage.StorageException;
import org.unimark.keel.storage.StoredDisk;

/** Power fails at any operation of the disk, which loses, keeps and reorders what was not flushed. */
class KvCrashTest {
    /** {@code -Dunimark.crash.seeds=} asks for more. */
    private static final int SEEDS = Integer.getInteger("unimark.crash.seeds", 1000) / 10;

    private static final int DISK_BYTES = 8 << 20;
    private static final long MEMORY = 8 << 20;
    private static final String CONFIGURATION = "appendonly always\naof-log-size 3mb\n";
    private static final int LIVES = 3;
    private static final int COMMANDS = 60;
    private static final int OPERATIONS = 150;
    private static final int KEYS = 20;

    /** What is known to be there, and what else may be there: the effect of the command that was not answered. */
    private record Expected(Map<String, String> known, Map<String, String> possible) {}

    @Test
    void whatWasAcknowledgedIsThereAndNothingIsThereByHalf() throws Exception {
        for (int seed = 0; seed < SEEDS; seed++) {
            SeededRandom random = new SeededRandom(seed);
            try (StoredDisk machine = new StoredDisk(seed, DISK_BYTES)) {
                Map<String, String> content = Map.of();
                for (int life = 0; life < LIVES; life++) {
                    Expected expected = live(machine, random, content, "seed " + seed);
                    machine.failPower(SimulatedDisk.Fate.values()[(int) random.below(3)]);
                    content = look(machine, "seed " + seed + ", life " + life);
                    assertThat(content).as("seed %d, life %d", seed, life).isIn(expected.known(), expected.possible());
                }
            }
        }
    }

    private static KvPlatform boot(StoredDisk machine, String description) throws StorageException {
        machine.open();
        KvPlatform platform = new KvPlatform(CONFIGURATION, 1, MEMORY, machine.storage);
        assertThat(platform.exitStatus())
                .as(description + " " + platform.console)
                .isEqualTo(-1);
        return platform;
    }

    private static Expected live(
            StoredDisk machine, SeededRandom random, Map<String, String> content, String description)
            throws StorageException {
        Map<String, String> known = content;
        Map<String, String> possible = content;
        KvPlatform platform = boot(machine, description);
        machine.disk.powerFailsAfter(1 + random.below(OPERATIONS));
        try {
            Talk talk = new Talk(platform);
            for (int i = 0; i < COMMANDS; i++) {
                possible = new TreeMap<>(known);
                List<String> commands = change(random, possible);
                if (random.below(COMMANDS) == 0) {
                    platform.server().durability.beginRewrite();
                    platform.passMillis(1000);
                }
                for (String queued : commands.subList(0, commands.size() - 1)) {
                    assertThat(talk.send(queued).take()).startsWith("+");
                }
                talk.send(commands.get(commands.size() - 1));
                if (isAcknowledged(machine, platform, talk)) {
                    known = possible;
                }
            }
        } catch (SimulatedDisk.PowerFailure expected) {
            // The last command may have been made durable or not.
        } finally {
            platform.close();
        }
        return new Expected(known, possible);
    }

    /** Replies are held back until the disk has it; a rewrite may hold them back for longer. What is refused changes nothing. */
    private static boolean isAcknowledged(StoredDisk machine, KvPlatform platform, Talk talk) {
        String reply = "";
        for (int i = 0; i < 10_000 && reply.isEmpty(); i++) {
            machine.settle();
            reply = talk.take();
            if (reply.isEmpty()) {
                platform.passMillis(1);
            }
        }
        assertThat(reply).isNotEmpty();
        return reply.charAt(0) != '-';
    }

    /** A change of {@code model}, and the commands that make it, of which only the last one is answered late. */
    private static List<String> change(SeededRandom random, Map<String, String> model) {
        String key = "k" + random.below(KEYS);
        String other = "k" + random.below(KEYS);
        int length = (int) (random.below(12) == 0 ? random.below(200_000) : random.below(3_000));
        String value = "v" + random.below(1_000_000) + "z".repeat(length);
        switch ((int) random.below(5)) {
            case 0 -> {
                model.put(key, value);
                model.put(other, value);
                return List.of("MSET " + key + " " + value + " " + other + " " + value);
            }
            case 1 -> {
                model.merge(key, "abc", String::concat);
                return List.of("APPEND " + key + " abc");
            }
            case 2 -> {
                model.put(key, value);
                model.merge(other, "abc", String::concat);
                return List.of("MULTI", "SET " + key + " " + value, "APPEND " + other + " abc", "EXEC");
            }
            case 3 -> {
                model.remove(key);
                model.remove(other);
                return List.of("DEL " + key + " " + other);
            }
            default -> {
                model.put(key, value);
                return List.of("SET " + key + " " + value);
            }
        }
    }

    private static Map<String, String> look(StoredDisk machine, String description) throws StorageException {
        KvPlatform platform = boot(machine, description);
        Talk talk = new Talk(platform);
        Map<String, String> content = new TreeMap<>();
        for (int i = 0; i < KEYS; i++) {
            String reply = talk.send("GET k" + i).take();
            if (!reply.equals("$-1|")) {
                content.put("k" + i, reply.substring(reply.indexOf('|') + 1, reply.length() - 1));
            }
        }
        talk.expect("DBSIZE", ":" + content.size() + "|");
        platform.close();
        return content;
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.unimark.keel.simulation.SeededRandom;
import org.unimark.keel.simulation.SimulatedDisk;
import org.unimark.keel.storage.StorageException;
import org.unimark.keel.storage.StoredDisk;

/** What is acknowledged survives, whatever the disk does with what it has not flushed. */
class DurabilityTest {
    private static final int DISK_BYTES = 8 << 20;
    private static final String ALWAYS = "appendonly always\naof-log-size 3mb\n";
    private static final String EVERY_SECOND = "appendonly everysec\naof-log-size 3mb\n";

    private static KvPlatform boot(StoredDisk machine, String configuration) throws StorageException {
        machine.open();
        return new KvPlatform(configuration, 1, 14 << 20, machine.storage);
    }

    private static String exchange(StoredDisk machine, Talk talk, String command) {
        talk.send(command);
        machine.settle();
        return talk.take();
    }

    @Test
    void answersOnlyWhenTheDiskHasIt() throws Exception {
        try (StoredDisk machine = new StoredDisk(1, DISK_BYTES)) {
            KvPlatform platform = boot(machine, ALWAYS);
            Talk talk = new Talk(platform);
            talk.send("SET k v");
            assertThat(talk.take()).isEmpty();
            machine.settle();
            assertThat(talk.take()).isEqualTo("+OK|");
            // Reading needs no disk.
            talk.expect("GET k", "$1|v|");
            platform.close();
            machine.failPower(SimulatedDisk.Fate.LOST);
            KvPlatform again = boot(machine, ALWAYS);
            new Talk(again).expect("GET k", "$1|v|");
            again.close();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void losesNothingThatWasAcknowledged(long seed) throws Exception {
        SeededRandom random = new SeededRandom(seed);
        Map<String, String> acknowledged = new TreeMap<>();
        try (StoredDisk machine = new StoredDisk(seed, DISK_BYTES)) {
            for (int life = 0; life < 4; life++) {
                KvPlatform platform = boot(machine, ALWAYS);
                assertThat(platform.exitStatus())
                        .as(platform.console.toString())
                        .isEqualTo(-1);
                Talk talk = new Talk(platform);
                acknowledged.forEach(
                        (key, value) -> talk.expect("GET " + key, "$" + value.length() + "|" + value + "|"));
                talk.expect("DBSIZE", ":" + acknowledged.size() + "|");
                for (int i = 0; i < 200; i++) {
                    change(machine, talk, random, acknowledged);
                    if (i == 100) {
                        platform.server().durability.beginRewrite();
                    }
                    platform.passMillis(1);
                    machine.settle();
                }
                platform.close();
                machine.failPower(
                        SimulatedDisk.Fate.values()[(int) (seed + life) % SimulatedDisk.Fate.values().length]);
            }
        }
    }

    private static void change(StoredDisk machine, Talk talk, SeededRandom random, Map<String, String> model) {
        String key = "k" + Math.floorMod(random.nextLong(), 60);
        String other = "k" + Math.floorMod(random.nextLong(), 60);
        switch ((int) Math.floorMod(random.nextLong(), 5L)) {
            case 0 -> {
                String value = "v" + Math.floorMod(random.nextLong(), 1_000_000L)
                        + "z".repeat((int) Math.floorMod(random.nextLong(), 3000L));
                assertThat(exchange(machine, talk, "SET " + key + " " + value)).isEqualTo("+OK|");
                model.put(key, value);
            }
            case 1 -> {
                exchange(machine, talk, "APPEND " + key + " abc");
                model.merge(key, "abc", String::concat);
            }
            case 2 -> {
                exchange(machine, talk, "DEL " + key);
                model.remove(key);
            }
            case 3 -> {
                String reply = exchange(machine, talk, "RENAME " + key + " " + other);
                if (model.containsKey(key)) {
                    assertThat(reply).isEqualTo("+OK|");
                    model.put(other, model.get(key));
                    if (!key.equals(other)) {
                        model.remove(key);
                    }
                }
            }
            default -> {
                exchange(machine, talk, "COPY " + key + " " + other + " REPLACE");
                if (model.containsKey(key) && !key.equals(other)) {
                    model.put(other, model.get(key));
                }
            }
        }
    }

    @Test
    void keepsTimesOfExpiryAndValuesOfManyRecords() throws Exception {
        try (StoredDisk machine = new StoredDisk(3, DISK_BYTES)) {
            KvPlatform platform = boot(machine, EVERY_SECOND);
            Talk talk = new Talk(platform);
            String large = "0123456789".repeat(20_000);
            talk.expect("SET t v PX 5000", "+OK|").expect("SET large " + large, "+OK|");
            talk.expect("SET gone v PX 1500", "+OK|");
            for (int i = 0; i < 3; i++) {
                platform.passMillis(1000);
                machine.settle();
            }
            platform.close();
            machine.failPower(SimulatedDisk.Fate.LOST);
            KvPlatform again = boot(machine, EVERY_SECOND);
            Talk reader = new Talk(again);
            // The platform's clock begins anew.
            reader.expect("TTL t", ":5|").expect("STRLEN large", ":200000|").expect("EXISTS gone", ":0|");
            again.close();
        }
    }

    @Test
    void rewritesALogThatHasGrown() throws Exception {
        try (StoredDisk machine = new StoredDisk(4, DISK_BYTES)) {
            KvPlatform platform = boot(machine, EVERY_SECOND);
            Talk talk = new Talk(platform);
            String value = "x".repeat(5000);
            for (int i = 0; i < 2000; i++) {
                talk.expect("SET k" + i % 20 + " " + i + value, "+OK|");
                platform.passMillis(10);
                machine.settle();
            }
            platform.passMillis(3000);
            machine.settle();
            talk.send("INFO persistence");
            assertThat(talk.take()).contains("aof_last_write_status:ok");
            platform.close();
            machine.failPower(SimulatedDisk.Fate.LOST);
            KvPlatform again = boot(machine, EVERY_SECOND);
            new Talk(again).expect("GET k19", "$5004|1999" + value + "|").expect("DBSIZE", ":20|");
            again.close();
        }
    }

    @Test
    void refusesWritesWhenTheLogIsFull() throws Exception {
        try (StoredDisk machine = new StoredDisk(5, DISK_BYTES)) {
            KvPlatform platform = boot(machine, "appendonly always\naof-log-size 256kb\n");
            Talk talk = new Talk(platform);
            String reply = "+OK|";
            int written = 0;
            while (reply.equals("+OK|")) {
                reply = exchange(machine, talk, "SET k" + written++ + " " + "x".repeat(2000));
            }
            assertThat(reply).isEqualTo("-MISCONF Errors writing to the AOF file: No space left in the log|");
            talk.expect("GET k0", "$2000|" + "x".repeat(2000) + "|");
            assertThat(exchange(machine, talk, "DEL k1"))
                    .as("deleting keys is what helps")
                    .isEqualTo(":1|");
            platform.close();
            KvPlatform again = boot(machine, ALWAYS);
            new Talk(again).expect("DBSIZE", ":" + (written - 2) + "|");
            again.close();
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Keys over the wire: expiry, names, walks, and the connection itself. */
class KeyConversationTest {
    private KvPlatform platform;
    private Talk talk;

    @BeforeEach
    void start() {
        platform = new KvPlatform();
        talk = new Talk(platform);
    }

    @AfterEach
    void stop() {
        platform.close();
    }

    @Test
    void expires() {
        talk.expect("SET k v", "+OK|")
                .expect("TTL k", ":-1|")
                .expect("TTL none", ":-2|")
                .expect("PEXPIRE k 1000", ":1|")
                .expect("PTTL k", ":1000|")
                .expect("EXPIRE k 5 GT", ":1|")
                .expect("EXPIRE k 3 GT", ":0|")
                .expect("EXPIRE k 3 LT", ":1|")
                .expect("EXPIRE k 3 NX", ":0|")
                .expect("EXPIRE k 3 NX XX", "-ERR NX and XX, GT or LT options at the same time are not compatible|")
                .expect("PERSIST k", ":1|")
                .expect("PERSIST k", ":0|")
                .expect("EXPIRE k 3 XX", ":0|")
                .expect("GETEX k PX 10", "$1|v|");
        platform.passMillis(11);
        talk.expect("EXISTS k", ":0|")
                .expect("SET k v", "+OK|")
                .expect("EXPIRE k -1", ":1|")
                .expect("DBSIZE", ":0|");
    }

    @Test
    void removesWhatExpiredThoughNobodyAsks() {
        for (int i = 0; i < 500; i++) {
            talk.expect("SET k" + i + " v PX " + (i < 400 ? 50 : 5000), "+OK|");
        }
        platform.passMillis(2000);
        assertThat(platform.server().keyspace.size()).isBetween(100, 130);
    }

    @Test
    void renamesMovesAndCopies() {
        talk.expect("SET a 1 EX 100", "+OK|")
                .expect("RENAME a b", "+OK|")
                .expect("TTL b", ":100|")
                .expect("RENAME a b", "-ERR no such key|")
                .expect("SET c long-enough-to-be-no-number", "+OK|")
                .expect("RENAMENX b c", ":0|")
                .expect("COPY c d", ":1|")
                .expect("COPY b d", ":0|")
                .expect("COPY b d REPLACE", ":1|")
                .expect("GET d", "$1|1|")
                .expect("TTL d", ":100|")
                .expect("MOVE d 3", ":1|")
                .expect("EXISTS d b c", ":2|")
                .expect("SELECT 3", "+OK|")
                .expect("GET d", "$1|1|")
                .expect("SWAPDB 0 3", "+OK|")
                .expect("GET c", "$28|long-enough-to-be-no-number|".replace("28", "27"))
                .expect("SELECT 16", "-ERR DB index is out of range|");
    }

    @Test
    void walksOverAllKeysWhileTheyChange() {
        Set<String> permanent = new HashSet<>();
        for (int i = 0; i < 3000; i++) {
            permanent.add("stays" + i);
            talk.expect("SET stays" + i + " x", "+OK|");
        }
        Set<String> seen = new HashSet<>();
        String cursor = "0";
        int round = 0;
        do {
            talk.send("SCAN " + cursor + " COUNT 50");
            String[] lines = talk.take().split("\\|");
            cursor = lines[2];
            for (int i = 5; i < lines.length; i += 2) {
                seen.add(lines[i]);
            }
            for (int i = 0; i < 40; i++) {
                // The table grows at first, and shrinks later.
                talk.send((round < 30 ? "SET " : "DEL ") + "goes" + (round % 30 * 40 + i) + (round < 30 ? " x" : ""));
                talk.take();
            }
            round++;
        } while (!cursor.equals("0"));
        assertThat(seen).containsAll(permanent);
        talk.expect("FLUSHALL", "+OK|").expect("DBSIZE", ":0|");
        platform.passMillis(50);
        assertThat(platform.server().slabs.usedBytes()).isZero();
    }

    @Test
    void matchesPatterns() {
        talk.expect("MSET hello 1 hallo 2 hxllo 3 h?llo 4", "+OK|")
                .expect("KEYS h[ae]llo", "*2|" + keysOf("h[ae]llo"))
                .expect("KEYS h\\?llo", "*1|$5|h?llo|")
                .expect("KEYS *z*", "*0|");
    }

    private String keysOf(String pattern) {
        talk.send("KEYS " + pattern);
        return talk.take().substring(3);
    }

    @Test
    void speaksBothProtocols() {
        talk.expect("HELLO 4", "-NOPROTO unsupported protocol version|");
        talk.send("HELLO 3 SETNAME me");
        assertThat(talk.take()).startsWith("%7|$6|server|$5|redis|").contains("$5|proto|:3|");
        talk.expect("GET none", "_|")
                .expect("CLIENT GETNAME", "$2|me|")
                .expect("CONFIG GET maxmemory", "%1|$9|maxmemory|$1|0|")
                .expect("RESET", "+RESET|")
                .expect("GET none", "$-1|")
                .expect("CONFIG GET save", "*2|$4|save|$0||")
                .expect("CLIENT GETNAME", "$-1|");
    }

    @Test
    void asksForThePassword() {
        try (KvPlatform locked = new KvPlatform("requirepass \"open sesame\"\n", 1, 16 << 20)) {
            Talk stranger = new Talk(locked);
            stranger.expect("GET k", "-NOAUTH Authentication required.|")
                    .expect("AUTH wrong", "-WRONGPASS invalid username-password pair or user is disabled.|")
                    .expect("AUTH \"open sesame\"", "+OK|")
                    .expect("GET k", "$-1|");
        }
    }

    @Test
    void saysWhatIsWrongWithItsConfiguration() {
        refuses("port 1\nmaxmemory lots\n", "kv.properties, line 2: maxmemory must be");
        refuses("requirepass " + "x".repeat(513), "line 1: requirepass must have 512 bytes at most");
        refuses("requirepass " + "x".repeat(5000), "line 1: requirepass must have 512 bytes at most");
        refuses("requirepass\n", "line 1: requirepass needs a value");
        refuses("requirepass =\n", "line 1: requirepass needs a value");
    }

    private static void refuses(String configuration, String complaint) {
        try (KvPlatform broken = new KvPlatform(configuration, 1, 16 << 20)) {
            assertThat(broken.exitStatus()).isEqualTo(1);
            assertThat(broken.console.get(0)).contains(complaint);
        }
    }

    @Test
    void takesTheLongestPasswordAndNone() {
        String longest = "x".repeat(512);
        try (KvPlatform locked = new KvPlatform("requirepass " + longest, 1, 16 << 20)) {
            new Talk(locked)
                    .expect("GET k", "-NOAUTH Authentication required.|")
                    .expect("AUTH " + longest, "+OK|");
        }
        try (KvPlatform open = new KvPlatform("requirepass \"\"\n", 1, 16 << 20)) {
            new Talk(open).expect("GET k", "$-1|");
        }
    }

    @Test
    void evictsOrRefuses() {
        String filler = "x".repeat(1000);
        try (KvPlatform small = new KvPlatform("maxmemory 1mb\n", 1, 16 << 20)) {
            Talk writer = new Talk(small);
            String reply = "+OK|";
            for (int i = 0; reply.equals("+OK|"); i++) {
                writer.send("SET k" + i + " " + filler);
                reply = writer.take();
            }
            assertThat(reply).isEqualTo("-OOM command not allowed when used memory > 'maxmemory'.|");
            writer.expect("DEL k0", ":1|").expect("CONFIG SET maxmemory-policy allkeys-lru", "+OK|");
            for (int i = 0; i < 3000; i++) {
                writer.expect("SET m" + i + " " + filler, "+OK|");
            }
            assertThat(small.server().slabs.usedBytes()).isLessThan(1_060_000);
            assertThat(small.server().keyspace.evicted).isGreaterThan(2000);
        }
    }

    @Test
    void tellsAboutItself() {
        talk.send("INFO");
        assertThat(talk.take()).contains("redis_version:7.0.15|", "used_memory:", "# Keyspace|");
        talk.send("COMMAND INFO get");
        assertThat(talk.take()).startsWith("*1|*10|$3|get|:2|*2|+readonly|+fast|:1|:1|:1|");
        talk.send("CLIENT LIST");
        assertThat(talk.take()).contains("cmd=client");
        talk.expect("CLIENT NOSUCH", "-ERR unknown subcommand 'NOSUCH'. Try CLIENT HELP.|")
                .expect("CLIENT SETNAME", "-ERR wrong number of arguments for 'client|setname' command|")
                .expect(
                        "CONFIG SET port 1",
                        "-ERR CONFIG SET failed (possibly related to argument 'port') - can't set immutable config|");
    }

    /** A reply that does not fit holds the client, and what follows waits. */
    @Test
    void slowsDownWhoDoesNotRead() {
        talk.expect("SET big " + "y".repeat(10_000), "+OK|");
        talk.connection().setSpace(100);
        talk.connection()
                .arrive(new String(Talk.encode("GET", "big"), java.nio.charset.StandardCharsets.ISO_8859_1).repeat(20));
        assertThat(talk.connection().takeSent()).hasSize(100);
        int received = 100;
        for (int i = 0; i < 300; i++) {
            talk.connection().setSpace(1000);
            received += talk.connection().takeSent().length;
        }
        assertThat(received).isEqualTo(20 * 10_010);
        talk.connection().setSpace(Integer.MAX_VALUE);
        talk.expect("DEL big", ":1|");
        assertThat(platform.server().slabs.usedBytes()).isLessThan(20_000);
    }
}

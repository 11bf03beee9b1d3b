// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.unimark.keel.net.socket.CloseReason;
import org.unimark.keel.simulation.SimulatedDisk;
import org.unimark.keel.storage.StoredDisk;

/** Commands that wait for something to pop. */
class BlockingConversationTest {
    private KvPlatform platform;
    private Talk talk;
    private Talk first;
    private Talk second;

    @BeforeEach
    void start() {
        platform = new KvPlatform();
        talk = new Talk(platform);
        first = new Talk(platform);
        second = new Talk(platform);
    }

    @AfterEach
    void stop() {
        platform.close();
    }

    @Test
    void servesWhoHasWaitedLongest() {
        first.expect("BLPOP a b 0", "");
        second.expect("BRPOP b a 0", "");
        talk.expect("RPUSH a 1 2 3", ":3|");
        assertThat(first.take()).isEqualTo("*2|$1|a|$1|1|");
        assertThat(second.take()).isEqualTo("*2|$1|a|$1|3|");
        talk.expect("LRANGE a 0 -1", "*1|$1|2|");
    }

    @Test
    void goesOnWithWhatArrivedBehindTheCommand() {
        first.send("BLPOP a 0").send("ECHO x").expect("PING", "");
        talk.expect("LPUSH a v", ":1|");
        platform.passMillis(1);
        assertThat(first.take()).isEqualTo("*2|$1|a|$1|v|$1|x|+PONG|");
    }

    @Test
    void servesBetweenPipelinedCommandsButNotWithinATransaction() {
        first.expect("BLPOP a 0", "");
        talk.connection()
                .arrive(concatenated(
                        Talk.encode("LPUSH", "a", "1"), Talk.encode("LLEN", "a"), Talk.encode("LPUSH", "b", "2")));
        assertThat(talk.take()).isEqualTo(":1|:0|:1|");
        assertThat(first.take()).isEqualTo("*2|$1|a|$1|1|");
        first.expect("BLPOP c 0", "");
        talk.expect("MULTI", "+OK|")
                .expect("LPUSH c 1", "+QUEUED|")
                .expect("LLEN c", "+QUEUED|")
                .expect("DEL c", "+QUEUED|")
                .expect("LPUSH c 2", "+QUEUED|")
                .expect("BLPOP nothing 0", "+QUEUED|")
                .expect("EXEC", "*5|:1|:1|:1|:1|*-1|");
        assertThat(first.take()).isEqualTo("*2|$1|c|$1|2|");
    }

    private static byte[] concatenated(byte[]... parts) {
        java.io.ByteArrayOutputStream all = new java.io.ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    @Test
    void movesThroughSeveralThatWait() {
        first.expect("BLMOVE a b LEFT RIGHT 0", "");
        second.expect("BRPOPLPUSH b c 0", "");
        Talk third = new Talk(platform);
        third.expect("BLMPOP 0 2 x c LEFT COUNT 5", "");
        talk.expect("LPUSH a v", ":1|");
        assertThat(first.take()).isEqualTo("$1|v|");
        assertThat(second.take()).isEqualTo("$1|v|");
        assertThat(third.take()).isEqualTo("*2|$1|c|*1|$1|v|");
        talk.expect("EXISTS a b c", ":0|");
    }

    @Test
    void leavesTheElementIfItCannotBeMoved() {
        first.expect("BLMOVE a text LEFT LEFT 0", "");
        second.expect("BLPOP a 0", "");
        talk.expect("SET text x", "+OK|").expect("RPUSH a v", ":1|");
        assertThat(first.take()).startsWith("-WRONGTYPE ");
        assertThat(second.take()).isEqualTo("*2|$1|a|$1|v|");
    }

    @Test
    void waitsForTheRightTypeHoweverItComes() {
        first.expect("BLPOP a 0", "");
        second.expect("BZPOPMIN a 0", "");
        talk.expect("SET a x", "+OK|").expect("DEL a", ":1|").expect("ZADD a 1 m 2 n", ":2|");
        assertThat(second.take()).isEqualTo("*3|$1|a|$1|m|$1|1|");
        talk.expect("RPUSH b v", ":1|").expect("RENAME b a", "+OK|");
        assertThat(first.take()).isEqualTo("*2|$1|a|$1|v|");
        first.expect("BLPOP a 0", "");
        talk.expect("SELECT 1", "+OK|").expect("RPUSH a w", ":1|");
        assertThat(first.take()).isEmpty();
        talk.expect("SWAPDB 0 1", "+OK|");
        assertThat(first.take()).isEqualTo("*2|$1|a|$1|w|");
    }

    @Test
    void endsTheWaitInTime() {
        first.expect("BLPOP a 0.05", "");
        second.expect("BLMOVE a b LEFT LEFT 0.1", "");
        platform.passMillis(49);
        assertThat(first.take()).isEmpty();
        platform.passMillis(3);
        assertThat(first.take()).isEqualTo("*-1|");
        first.send("HELLO 3").take();
        first.expect("BZMPOP 0.05 1 a MIN", "");
        platform.passMillis(60);
        assertThat(first.take()).isEqualTo("_|");
        assertThat(second.take()).isEqualTo("*-1|");
        talk.expect("RPUSH a v", ":1|").expect("LLEN a", ":1|");
        first.expect("BLPOP a 1e300", "-ERR timeout is negative|")
                .expect("BLPOP a -1", "-ERR timeout is negative|")
                .expect("BLPOP a x", "-ERR timeout is not a float or out of range|");
    }

    @Test
    void isEndedByOthers() {
        first.send("CLIENT ID");
        String id = first.take().substring(1).replace("|", "");
        first.expect("BLPOP a 0", "");
        assertThat(talk.send("INFO clients").take()).contains("blocked_clients:1|");
        talk.expect("CLIENT UNBLOCK " + id + " ERROR", ":1|").expect("CLIENT UNBLOCK " + id, ":0|");
        assertThat(first.take()).isEqualTo("-UNBLOCKED client unblocked via CLIENT UNBLOCK|");
        first.expect("BLPOP a 0", "");
        talk.expect("CLIENT UNBLOCK " + id, ":1|").expect("RPUSH a v", ":1|");
        assertThat(first.take()).isEqualTo("*-1|");
        second.expect("BLPOP b 0", "");
        second.connection().end(CloseReason.RESET);
        talk.expect("RPUSH b v", ":1|").expect("LLEN b", ":1|");
        assertThat(talk.send("INFO clients").take()).contains("blocked_clients:0|");
    }

    @Test
    void takesNothingForWhoIsBeingKilled() {
        first.send("CLIENT ID");
        String id = first.take().substring(1).replace("|", "");
        first.expect("BLPOP a 0", "");
        talk.expect("MULTI", "+OK|")
                .expect("CLIENT KILL ID " + id, "+QUEUED|")
                .expect("LPUSH a v", "+QUEUED|")
                .expect("EXEC", "*2|:1|:1|")
                .expect("LLEN a", ":1|");
    }

    @Test
    void givesBackWhatWaitingTook() {
        talk.expect("LPUSH k1999 v", ":1|").expect("LPOP k1999", "$1|v|");
        long before = platform.server().slabs.usedBytes();
        StringBuilder keys = new StringBuilder();
        for (int i = 0; i < 2000; i++) {
            keys.append(" k").append(i);
        }
        for (int round = 0; round < 3; round++) {
            first.expect("BLPOP" + keys + " 0", "");
            second.expect("BRPOP k1999 k1999 0.01", "");
            platform.passMillis(20);
            assertThat(second.take()).isEqualTo("*-1|");
            talk.expect("LPUSH k1999 v", ":1|");
            assertThat(first.take()).isEqualTo("*2|$5|k1999|$1|v|");
            assertThat(platform.server().slabs.usedBytes()).isEqualTo(before);
        }
    }

    @Test
    void keepsManyInLine() {
        Talk[] many = new Talk[2000];
        for (int i = 0; i < many.length; i++) {
            many[i] = new Talk(platform);
            many[i].expect("BLPOP jobs 0", "");
        }
        for (int i = 0; i < many.length; i++) {
            talk.expect("RPUSH jobs j" + i, ":1|");
            String job = "j" + i;
            assertThat(many[i].take()).isEqualTo("*2|$4|jobs|$" + job.length() + "|" + job + "|");
        }
    }

    @Test
    void survivesInTheLogAsWhatWasDone() throws Exception {
        try (StoredDisk machine = new StoredDisk(7, 8 << 20)) {
            machine.open();
            KvPlatform durable = new KvPlatform("appendonly always\naof-log-size 3mb\n", 1, 14 << 20, machine.storage);
            Talk waiting = new Talk(durable);
            Talk moving = new Talk(durable);
            Talk pushing = new Talk(durable);
            waiting.send("BLPOP nothing a 0");
            moving.send("BLMOVE a b LEFT LEFT 0");
            pushing.send("RPUSH a 1 2 3").send("ZADD z 1 m").send("BZPOPMAX z 0");
            assertThat(waiting.take()).isEmpty();
            machine.settle();
            assertThat(waiting.take()).isEqualTo("*2|$1|a|$1|1|");
            assertThat(moving.take()).isEqualTo("$1|2|");
            durable.close();
            machine.failPower(SimulatedDisk.Fate.LOST);
            machine.open();
            KvPlatform again = new KvPlatform("appendonly always\naof-log-size 3mb\n", 1, 14 << 20, machine.storage);
            new Talk(again)
                    .expect("LRANGE a 0 -1", "*1|$1|3|")
                    .expect("LRANGE b 0 -1", "*1|$1|2|")
                    .expect("EXISTS z", ":0|");
            again.close();
        }
    }
}

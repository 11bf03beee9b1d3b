// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Strings over the wire. */
class StringConversationTest {
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
    void setsAndGets() {
        talk.expect("SET key value", "+OK|")
                .expect("get key", "$5|value|")
                .expect("GET other", "$-1|")
                .expect("DEL key other", ":1|")
                .expect("GET key", "$-1|")
                .expect("DBSIZE", ":0|");
    }

    @Test
    void obeysTheOptionsOfSet() {
        talk.expect("SET k a NX", "+OK|")
                .expect("SET k b NX", "$-1|")
                .expect("SET k b XX", "+OK|")
                .expect("SET k c GET", "$1|b|")
                .expect("SET k d NX GET", "$1|c|")
                .expect("SET k d EX", "-ERR syntax error|")
                .expect("SET k d EX 0", "-ERR invalid expire time in 'set' command|")
                .expect("SET k d EX x", "-ERR value is not an integer or out of range|")
                .expect("SET k d EX 9223372036854775807", "-ERR invalid expire time in 'set' command|")
                .expect("SET k d NX XX", "-ERR syntax error|")
                .expect("SET k d PX 100 KEEPTTL", "-ERR syntax error|")
                .expect("SET k d PX 100", "+OK|")
                .expect("SET k e KEEPTTL", "+OK|");
        platform.passMillis(99);
        talk.expect("GET k", "$1|e|");
        platform.passMillis(2);
        talk.expect("GET k", "$-1|").expect("DBSIZE", ":0|");
    }

    @Test
    void forgetsTheTimeWhenItIsOverwritten() {
        talk.expect("SET k a PX 100", "+OK|").expect("SET k a", "+OK|");
        platform.passMillis(200);
        talk.expect("GET k", "$1|a|");
    }

    @Test
    void countsAsLongsDo() {
        talk.expect("INCR n", ":1|")
                .expect("INCRBY n 41", ":42|")
                .expect("GET n", "$2|42|")
                .expect("DECRBY n 2", ":40|")
                .expect("SET n 9223372036854775807", "+OK|")
                .expect("INCR n", "-ERR increment or decrement would overflow|")
                .expect("GET n", "$19|9223372036854775807|")
                .expect("DECRBY n -9223372036854775808", "-ERR decrement would overflow|")
                .expect("SET s 007", "+OK|")
                .expect("INCR s", "-ERR value is not an integer or out of range|")
                .expect("GET s", "$3|007|");
    }

    @Test
    void changesParts() {
        talk.expect("APPEND k Hello", ":5|")
                .expect("APPEND k \" World\"", ":11|")
                .expect("GETRANGE k 0 4", "$5|Hello|")
                .expect("GETRANGE k -5 -1", "$5|World|")
                .expect("SETRANGE k 6 Redis", ":11|")
                .expect("GET k", "$11|Hello Redis|")
                .expect("SETRANGE z 3 x", ":4|")
                .expect("GET z", "$4|\0\0\0x|")
                .expect("SETRANGE z 536870912 x", "-ERR string exceeds maximum allowed size (proto-max-bulk-len)|")
                .expect("STRLEN k", ":11|");
    }

    @Test
    void setsSeveral() {
        talk.expect("MSET a 1 b 2", "+OK|")
                .expect("MGET a b c", "*3|$1|1|$1|2|$-1|")
                .expect("MSETNX b 3 c 4", ":0|")
                .expect("MSETNX c 4", ":1|")
                .expect("MSET a 1 b", "-ERR wrong number of arguments for 'mset' command|");
    }

    @Test
    void answersPipelinedCommandsTogether() {
        talk.connection().arrive("*2\r\n$4\r\nINCR\r\n$1\r\nn\r\n".repeat(100));
        assertThat(talk.take()).startsWith(":1|:2|").endsWith(":99|:100|");
    }

    @Test
    void acceptsLongValuesInAnyPortions() {
        String value = "0123456789".repeat(5000);
        byte[] request = Talk.encode("SET", "long", value);
        for (int at = 0; at < request.length; at += 777) {
            talk.connection().arrive(java.util.Arrays.copyOfRange(request, at, Math.min(request.length, at + 777)));
        }
        assertThat(talk.take()).isEqualTo("+OK|");
        talk.expect("GET long", "$50000|" + value + "|");
        talk.expect("APPEND long x", ":50001|").expect("GET long", "$50001|" + value + "x|");
    }

    @Test
    void acceptsLinesOfWords() {
        talk.connection().arrive("SET k \"a\\x41 \\\"b\"\r\nGET k\nPING\r\n");
        assertThat(talk.take()).isEqualTo("+OK|$5|aA \"b|+PONG|");
    }

    @Test
    void refusesWhatIsNoCommand() {
        talk.expect("NOSUCH a b", "-ERR unknown command 'NOSUCH', with args beginning with: 'a' 'b' |")
                .expect("GET", "-ERR wrong number of arguments for 'get' command|");
        talk.connection().arrive("*1\r\n+x\r\n");
        assertThat(talk.take()).isEqualTo("-ERR Protocol error: expected '$', got '+'|");
        assertThat(talk.connection().isClosing()).isTrue();
    }

    @Test
    void objectsToALengthOfOneCharacterThatIsNoDigit() {
        for (String length : new String[] {"x", "-", "+"}) {
            talk = new Talk(platform);
            talk.connection().arrive("*1\r\n$" + length + "\r\n$4\r\nPING\r\n");
            assertThat(talk.take()).isEqualTo("-ERR Protocol error: invalid bulk length|");
        }
    }

    @Test
    void tellsCountersOfTheSystemToWhoAsks() {
        platform.counters().counter("loop.turns").add(7);
        assertThat(talk.send("INFO keel").take()).contains("# Keel|").contains("loop.turns:7|");
        assertThat(talk.send("INFO everything").take()).contains("# Keel|", "# Memory|");
        assertThat(talk.send("INFO").take()).contains("# Memory|").doesNotContain("# Keel|");
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.unimark.keel.net.socket.CloseReason;

/** Messages to whoever listens. */
class PubSubConversationTest {
    private static final String REFUSED =
            ": only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context|";

    private KvPlatform platform;
    private Talk talk;
    private Talk listener;

    @BeforeEach
    void start() {
        platform = new KvPlatform();
        talk = new Talk(platform);
        listener = new Talk(platform);
    }

    @AfterEach
    void stop() {
        platform.close();
    }

    @Test
    void deliversToChannelsAndPatterns() {
        listener.expect("SUBSCRIBE news", "*3|$9|subscribe|$4|news|:1|")
                .expect("SUBSCRIBE news", "*3|$9|subscribe|$4|news|:1|")
                .expect("PSUBSCRIBE n*", "*3|$10|psubscribe|$2|n*|:2|");
        talk.expect("PUBLISH other x", ":0|").expect("PUBLISH news \"a b\"", ":2|");
        assertThat(listener.take()).isEqualTo("*3|$7|message|$4|news|$3|a b|*4|$8|pmessage|$2|n*|$4|news|$3|a b|");
        listener.expect("UNSUBSCRIBE", "*3|$11|unsubscribe|$4|news|:1|")
                .expect("PUNSUBSCRIBE x", "*3|$12|punsubscribe|$1|x|:1|")
                .expect("PUNSUBSCRIBE", "*3|$12|punsubscribe|$2|n*|:0|")
                .expect("UNSUBSCRIBE", "*3|$11|unsubscribe|$-1|:0|");
        talk.expect("PUBLISH news x", ":0|");
        listener.expect("GET news", "$-1|");
    }

    @Test
    void admitsLittleToListenersOfTheOldProtocol() {
        listener.expect("SUBSCRIBE a", "*3|$9|subscribe|$1|a|:1|")
                .expect("GET a", "-ERR Can't execute 'get'" + REFUSED)
                .expect("CLIENT ID", "-ERR Can't execute 'client|id'" + REFUSED)
                .expect("MULTI", "-ERR Can't execute 'multi'" + REFUSED)
                .expect("SPUBLISH a b", "-ERR unknown command 'SPUBLISH', with args beginning with: 'a' 'b' |")
                .expect("PING", "*2|$4|pong|$0||")
                .expect("RESET", "+RESET|")
                .expect("GET a", "$-1|");
        talk.expect("PUBSUB CHANNELS", "*0|");
    }

    @Test
    void admitsEverythingToThoseOfTheNew() {
        listener.send("HELLO 3").take();
        listener.expect("SUBSCRIBE a b", ">3|$9|subscribe|$1|a|:1|>3|$9|subscribe|$1|b|:2|")
                .expect("SET k v", "+OK|")
                .expect("PUBLISH a m", ">3|$7|message|$1|a|$1|m|:1|")
                .expect("CLIENT REPLY OFF", "")
                .expect("GET k", "")
                .expect("UNSUBSCRIBE b", ">3|$11|unsubscribe|$1|b|:1|");
        talk.expect("PUBLISH a m", ":1|");
        assertThat(listener.take()).isEqualTo(">3|$7|message|$1|a|$1|m|");
    }

    @Test
    void keepsMessagesOutOfTheReplyToExec() {
        talk.send("HELLO 3").take();
        talk.expect("MULTI", "+OK|")
                .expect("SUBSCRIBE a", "+QUEUED|")
                .expect("PUBLISH a m", "+QUEUED|")
                .expect("GET k", "+QUEUED|")
                .expect("EXEC", "*3|>3|$9|subscribe|$1|a|:1|:1|_|>3|$7|message|$1|a|$1|m|");
    }

    @Test
    void tellsWhoListens() {
        listener.send("SUBSCRIBE a ab b").send("PSUBSCRIBE a* b*").take();
        talk.expect("PUBSUB NUMSUB a c", "*4|$1|a|:1|$1|c|:0|")
                .expect("PUBSUB NUMPAT", ":2|")
                .expect("PUBSUB CHANNELS b*", "*1|$1|b|")
                .expect(
                        "PUBSUB CHANNELS a b",
                        "-ERR unknown subcommand or wrong number of arguments for 'CHANNELS'. Try PUBSUB HELP.|")
                .expect("PUBSUB NUMPAT x", "-ERR wrong number of arguments for 'pubsub|numpat' command|")
                .expect("PUBSUB SHARDCHANNELS", "-ERR unknown subcommand 'SHARDCHANNELS'. Try PUBSUB HELP.|");
        assertThat(talk.send("PUBSUB CHANNELS").take()).startsWith("*3|").contains("|a|", "|ab|", "|b|");
        assertThat(talk.send("CLIENT LIST").take()).contains("flags=P", "sub=3 psub=2");
        assertThat(talk.send("INFO stats").take()).contains("pubsub_channels:3|pubsub_patterns:2|");
        listener.connection().end(CloseReason.RESET);
        talk.expect("PUBSUB CHANNELS", "*0|").expect("PUBSUB NUMPAT", ":0|");
    }

    @Test
    void givesBackWhatSubscriptionsTook() {
        long before = platform.server().slabs.usedBytes();
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < 3000; i++) {
                listener.send("SUBSCRIBE channel" + i).send("PSUBSCRIBE p" + i % 100);
            }
            listener.take();
            talk.expect("PUBLISH channel2999 x", ":1|").expect("PUBSUB NUMPAT", ":100|");
            listener.send(round == 1 ? "RESET" : "UNSUBSCRIBE")
                    .send("PUNSUBSCRIBE")
                    .take();
            talk.expect("PUBLISH channel2999 x", ":0|").expect("PUBSUB CHANNELS", "*0|");
            assertThat(platform.server().slabs.usedBytes()).isEqualTo(before);
        }
    }

    @Test
    void refusesPatternsBeyondItsLimit() {
        for (int i = 0; i < 1024; i++) {
            listener.send("PSUBSCRIBE p" + i);
        }
        listener.take();
        listener.expect("PSUBSCRIBE more", "-ERR too many patterns have subscribers|");
        talk.expect("PUBLISH p7 x", ":1|");
    }

    @Test
    void cutsOffWhoDoesNotRead() {
        Talk quick = new Talk(platform);
        quick.send("SUBSCRIBE a").take();
        listener.send("SUBSCRIBE a").take();
        listener.connection().setSpace(1000);
        String message = "x".repeat(100_000);
        int sent = 0;
        while (!listener.connection().isAborted() && sent < 1000) {
            talk.sendWords("PUBLISH", "a", message).take();
            assertThat(quick.take()).endsWith(message + "|");
            sent++;
        }
        assertThat(sent).isLessThan(1000);
        platform.passMillis(1);
        talk.expect("PUBSUB NUMSUB a", "*2|$1|a|:1|");
        assertThat(talk.send("INFO stats").take()).contains("client_output_buffer_limit_disconnections:1|");
    }

    @Test
    void isFairToManyListenersWithoutABlockOfMemoryForEach() {
        Talk[] many = new Talk[2000];
        for (int i = 0; i < many.length; i++) {
            many[i] = new Talk(platform);
            many[i].send("SUBSCRIBE a").take();
        }
        long before = platform.server().slabs.peakBytes();
        talk.expect("PUBLISH a hello", ":2000|");
        for (Talk one : many) {
            assertThat(one.take()).isEqualTo("*3|$7|message|$1|a|$5|hello|");
        }
        assertThat(platform.server().slabs.peakBytes() - before).isLessThan(2000 * 600);
    }
}

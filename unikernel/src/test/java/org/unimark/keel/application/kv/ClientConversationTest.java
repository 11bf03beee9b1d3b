// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.unimark.keel.net.socket.CloseReason;

/** What clients can do to others: crowd them out, list them, make them wait. */
class ClientConversationTest {
    private final KvPlatform platform = new KvPlatform("maxclients 4\n", 1, 18 << 20);
    private final Talk talk = new Talk(platform);
    private final Talk other = new Talk(platform);

    @AfterEach
    void stop() {
        platform.close();
    }

    @Test
    void tellsWhoIsTooMany() {
        new Talk(platform);
        Talk last = new Talk(platform);
        for (int i = 0; i < 3; i++) {
            Talk tooMany = new Talk(platform);
            assertThat(tooMany.take()).isEqualTo("-ERR max number of clients reached|");
            assertThat(tooMany.connection().isClosing()).isTrue();
            tooMany.connection().end(CloseReason.FINISHED);
        }
        assertThat(talk.send("INFO stats").take()).contains("|rejected_connections:3|");
        last.connection().end(CloseReason.RESET);
        new Talk(platform).expect("PING", "+PONG|");
    }

    @Test
    void listsClientsOfAType() {
        other.send("SUBSCRIBE news").take();
        assertThat(talk.send("CLIENT LIST TYPE normal").take())
                .contains("id=1 ")
                .doesNotContain("id=2 ");
        assertThat(talk.send("CLIENT LIST TYPE PUBSUB").take())
                .contains("id=2 ")
                .doesNotContain("id=1 ");
        talk.expect("CLIENT LIST TYPE replica", "$0||")
                .expect("CLIENT LIST TYPE some", "-ERR Unknown client type 'some'|")
                .expect("CLIENT LIST ID x", "-ERR Invalid client ID|")
                .expect("CLIENT KILL TYPE some", "-ERR Unknown client type 'some'|")
                .expect("CLIENT KILL NAME some", "-ERR syntax error|")
                .expect("CLIENT KILL ID 0", "-ERR client-id should be greater than 0|");
    }

    @Test
    void aPauseMakesAllWait() {
        talk.expect("CLIENT PAUSE 100", "+OK|").expect("PING", "");
        other.expect("SET k v", "").expect("GET k", "");
        Talk late = new Talk(platform).expect("PING", "");
        platform.passMillis(98);
        assertThat(other.take()).isEmpty();
        platform.passMillis(4);
        assertThat(talk.take()).isEqualTo("+PONG|");
        assertThat(other.take()).isEqualTo("+OK|$1|v|");
        assertThat(late.take()).isEqualTo("+PONG|");
    }

    @Test
    void aPauseOfWritesLetsReadersThrough() {
        talk.expect("SET k v", "+OK|")
                .expect("CLIENT PAUSE 50 WRITE", "+OK|")
                .expect("CLIENT PAUSE 10000 WRITE", "+OK|");
        other.expect("GET k", "$1|v|")
                .expect("MULTI", "+OK|")
                .expect("GET k", "+QUEUED|")
                .expect("EXEC", "*1|$1|v|");
        Talk late = new Talk(platform);
        late.expect("RESET", "+RESET|")
                .expect("CLIENT REPLY SKIP", "")
                .expect("SET k w", "")
                .expect("GET k", "");
        other.expect("PUBLISH a b", "").expect("PING", "");
        platform.passMillis(100);
        talk.expect("GET k", "$1|v|").expect("CLIENT UNPAUSE", "+OK|");
        settle();
        assertThat(late.take()).isEqualTo("$1|w|");
        assertThat(other.take()).isEqualTo(":0|+PONG|");
        talk.expect("SET k x", "+OK|");
    }

    private void settle() {
        platform.passMillis(1);
    }

    @Test
    void aTransactionThatWritesWaits() {
        other.expect("MULTI", "+OK|").expect("SET k v", "+QUEUED|");
        talk.expect("CLIENT PAUSE 1000 write", "+OK|");
        other.expect("EXEC", "");
        talk.expect("GET k", "$-1|").expect("CLIENT UNPAUSE", "+OK|");
        settle();
        assertThat(other.take()).isEqualTo("*1|+OK|");
    }

    @Test
    void aLongRequestWaitsWhereItIs() {
        byte[] request = Talk.encode("SET", "k", "v".repeat(100_000));
        other.connection().arrive(Arrays.copyOf(request, 20_000));
        talk.expect("CLIENT PAUSE 1000 WRITE", "+OK|");
        other.connection().arrive(Arrays.copyOfRange(request, 20_000, request.length));
        Talk late = new Talk(platform);
        late.connection().arrive(request);
        talk.expect("EXISTS k", ":0|").expect("CLIENT UNPAUSE", "+OK|");
        settle();
        assertThat(other.take()).isEqualTo("+OK|");
        assertThat(late.take()).isEqualTo("+OK|");
    }

    @Test
    void aRequestOfAnyLengthGetsRoom() {
        for (int bytes :
                new int[] {1, 256, 257, 20_000, 5_000_000, LongRequest.MAXIMUM_BYTES - 1, LongRequest.MAXIMUM_BYTES}) {
            assertThat(LongRequest.capacityFor(bytes)).isGreaterThanOrEqualTo(bytes);
        }
    }

    @Test
    void aPauseHasATimeAndAMode() {
        talk.expect("CLIENT PAUSE", "-ERR wrong number of arguments for 'client|pause' command|")
                .expect("CLIENT PAUSE x", "-ERR timeout is not an integer or out of range|")
                .expect("CLIENT PAUSE -1", "-ERR timeout is negative|")
                .expect("CLIENT PAUSE 9223372036854775807", "-ERR timeout is out of range|")
                .expect("CLIENT PAUSE x some", "-ERR CLIENT PAUSE mode must be WRITE or ALL|")
                .expect("CLIENT PAUSE 9000000000000000000 WRITE", "+OK|")
                .expect("CLIENT UNPAUSE", "+OK|")
                .expect("SET k v", "+OK|");
    }
}

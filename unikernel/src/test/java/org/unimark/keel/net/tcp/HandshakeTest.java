// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.unimark.keel.net.tcp.Conversation.millis;
import static org.unimark.keel.net.tcp.Conversation.seconds;

import org.junit.jupiter.api.Test;
import org.unimark.keel.net.socket.ConnectionHandler;

/** LISTEN, SYN-SENT and SYN-RECEIVED (RFC 9293, 3.5 and 3.10.7). */
class HandshakeTest {
    @Test
    void answersASynWithTheOptionsThatThePeerOffers() {
        try (Conversation c = new Conversation().listening()) {
            c.peer(PeerSegment.of("S")
                    .mss(1460)
                    .sackPermitted()
                    .timestamps(5, 0)
                    .scale(7));
            c.expect("SA 0 ack 1 mss 1460 sackok ts scale 2");
            c.peer(PeerSegment.of("A").seq(1).ack(1).timestamps(6, c.lastTimestamp));
            assertThat(c.state()).isEqualTo(TcpState.ESTABLISHED);
            assertThat(c.count("connections_accepted")).isEqualTo(1);
            c.expectNothing();
        }
    }

    @Test
    void offersNothingThatThePeerDoesNotKnow() {
        try (Conversation c = new Conversation().listening()) {
            c.peer(PeerSegment.of("S"));
            c.expect("SA 0 ack 1 mss 1460");
        }
    }

    @Test
    void resetsASegmentToAPortWithoutListener() {
        try (Conversation c = new Conversation().start()) {
            c.peer(PeerSegment.of("S"));
            c.expect("RA 0 ack 1");
            c.peer(PeerSegment.of("A").seq(5).absoluteAck(77));
            c.expect("R 77");
            c.peer(PeerSegment.of("R").seq(5));
            c.expectNothing();
        }
    }

    @Test
    void sendsSynAndAcknowledgmentAgainAndForgetsAPeerThatStaysSilent() {
        try (Conversation c = new Conversation().listening()) {
            c.peer(PeerSegment.of("S"));
            c.expect("SA 0 ack 1 mss 1460");
            c.pass(millis(1002)).expect("SA 0 ack 1 mss 1460");
            c.pass(millis(1900)).expectNothing();
            c.pass(millis(102)).expect("SA 0 ack 1 mss 1460");
            c.pass(seconds(60));
            assertThat(c.sent).hasSize(2);
            assertThat(c.engine.connections()).isZero();
            assertThat(c.count("half_open_expired")).isEqualTo(1);
            assertThat(c.outstanding()).isZero();
        }
    }

    @Test
    void answersTheSameSynAgainWithTheSameNumbers() {
        try (Conversation c = new Conversation().listening()) {
            c.peer(PeerSegment.of("S"));
            c.expect("SA 0 ack 1 mss 1460");
            int initial = c.ownInitial;
            c.pass(millis(200)).peer(PeerSegment.of("S"));
            c.expect("SA 0 ack 1 mss 1460");
            assertThat(c.ownInitial).isEqualTo(initial);
        }
    }

    @Test
    void returnsToListenWhenAResetArrivesInSynReceived() {
        try (Conversation c = new Conversation().listening()) {
            c.peer(PeerSegment.of("S"));
            c.next();
            c.peer(PeerSegment.of("R").seq(1));
            c.expectNothing();
            assertThat(c.engine.connections()).isZero();
            assertThat(c.handler.events).isEmpty();
        }
    }

    @Test
    void resetsAHandshakeThatAcknowledgesWhatWasNotSent() {
        try (Conversation c = new Conversation().listening()) {
            c.peer(PeerSegment.of("S"));
            c.next();
            c.peer(PeerSegment.of("A").seq(1).ack(2));
            c.expect("R 2");
            c.peer(PeerSegment.of("A").seq(1).ack(1));
            assertThat(c.state()).isEqualTo(TcpState.ESTABLISHED);
        }
    }

    @Test
    void takesDataThatCompletesTheHandshake() {
        try (Conversation c = new Conversation().listening()) {
            c.peer(PeerSegment.of("S"));
            c.next();
            c.peer(PeerSegment.of("PA").seq(1).ack(1).data("hello"));
            assertThat(c.handler.received).hasToString("hello");
            c.pass(millis(42)).expect("A 1 ack 6");
        }
    }

    @Test
    void takesDataWhoseHandshakeAcknowledgmentWasLostTogetherWithTheFin() {
        try (Conversation c = new Conversation().listening()) {
            c.peer(PeerSegment.of("S"));
            c.next();
            c.peer(PeerSegment.of("FPA").seq(1).ack(1).data("hello"));
            assertThat(c.handler.received).hasToString("hello");
            assertThat(c.handler.events).containsExactly("finished");
            c.expect("A 1 ack 7");
            assertThat(c.state()).isEqualTo(TcpState.CLOSE_WAIT);
        }
    }

    @Test
    void resetsAConnectionThatTheApplicationDoesNotWant() {
        try (Conversation c = new Conversation().listening()) {
            c.refusesConnections = true;
            c.peer(PeerSegment.of("S"));
            c.next();
            c.peer(PeerSegment.of("A").seq(1).ack(1));
            c.expect("RA 1 ack 1");
            assertThat(c.engine.connections()).isZero();
            assertThat(c.count("refused")).isEqualTo(1);
        }
    }

    @Test
    void connectsAndTellsTheHandler() {
        try (Conversation c = new Conversation().start()) {
            c.connection = c.engine.connect(Conversation.PEER, 443, c.handler);
            c.flush().expect("S 0 mss 1460 sackok ts scale 2");
            c.peer(PeerSegment.of("SA").ack(1).mss(1460));
            c.expect("A 1 ack 1");
            assertThat(c.handler.events).containsExactly("writable");
            assertThat(c.state()).isEqualTo(TcpState.ESTABLISHED);
            c.write("abc").expect("PA 1:4 ack 1 abc");
        }
    }

    @Test
    void sendsWhatWasWrittenBeforeTheConnectionWasEstablished() {
        try (Conversation c = new Conversation().start()) {
            c.connection = c.engine.connect(Conversation.PEER, 443, c.handler);
            assertThat(c.put("early")).isEqualTo(5);
            c.flush().expect("S 0 mss 1460 sackok ts scale 2").expectNothing();
            c.peer(PeerSegment.of("SA").ack(1));
            c.expect("PA 1:6 ack 1 early").expectNothing();
        }
    }

    @Test
    void repeatsItsSynAndGivesUp() {
        try (Conversation c = new Conversation().start()) {
            c.connection = c.engine.connect(Conversation.PEER, 443, c.handler);
            c.flush().expect("S 0 mss 1460 sackok ts scale 2");
            c.pass(seconds(200));
            assertThat(c.sent).hasSize(c.parameters.synRetransmissions);
            assertThat(c.handler.events).containsExactly("closed TIMED_OUT");
            assertThat(c.outstanding()).isZero();
        }
    }

    @Test
    void reportsARefusalAndIgnoresAForgedOne() {
        try (Conversation c = new Conversation().start()) {
            c.connection = c.engine.connect(Conversation.PEER, 443, c.handler);
            c.flush().next();
            c.peer(PeerSegment.of("R").seq(0));
            c.peer(PeerSegment.of("RA").ack(77));
            assertThat(c.handler.events).isEmpty();
            c.expect("nothing");
            c.peer(PeerSegment.of("RA").ack(1));
            assertThat(c.handler.events).containsExactly("closed UNREACHABLE");
        }
    }

    @Test
    void resetsAnOldAnswerToItsSyn() {
        try (Conversation c = new Conversation().start()) {
            c.connection = c.engine.connect(Conversation.PEER, 443, c.handler);
            c.flush().next();
            c.peer(PeerSegment.of("SA").ack(70));
            c.expect("R 70");
            assertThat(c.state()).isEqualTo(TcpState.SYN_SENT);
        }
    }

    @Test
    void opensSimultaneously() {
        try (Conversation c = new Conversation().start()) {
            c.connection = c.engine.connect(Conversation.PEER, 443, c.handler);
            c.flush().next();
            c.peer(PeerSegment.of("S").mss(1460));
            c.expect("SA 0 ack 1 mss 1460");
            assertThat(c.state()).isEqualTo(TcpState.SYN_RECEIVED);
            c.peer(PeerSegment.of("SA").ack(1).mss(1460));
            assertThat(c.state()).isEqualTo(TcpState.ESTABLISHED);
            c.expect("A 1 ack 1");
            assertThat(c.handler.events).containsExactly("writable");
        }
    }

    @Test
    void closesAConnectionThatIsNotYetOpen() {
        try (Conversation c = new Conversation().start()) {
            c.connection = c.engine.connect(Conversation.PEER, 443, c.handler);
            c.flush().next();
            c.connection.close();
            c.flush().expectNothing();
            assertThat(c.handler.events).containsExactly("closed FINISHED");
        }
    }

    @Test
    void tellsWhenNoRouteLeadsThere() {
        try (Conversation c = new Conversation().start()) {
            assertThat(c.engine.connect(0x0a00_0001, 443, c.handler)).isNull();
            assertThat(c.count("no_route")).isEqualTo(1);
        }
    }

    @Test
    void givesUpAConnectionAttemptThatIsProhibited() {
        try (Conversation c = new Conversation().start()) {
            c.connection = c.engine.connect(Conversation.PEER, 443, c.handler);
            c.flush().next();
            int ports = c.connection.localPort() << 16 | 443;
            c.engine.unreachable(Conversation.OWN, Conversation.PEER, ports, c.ownInitial + 9, true);
            c.engine.unreachable(Conversation.OWN, Conversation.PEER, ports, c.ownInitial, false);
            assertThat(c.flush().handler.events).isEmpty();
            c.engine.unreachable(Conversation.OWN, Conversation.PEER, ports, c.ownInitial, true);
            assertThat(c.flush().handler.events).containsExactly("closed UNREACHABLE");
        }
    }

    @Test
    void listensOnAPortOnlyOnceAndAgainAfterClose() {
        try (Conversation c = new Conversation().listening()) {
            ConnectionHandler handler = c.handler;
            assertThat(c.engine.listen(Conversation.PORT, 1, connection -> handler))
                    .isNull();
            c.listener.close();
            c.peer(PeerSegment.of("S")).expect("RA 0 ack 1");
            assertThat(c.engine.listen(Conversation.PORT, 1, connection -> handler))
                    .isNotNull();
        }
    }

    @Test
    void resetsAHandshakeWhoseListenerWasClosedMeanwhile() {
        try (Conversation c = new Conversation().listening()) {
            c.peer(PeerSegment.of("S")).next();
            c.listener.close();
            c.peer(PeerSegment.of("A").seq(1).ack(1)).expect("RA 1 ack 1");
            assertThat(c.engine.connections()).isZero();
        }
    }

    @Test
    void startsSlowlyAfterALostSyn() {
        try (Conversation c = new Conversation().listening()) {
            c.peer(PeerSegment.of("S").mss(1000)).next();
            c.pass(millis(1002)).next();
            c.peer(PeerSegment.of("A").seq(1).ack(1));
            c.writeConstant(5000).expect("A 1:1001 ack 1").expectNothing();
        }
    }
}

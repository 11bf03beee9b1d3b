// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.unimark.keel.net.tcp.Conversation.millis;
import static org.unimark.keel.net.tcp.Conversation.seconds;

import org.junit.jupiter.api.Test;

/** FIN-WAIT-1 to TIME-WAIT, and resets (RFC 9293, 3.6 and 3.10.7.4). */
class ClosingTest {
    private static Conversation closedByUs() {
        Conversation c = Conversation.established();
        c.connection.close();
        return c.flush().expect("FA 1 ack 1");
    }

    @Test
    void closesAfterThePeer() {
        try (Conversation c = Conversation.established()) {
            c.peer(PeerSegment.of("FA").seq(1).ack(1)).expect("A 1 ack 2");
            assertThat(c.state()).isEqualTo(TcpState.CLOSE_WAIT);
            assertThat(c.handler.events).containsExactly("finished");
            c.write("rest").expect("PA 1:5 ack 2 rest");
            c.connection.close();
            c.flush().expect("FA 5 ack 2");
            assertThat(c.state()).isEqualTo(TcpState.LAST_ACK);
            c.peer(PeerSegment.of("A").seq(2).ack(6)).expectNothing();
            assertThat(c.handler.events).containsExactly("finished", "closed FINISHED");
            assertThat(c.engine.connections()).isZero();
            assertThat(c.outstanding()).isZero();
        }
    }

    @Test
    void closesBeforeThePeer() {
        try (Conversation c = closedByUs()) {
            assertThat(c.state()).isEqualTo(TcpState.FIN_WAIT_1);
            c.peer(PeerSegment.of("A").seq(1).ack(2)).expectNothing();
            assertThat(c.state()).isEqualTo(TcpState.FIN_WAIT_2);
            c.peer(PeerSegment.of("FA").seq(1).ack(2)).expect("A 2 ack 2");
            assertThat(c.state()).isEqualTo(TcpState.TIME_WAIT);
            assertThat(c.handler.events).containsExactly("closed FINISHED");
            c.pass(seconds(59));
            assertThat(c.engine.connections()).isEqualTo(1);
            c.pass(seconds(2));
            assertThat(c.engine.connections()).isZero();
            assertThat(c.timers.scheduled()).isZero();
        }
    }

    @Test
    void closesTogetherWithThePeerInOneSegment() {
        try (Conversation c = closedByUs()) {
            c.peer(PeerSegment.of("FA").seq(1).ack(2)).expect("A 2 ack 2");
            assertThat(c.state()).isEqualTo(TcpState.TIME_WAIT);
        }
    }

    @Test
    void closesSimultaneously() {
        try (Conversation c = closedByUs()) {
            c.peer(PeerSegment.of("FA").seq(1).ack(1)).expect("A 2 ack 2");
            assertThat(c.state()).isEqualTo(TcpState.CLOSING);
            c.peer(PeerSegment.of("A").seq(2).ack(2)).expectNothing();
            assertThat(c.state()).isEqualTo(TcpState.TIME_WAIT);
            assertThat(c.handler.events).containsExactly("closed FINISHED");
        }
    }

    @Test
    void sendsEverythingBeforeItsFin() {
        try (Conversation c = Conversation.established()) {
            c.put("last words");
            c.connection.close();
            assertThat(c.put("too late")).isZero();
            c.flush().expect("FPA 1:11 ack 1 last words").expectNothing();
            c.peer(PeerSegment.of("A").seq(1).ack(12)).expectNothing();
            assertThat(c.state()).isEqualTo(TcpState.FIN_WAIT_2);
        }
    }

    @Test
    void sendsALostFinAgain() {
        try (Conversation c = closedByUs()) {
            c.pass(millis(203)).expect("FA 1 ack 1");
            c.peer(PeerSegment.of("A").seq(1).ack(2));
            assertThat(c.state()).isEqualTo(TcpState.FIN_WAIT_2);
            c.pass(seconds(5)).expectNothing();
        }
    }

    @Test
    void acknowledgesAndDropsWhatComesAfterItsOwnClose() {
        try (Conversation c = closedByUs()) {
            c.peer(PeerSegment.of("PA").seq(1).ack(2).data("unwanted"));
            c.pass(millis(45)).expect("A 2 ack 9");
            assertThat(c.handler.received).isEmpty();
            c.peer(PeerSegment.of("FA").seq(9).ack(2)).expect("A 2 ack 10");
            assertThat(c.handler.events).containsExactly("closed FINISHED");
        }
    }

    @Test
    void doesNotWaitForThePeersFinForEver() {
        try (Conversation c = closedByUs()) {
            c.peer(PeerSegment.of("A").seq(1).ack(2)).pass(seconds(61));
            assertThat(c.handler.events).containsExactly("closed TIMED_OUT");
            assertThat(c.engine.connections()).isZero();
            c.peer(PeerSegment.of("FA").seq(1).ack(2)).expect("R 2");
        }
    }

    @Test
    void forgetsAPeerThatDoesNotTakeTheFin() {
        try (Conversation c = closedByUs()) {
            c.pass(seconds(300));
            assertThat(c.handler.events).containsExactly("closed TIMED_OUT");
            assertThat(c.engine.connections()).isZero();
        }
    }

    @Test
    void takesAFinThatArrivesBeforeItsData() {
        try (Conversation c = Conversation.established()) {
            c.peer(PeerSegment.of("FPA").seq(4).ack(1).data("def")).expect("A 1 ack 1");
            assertThat(c.handler.events).isEmpty();
            c.peer(PeerSegment.of("PA").seq(1).ack(1).data("abc")).expect("A 1 ack 8");
            assertThat(c.handler.received).hasToString("abcdef");
            assertThat(c.handler.events).containsExactly("finished");
        }
    }

    @Test
    void tellsOfThePeersEndOnlyAfterItsBytes() {
        try (Conversation c = Conversation.established()) {
            c.connection.pauseReceiving();
            c.peer(PeerSegment.of("FPA").seq(1).ack(1).data("abc")).expect("A 1 ack 5");
            assertThat(c.handler.events).isEmpty();
            c.connection.resumeReceiving();
            c.flush();
            assertThat(c.handler.received).hasToString("abc");
            assertThat(c.handler.events).containsExactly("finished");
        }
    }

    @Test
    void acknowledgesARepeatedFinAndWaitsAgain() {
        try (Conversation c = closedByUs()) {
            c.peer(PeerSegment.of("FA").seq(1).ack(2)).expect("A 2 ack 2");
            c.pass(seconds(50)).peer(PeerSegment.of("FA").seq(1).ack(2)).expect("A 2 ack 2");
            c.pass(seconds(50));
            assertThat(c.engine.connections()).isEqualTo(1);
            c.pass(seconds(11));
            assertThat(c.engine.connections()).isZero();
        }
    }

    @Test
    void reusesAPortInTimeWaitForANewerConnection() {
        try (Conversation c = closedByUs()) {
            c.peer(PeerSegment.of("FA").seq(1).ack(2)).expect("A 2 ack 2");
            int oldEnd = c.ownInitial + 2;
            c.peer(PeerSegment.of("S").seq(1)).expect("A 2 ack 2");
            c.pass(seconds(1));
            c.peerInitial += 1000;
            c.peer(PeerSegment.of("S").mss(1000)).expect("SA 0 ack 1 mss 1460");
            assertThat(c.ownInitial - oldEnd).isPositive();
            c.peer(PeerSegment.of("PA").seq(1).ack(1).data("again"));
            assertThat(c.handler.received).hasToString("again");
            assertThat(c.count("time_wait_reused")).isEqualTo(1);
        }
    }

    @Test
    void reusesAPortInTimeWaitByTimestampWhateverTheSequenceNumber() {
        try (Conversation c = new Conversation().listening()) {
            c.peer(PeerSegment.of("S").timestamps(100, 0)).next();
            c.peer(PeerSegment.of("A").seq(1).ack(1).timestamps(100, c.lastTimestamp));
            c.connection.close();
            c.flush().expect("FA 1 ack 1");
            c.peer(PeerSegment.of("FA").seq(1).ack(2).timestamps(101, c.lastTimestamp))
                    .next();
            c.peerInitial -= 100_000;
            c.peer(PeerSegment.of("S").timestamps(90, 0));
            assertThat(c.next()).doesNotStartWith("SA");
            c.peer(PeerSegment.of("S").timestamps(102, 0)).expect("SA 0 ack 1 mss 1460 ts");
        }
    }

    @Test
    void ignoresResetsInTimeWait() {
        try (Conversation c = closedByUs()) {
            c.peer(PeerSegment.of("FA").seq(1).ack(2)).next();
            c.peer(PeerSegment.of("R").seq(2));
            assertThat(c.engine.connections()).isEqualTo(1);
        }
    }

    @Test
    void boundsTimeWaitByGivingUpTheOldest() {
        try (Conversation c = new Conversation()) {
            c.parameters.maximumTimeWait = 10;
            c.listening();
            for (int i = 0; i < 25; i++) {
                c.peerPort = 20_000 + i;
                c.handshake(PeerSegment.of("S"));
                c.connection.close();
                c.flush().next();
                c.peer(PeerSegment.of("FA").seq(1).ack(2)).expect("A 2 ack 2");
            }
            assertThat(c.engine.connections()).isEqualTo(10);
            assertThat(c.count("time_wait_recycled")).isEqualTo(15);
        }
    }

    @Test
    void givesUpTimeWaitForANewConnectionWhenNoObjectIsLeft() {
        try (Conversation c = new Conversation()) {
            c.parameters.maximumConnections = 8;
            c.backlog = 100;
            c.listening();
            for (int i = 0; i < 100; i++) {
                c.peerPort = 20_000 + i;
                c.handshake(PeerSegment.of("S"));
                c.connection.close();
                c.flush().next();
                c.peer(PeerSegment.of("FA").seq(1).ack(2)).expect("A 2 ack 2");
            }
            assertThat(c.engine.connections()).isEqualTo(8);
            assertThat(c.count("no_connection_left")).isZero();
        }
    }

    @Test
    void dropsSynsWhenAllConnectionsAreInUse() {
        try (Conversation c = new Conversation()) {
            c.parameters.maximumConnections = 8;
            c.backlog = 100;
            c.listening();
            for (int i = 0; i < 8; i++) {
                c.peerPort = 20_000 + i;
                c.handshake(PeerSegment.of("S"));
            }
            c.peerPort = 30_000;
            c.peer(PeerSegment.of("S")).expectNothing();
            assertThat(c.count("no_connection_left")).isEqualTo(1);
        }
    }

    @Test
    void abortsWithAReset() {
        try (Conversation c = Conversation.established()) {
            c.put("never sent");
            c.connection.abort();
            assertThat(c.handler.events).isEmpty();
            c.flush().expect("RA 1 ack 1").expectNothing();
            assertThat(c.handler.events).containsExactly("closed ABORTED");
            assertThat(c.outstanding()).isZero();
            assertThat(c.engine.connections()).isZero();
        }
    }

    @Test
    void abortsFromInsideACallback() {
        try (Conversation c = Conversation.established()) {
            c.handler.onReceived = () -> c.connection.abort();
            c.peer(PeerSegment.of("FPA").seq(1).ack(1).data("abc"))
                    .expect("RA 1 ack 1")
                    .expectNothing();
            assertThat(c.handler.events).containsExactly("closed ABORTED");
            assertThat(c.outstanding()).isZero();
        }
    }

    @Test
    void closesFromInsideACallback() {
        try (Conversation c = Conversation.established()) {
            c.handler.appetite = 1;
            c.handler.onReceived = () -> {
                c.put("bye");
                c.connection.close();
            };
            c.peer(PeerSegment.of("PA").seq(1).ack(1).data("abc"))
                    .expect("FPA 1:4 ack 4 bye")
                    .expectNothing();
            c.peer(PeerSegment.of("FA").seq(4).ack(5)).expect("A 5 ack 5");
            assertThat(c.handler.events).containsExactly("closed FINISHED");
            assertThat(c.outstanding()).isZero();
        }
    }

    @Test
    void endsWhenThePeerResets() {
        try (Conversation c = Conversation.established()) {
            c.write("abc").next();
            c.peer(PeerSegment.of("R").seq(1)).expectNothing();
            assertThat(c.handler.events).containsExactly("closed RESET");
            assertThat(c.outstanding()).isZero();
        }
    }

    @Test
    void keepsRemainingBytesOfAFinishedPeerForALaterResume() {
        try (Conversation c = Conversation.established()) {
            c.handler.appetite = 2;
            c.peer(PeerSegment.of("FPA").seq(1).ack(1).data("abcd")).expect("A 1 ack 6");
            assertThat(c.handler.events).containsExactly("finished");
            c.handler.appetite = 100;
            c.connection.resumeReceiving();
            c.flush();
            assertThat(c.handler.received).hasToString("abcd");
        }
    }
}

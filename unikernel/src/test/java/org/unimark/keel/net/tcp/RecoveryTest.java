// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.unimark.keel.net.tcp.Conversation.millis;
import static org.unimark.keel.net.tcp.Conversation.seconds;

import org.junit.jupiter.api.Test;

/** Losses: timeouts, fast retransmit, NewReno, SACK, congestion windows (RFC 5681, 6298, 6582, 6675). */
class RecoveryTest {
    private static PeerSegment ack(int number) {
        return PeerSegment.of("A").seq(1).ack(number);
    }

    private static PeerSegment sack(int number, int... edges) {
        return ack(number).sack(edges);
    }

    /** Ten segments of 1,000 bytes are on their way. */
    private static Conversation tenSegments(Conversation c) {
        c.writeConstant(100_000);
        assertThat(c.sent).hasSize(10);
        c.sent.clear();
        return c;
    }

    @Test
    void sendsAgainAfterATimeoutThatDoubles() {
        try (Conversation c = Conversation.established()) {
            c.write("abcdef").expect("PA 1:7 ack 1 abcdef");
            c.pass(millis(199)).expectNothing();
            c.pass(millis(4)).expect("PA 1:7 ack 1 abcdef");
            c.pass(millis(394)).expectNothing();
            c.pass(millis(9)).expect("PA 1:7 ack 1 abcdef");
            c.pass(millis(790)).expectNothing();
            c.pass(millis(15)).expect("PA 1:7 ack 1 abcdef");
            c.peer(ack(7));
            c.pass(seconds(10)).expectNothing();
        }
    }

    @Test
    void givesUpAfterTwoMinutesWithoutAnAnswer() {
        try (Conversation c = Conversation.established()) {
            c.write("abcdef").pass(seconds(119));
            assertThat(c.handler.events).isEmpty();
            c.pass(seconds(80));
            assertThat(c.handler.events).containsExactly("closed TIMED_OUT");
            assertThat(c.outstanding()).isZero();
        }
    }

    @Test
    void measuresTheRoundTripAndWaitsAccordingly() {
        try (Conversation c = Conversation.established()) {
            for (int i = 0; i < 20; i++) {
                c.write("x").next();
                c.pass(millis(500)).sent.clear();
                c.peer(ack(2 + i));
            }
            c.write("y").next();
            c.pass(millis(495)).expectNothing();
            c.pass(seconds(1)).expect("PA 21:22 ack 1 y");
        }
    }

    @Test
    void doublesItsWindowEachRoundTripInSlowStart() {
        try (Conversation c = Conversation.established()) {
            c.writeConstant(100_000);
            assertThat(c.sent).hasSize(10);
            for (int at = 2001; at <= 10_001; at += 2000) {
                c.sent.clear();
                c.peer(ack(at));
                assertThat(c.sent).hasSize(4);
            }
        }
    }

    @Test
    void doesNotGrowAWindowThatTheApplicationDoesNotFill() {
        try (Conversation c = Conversation.established()) {
            int at = 1;
            for (int i = 0; i < 50; i++) {
                c.writeConstant(1000).next();
                at += 1000;
                c.peer(ack(at));
            }
            c.writeConstant(100_000);
            assertThat(c.sent.size()).isBetween(10, 11);
        }
    }

    @Test
    void fallsBackToTheInitialWindowAfterALongPause() {
        try (Conversation c = Conversation.established()) {
            c.writeConstant(60_000);
            int at = 1;
            while (!c.sent.isEmpty()) {
                at += 1000 * c.sent.size();
                c.sent.clear();
                c.peer(ack(at));
            }
            c.pass(seconds(5)).writeConstant(100_000);
            assertThat(c.sent).hasSize(10);
        }
    }

    @Test
    void startsOverWithOneSegmentAfterATimeout() {
        try (Conversation c = tenSegments(Conversation.established())) {
            c.pass(millis(203)).expect("A 1:1001 ack 1").expectNothing();
            c.peer(ack(1001)).expect("A 1001:2001 ack 1", "A 2001:3001 ack 1").expectNothing();
            // The peer had the rest.
            c.peer(ack(10_001));
            assertThat(c.next()).startsWith("A 10001:11001");
        }
    }

    @Test
    void sendsOneNewSegmentForEachOfTheFirstTwoDuplicates() {
        try (Conversation c = tenSegments(Conversation.established())) {
            c.peer(ack(1)).expect("A 10001:11001 ack 1").expectNothing();
            c.peer(ack(1)).expect("A 11001:12001 ack 1").expectNothing();
        }
    }

    @Test
    void retransmitsAtTheThirdDuplicateAndRecoversWithNewReno() {
        try (Conversation c = tenSegments(Conversation.established())) {
            c.peer(ack(1)).peer(ack(1)).sent.clear();
            c.peer(ack(1)).expect("A 1:1001 ack 1").expectNothing();
            assertThat(c.count("fast_recoveries")).isEqualTo(1);
            // Twelve were on their way; the window is six, each further duplicate lets one more leave.
            c.peer(ack(1)).peer(ack(1)).peer(ack(1)).expectNothing();
            c.peer(ack(1)).expect("A 12001:13001 ack 1").expectNothing();
            // The fourth segment is missing, too: a partial acknowledgement.
            c.peer(ack(3001)).expect("A 3001:4001 ack 1", "A 13001:14001 ack 1").expectNothing();
            c.peer(ack(13_001));
            assertThat(c.next()).startsWith("A 14001:15001");
            assertThat(c.count("fast_recoveries")).isEqualTo(1);
            assertThat(c.count("timeouts")).isZero();
        }
    }

    @Test
    void takesWindowUpdatesForNoDuplicates() {
        try (Conversation c = tenSegments(Conversation.established())) {
            for (int i = 0; i < 5; i++) {
                c.peer(ack(1).window(60_000 - i));
            }
            assertThat(c.count("fast_recoveries")).isZero();
        }
    }

    @Test
    void retransmitsOnlyTheHolesThatThePeerReports() {
        try (Conversation c = tenSegments(Conversation.establishedWithSack())) {
            // Segments 1 and 5 are lost.
            c.peer(sack(1, 1001, 2001));
            c.peer(sack(1, 1001, 3001)).sent.clear();
            c.peer(sack(1, 1001, 4001)).expect("A 1:1001 ack 1").expectNothing();
            c.peer(sack(1, 5001, 6001, 1001, 4001));
            c.peer(sack(1, 5001, 7001, 1001, 4001));
            c.peer(sack(1, 5001, 8001, 1001, 4001));
            c.peer(sack(1, 5001, 9001, 1001, 4001));
            String hole = "";
            while (!c.sent.isEmpty()) {
                String segment = c.next();
                hole = segment.startsWith("A 4001:5001") ? segment : hole;
                assertThat(segment).doesNotStartWith("A 1001:").doesNotStartWith("A 5001:");
            }
            assertThat(hole).isEqualTo("A 4001:5001 ack 1");
            assertThat(c.count("retransmissions")).isEqualTo(2);
            c.peer(ack(12_001));
            assertThat(c.count("retransmissions")).isEqualTo(2);
            assertThat(c.count("timeouts")).isZero();
        }
    }

    @Test
    void forgetsReportsAtATimeoutBecauseThePeerMayHaveForgottenToo() {
        try (Conversation c = tenSegments(Conversation.establishedWithSack())) {
            c.peer(sack(1, 3001, 4001)).sent.clear();
            c.pass(millis(203)).expect("A 1:1001 ack 1").expectNothing();
            c.peer(ack(1001)).expect("A 1001:2001 ack 1", "A 2001:3001 ack 1").expectNothing();
            c.peer(ack(3001));
            assertThat(c.next()).startsWith("A 3001:4001");
        }
    }

    @Test
    void leavesOutAfterATimeoutWhatThePeerReportsAnew() {
        try (Conversation c = tenSegments(Conversation.establishedWithSack())) {
            c.pass(millis(5)).expect("A 10001:11001 ack 1").expectNothing();
            c.pass(millis(203)).expect("A 1:1001 ack 1").expectNothing();
            c.peer(sack(1001, 2001, 4001))
                    .expect("A 1001:2001 ack 1", "A 4001:5001 ack 1")
                    .expectNothing();
        }
    }

    @Test
    void ignoresReportsOfBytesNeverSent() {
        try (Conversation c = tenSegments(Conversation.establishedWithSack())) {
            c.peer(sack(1, 50_001, 51_001));
            c.peer(sack(1, 60_001, 51_001));
            c.peer(sack(1, 2001, 1001));
            c.peer(sack(1, -5000, 90_000));
            assertThat(((TcpConnection) c.connection).scoreboard.ranges()).isZero();
            assertThat(c.count("retransmissions")).isZero();
        }
    }

    @Test
    void fallsBackToNewRenoWithoutAScoreboard() {
        try (Conversation c = new Conversation()) {
            c.parameters.maximumScoreboards = 0;
            c.listening().handshake(PeerSegment.of("S").mss(1000).sackPermitted());
            tenSegments(c);
            c.pass(millis(5)).expect("A 10001:11001 ack 1").expectNothing();
            c.pass(millis(203)).expect("A 1:1001 ack 1").expectNothing();
            c.peer(ack(11_001));
            assertThat(c.next()).startsWith("A 11001:12001");
        }
    }

    @Test
    void reportsWhatArrivedOutOfOrderTheLatestFirst() {
        try (Conversation c = Conversation.establishedWithSack()) {
            c.peer(PeerSegment.of("A").seq(11).ack(1).data("kl")).expect("A 1 ack 1 sack 11-13");
            c.peer(PeerSegment.of("A").seq(21).ack(1).data("uv")).expect("A 1 ack 1 sack 21-23 sack 11-13");
            c.peer(PeerSegment.of("A").seq(31).ack(1).data("56")).expect("A 1 ack 1 sack 31-33 sack 21-23 sack 11-13");
            c.peer(PeerSegment.of("A").seq(13).ack(1).data("mn")).expect("A 1 ack 1 sack 11-15 sack 31-33 sack 21-23");
            c.peer(PeerSegment.of("A").seq(1).ack(1).data("abcdefghij"));
            c.expect("A 1 ack 15 sack 31-33 sack 21-23");
            c.peer(PeerSegment.of("A").seq(15).ack(1).data("opqrst")).expect("A 1 ack 23 sack 31-33");
            c.peer(PeerSegment.of("A").seq(23).ack(1).data("wxyz1234")).expect("A 1 ack 33");
            assertThat(c.handler.received).hasToString("abcdefghijklmnopqrstuvwxyz123456");
            assertThat(c.outstanding()).isZero();
        }
    }

    @Test
    void reportsInSegmentsWithDataToo() {
        try (Conversation c = Conversation.establishedWithSack()) {
            c.peer(PeerSegment.of("A").seq(11).ack(1).data("kl")).next();
            c.writeConstant(1000).expect("A 1:989 ack 1 sack 11-13", "PA 989:1001 ack 1 sack 11-13 " + "\0".repeat(12));
        }
    }

    @Test
    void boundsWhatItKeepsOutOfOrder() {
        try (Conversation c = new Conversation()) {
            c.parameters.maximumOutOfOrderBlocks = 5;
            c.listening().handshake(PeerSegment.of("S").mss(1000).sackPermitted());
            for (int i = 0; i < 20; i++) {
                c.peer(PeerSegment.of("A").seq(11 + 10 * i).ack(1).data("k"));
            }
            assertThat(c.count("out_of_order_dropped")).isEqualTo(15);
            assertThat(c.outstanding()).isEqualTo(5);
            c.peer(PeerSegment.of("R").seq(1));
            assertThat(c.outstanding()).isZero();
        }
    }

    @Test
    void boundsTheConnectionsThatWaitForAGap() {
        try (Conversation c = new Conversation()) {
            c.parameters.maximumReassemblies = 2;
            c.backlog = 100;
            c.listening();
            for (int i = 0; i < 4; i++) {
                c.peerPort = 20_000 + i;
                c.handshake(PeerSegment.of("S"));
                c.peer(PeerSegment.of("A").seq(11).ack(1).data("k")).expect("A 1 ack 1");
            }
            assertThat(c.count("out_of_order_dropped")).isEqualTo(2);
        }
    }

    @Test
    void adaptsToANarrowPathAndSendsAgainAtOnce() {
        try (Conversation c = Conversation.established()) {
            c.writeConstant(2000).expect("A 1:1001 ack 1", "PA 1001:2001 ack 1");
            int ports = Conversation.PORT << 16 | Conversation.PEER_PORT;
            int old = c.ownInitial - 5000;
            c.engine.packetTooBig(Conversation.OWN, Conversation.PEER, ports, old, 640);
            c.flush().expectNothing();
            c.engine.packetTooBig(Conversation.OWN, Conversation.PEER, ports, c.ownInitial + 1, 640);
            c.engine.packetTooBig(Conversation.OWN, Conversation.PEER, ports, c.ownInitial + 1001, 640);
            c.flush().expect("A 1:601 ack 1", "A 601:1201 ack 1", "A 1201:1801 ack 1", "PA 1801:2001 ack 1");
            assertThat(c.count("segment_size_reduced")).isEqualTo(1);
        }
    }

    @Test
    void doesNotLetForgedReportsMakeItsSegmentsTiny() {
        try (Conversation c = Conversation.established()) {
            c.writeConstant(1000).next();
            int ports = Conversation.PORT << 16 | Conversation.PEER_PORT;
            c.engine.packetTooBig(Conversation.OWN, Conversation.PEER, ports, c.ownInitial + 1, 68);
            c.flush().expect("A 1:513 ack 1");
        }
    }

    @Test
    void triesSmallSegmentsWhenLargeOnesVanish() {
        try (Conversation c = Conversation.established()) {
            c.writeConstant(1000).expect("PA 1:1001 ack 1");
            c.pass(millis(203)).expect("PA 1:1001 ack 1");
            c.pass(millis(403)).expect("PA 1:1001 ack 1");
            c.pass(millis(803)).expect("A 1:513 ack 1");
            c.peer(ack(513)).expect("PA 513:1001 ack 1");
        }
    }

    @Test
    void doesNotTakeAnOldEchoForARoundTrip() {
        try (Conversation c = new Conversation().listening()) {
            c.peer(PeerSegment.of("S").mss(1000).timestamps(1, 0)).next();
            c.peer(PeerSegment.of("A").seq(1).ack(1).timestamps(1, c.lastTimestamp));
            c.write("abc").next();
            int old = c.lastTimestamp;
            c.pass(seconds(10)).sent.clear();
            // The first acknowledgement was lost; the echo is that of the first transmission.
            c.peer(ack(4).timestamps(2, old));
            c.write("def").next();
            c.pass(millis(900));
            assertThat(c.next()).startsWith("PA 4:7");
        }
    }
}

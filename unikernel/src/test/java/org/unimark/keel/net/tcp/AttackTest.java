// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.unimark.keel.net.tcp.Conversation.millis;
import static org.unimark.keel.net.tcp.Conversation.seconds;

import org.junit.jupiter.api.Test;
import org.unimark.keel.simulation.SeededRandom;

/** Segments that somebody forged, and peers that mean harm (RFC 5961, 7323, 4987). */
class AttackTest {
    private static Conversation withTimestamps() {
        Conversation c = new Conversation().listening();
        c.peer(PeerSegment.of("S").mss(1000).timestamps(1000, 0)).next();
        return c.peer(PeerSegment.of("A").seq(1).ack(1).timestamps(1000, c.lastTimestamp));
    }

    @Test
    void endsOnlyByAResetWithTheExactNumber() {
        try (Conversation c = Conversation.established()) {
            c.peer(PeerSegment.of("R").seq(2)).expect("A 1 ack 1");
            c.pass(seconds(1)).peer(PeerSegment.of("R").seq(60_000)).expect("A 1 ack 1");
            c.peer(PeerSegment.of("R").seq(70_000))
                    .peer(PeerSegment.of("R").seq(0))
                    .expectNothing();
            assertThat(c.state()).isEqualTo(TcpState.ESTABLISHED);
            c.peer(PeerSegment.of("R").seq(1));
            assertThat(c.handler.events).containsExactly("closed RESET");
        }
    }

    @Test
    void answersASynInsideAConnectionWithAChallenge() {
        try (Conversation c = Conversation.established()) {
            c.peer(PeerSegment.of("S").seq(1)).expect("A 1 ack 1");
            c.pass(seconds(1)).peer(PeerSegment.of("S").seq(1_000_000)).expect("A 1 ack 1");
            assertThat(c.state()).isEqualTo(TcpState.ESTABLISHED);
        }
    }

    @Test
    void letsARebootedPeerFindOutThroughTheChallenge() {
        try (Conversation c = Conversation.established()) {
            c.peer(PeerSegment.of("S").seq(123_456)).expect("A 1 ack 1");
            // The peer knows nothing of that and answers with a reset that carries the acknowledged number.
            c.peer(PeerSegment.of("R").seq(1));
            assertThat(c.engine.connections()).isZero();
            c.peerInitial += 123_456;
            c.peer(PeerSegment.of("S"));
            assertThat(c.next()).startsWith("SA 0");
        }
    }

    @Test
    void answersFewChallengesToOneConnection() {
        try (Conversation c = Conversation.established()) {
            for (int i = 0; i < 1000; i++) {
                c.pass(millis(1)).peer(PeerSegment.of("S").seq(50 + i));
            }
            assertThat(c.sent.size()).isBetween(2, 3);
            assertThat(c.count("challenges_suppressed")).isGreaterThan(990);
        }
    }

    @Test
    void dropsInjectedDataWhoseAcknowledgmentDoesNotFit() {
        try (Conversation c = Conversation.established()) {
            c.write("abc").next();
            c.peer(PeerSegment.of("PA").seq(1).ack(5).data("evil")).expect("A 4 ack 1");
            c.pass(millis(600)).sent.clear();
            c.peer(PeerSegment.of("PA").seq(1).ack(-70_000).data("evil")).expect("A 4 ack 1");
            assertThat(c.handler.received).isEmpty();
            assertThat(c.count("bad_acknowledgment")).isEqualTo(2);
        }
    }

    @Test
    void dropsSegmentsOutsideTheWindow() {
        try (Conversation c = Conversation.established()) {
            c.peer(PeerSegment.of("PA").seq(200_000).ack(1).data("evil")).expect("A 1 ack 1");
            c.peer(PeerSegment.of("PA").seq(-200_000).ack(1).data("evil")).expect("A 1 ack 1");
            assertThat(c.handler.received).isEmpty();
            assertThat(c.count("outside_window")).isEqualTo(2);
        }
    }

    @Test
    void dropsSegmentsWithoutAcknowledgment() {
        try (Conversation c = Conversation.established()) {
            c.peer(PeerSegment.of("P").seq(1).data("evil")).expectNothing();
            c.peer(PeerSegment.of("F").seq(1)).expectNothing();
            assertThat(c.handler.events).isEmpty();
            assertThat(c.count("without_acknowledgment")).isEqualTo(2);
        }
    }

    @Test
    void dropsOldDuplicatesByTheirTimestamps() {
        try (Conversation c = withTimestamps()) {
            c.peer(PeerSegment.of("PA")
                    .seq(1)
                    .ack(1)
                    .timestamps(1001, c.lastTimestamp)
                    .data("abc"));
            c.pass(millis(45)).expect("A 1 ack 4");
            c.peer(PeerSegment.of("PA")
                    .seq(4)
                    .ack(1)
                    .timestamps(999, c.lastTimestamp)
                    .data("old"));
            c.expect("A 1 ack 4");
            assertThat(c.handler.received).hasToString("abc");
            assertThat(c.count("old_timestamp")).isEqualTo(1);
            c.peer(PeerSegment.of("PA")
                    .seq(4)
                    .ack(1)
                    .timestamps(1001, c.lastTimestamp)
                    .data("def"));
            assertThat(c.handler.received).hasToString("abcdef");
        }
    }

    @Test
    void dropsSegmentsThatLostTheirTimestamps() {
        try (Conversation c = withTimestamps()) {
            c.peer(PeerSegment.of("PA").seq(1).ack(1).data("evil")).expectNothing();
            assertThat(c.handler.received).isEmpty();
            assertThat(c.count("missing_timestamp")).isEqualTo(1);
            c.peer(PeerSegment.of("R").seq(1));
            assertThat(c.handler.events).containsExactly("closed RESET");
        }
    }

    @Test
    void takesAnyTimestampAfterAVeryLongSilence() {
        try (Conversation c = withTimestamps()) {
            c.pass(seconds(25L * 24 * 3600));
            c.peer(PeerSegment.of("PA")
                    .seq(1)
                    .ack(1)
                    .timestamps(5, c.lastTimestamp)
                    .data("abc"));
            assertThat(c.handler.received).hasToString("abc");
        }
    }

    @Test
    void keepsServingWithCookiesWhileAFloodOfSynsComesIn() {
        try (Conversation c = new Conversation()) {
            c.backlog = 16;
            c.listening();
            SeededRandom random = new SeededRandom(42);
            for (int i = 0; i < 100_000; i++) {
                c.peerPort = 1024 + (int) random.below(60_000);
                c.peerInitial = (int) random.nextLong();
                c.peer(PeerSegment.of("S").mss(1460));
                c.sent.clear();
                assertThat(c.engine.connections()).isLessThanOrEqualTo(16);
            }
            assertThat(c.count("cookies_sent")).isGreaterThan(90_000);
            assertThat(c.outstanding()).isZero();
            c.peerPort = 1000;
            c.peer(PeerSegment.of("S")
                    .mss(1460)
                    .sackPermitted()
                    .timestamps(77, 0)
                    .scale(9));
            c.expect("SA 0 ack 1 mss 1460 sackok ts scale 2");
            c.peer(PeerSegment.of("PA")
                    .seq(1)
                    .ack(1)
                    .timestamps(78, c.lastTimestamp)
                    .data("served"));
            assertThat(c.handler.received).hasToString("served");
            assertThat(c.count("cookies_accepted")).isEqualTo(1);
            TcpConnection connection = (TcpConnection) c.connection;
            assertThat(connection.sendWindowScale).isEqualTo(9);
            assertThat(connection.sackPermitted).isTrue();
            assertThat(connection.timestamps).isTrue();
            assertThat(connection.segmentBytes).isEqualTo(1448);
        }
    }

    @Test
    void makesCookiesForPeersWithoutTimestampsToo() {
        try (Conversation c = new Conversation()) {
            c.backlog = 1;
            c.listening();
            c.peer(PeerSegment.of("S")).next();
            c.peerPort++;
            c.peer(PeerSegment.of("S").mss(1300).sackPermitted().scale(5)).expect("SA 0 ack 1 mss 1460");
            c.peer(PeerSegment.of("A").seq(1).ack(1));
            c.writeConstant(1400).expect("A 1:1301 ack 1");
        }
    }

    @Test
    void rejectsCookiesThatAreForgedOrOld() {
        try (Conversation c = new Conversation()) {
            c.backlog = 1;
            c.listening();
            c.peer(PeerSegment.of("A").seq(1).absoluteAck(12_345)).expect("R " + (12_345 - c.ownInitial));
            assertThat(c.count("cookies_rejected")).isZero();
            c.peer(PeerSegment.of("S")).next();
            c.peerPort++;
            c.peer(PeerSegment.of("S")).next();
            c.peer(PeerSegment.of("A").seq(1).ack(2)).expect("R 2");
            c.peer(PeerSegment.of("A").seq(2).ack(1)).expect("R 1");
            assertThat(c.count("cookies_rejected")).isEqualTo(2);
            c.pass(seconds(210)).sent.clear();
            c.peer(PeerSegment.of("A").seq(1).ack(1)).expect("R 1");
            assertThat(c.count("cookies_accepted")).isZero();
        }
    }

    @Test
    void drawsInitialSequenceNumbersThatDoNotTellOneAnother() {
        try (Conversation c = new Conversation()) {
            c.backlog = 1000;
            c.listening();
            long close = 0;
            int before = 0;
            for (int i = 0; i < 500; i++) {
                c.peerPort = 20_000 + i;
                c.pass(millis(2)).peer(PeerSegment.of("S")).next();
                close += Math.abs(c.ownInitial - before) < 1 << 20 ? 1 : 0;
                before = c.ownInitial;
            }
            assertThat(close).isLessThan(5);
        }
    }

    @Test
    void movesInitialSequenceNumbersOnWithTheClock() {
        try (Conversation c = new Conversation().listening()) {
            c.peer(PeerSegment.of("S")).next();
            int first = c.ownInitial;
            c.peer(PeerSegment.of("R").seq(1));
            c.pass(seconds(1)).peer(PeerSegment.of("S")).next();
            assertThat(c.ownInitial - first).isBetween(200_000, 300_000);
        }
    }

    @Test
    void givesUpZeroWindowsWhenMemoryIsShort() {
        try (Conversation c = new Conversation()) {
            c.sendBlockCount = 8;
            c.listening().handshake(PeerSegment.of("S").mss(1000));
            c.peer(PeerSegment.of("A").seq(1).ack(1).window(0));
            c.put("x".repeat(8 * 2048));
            for (int i = 0; i < 30; i++) {
                c.pass(seconds(5)).sent.clear();
                if (c.engine.connections() > 0) {
                    c.peer(PeerSegment.of("A").seq(1).ack(1).window(0));
                }
            }
            assertThat(c.handler.events).containsExactly("closed NO_MEMORY");
            assertThat(c.count("zero_window_aborted")).isEqualTo(1);
            assertThat(c.outstanding()).isZero();
        }
    }

    @Test
    void letsGoOfClosedConnectionsWhosePeersKeepTheWindowShut() {
        try (Conversation c = Conversation.established()) {
            c.peer(PeerSegment.of("A").seq(1).ack(1).window(0));
            c.put("response");
            c.connection.close();
            for (int i = 0; i < 30; i++) {
                c.pass(seconds(5)).sent.clear();
                if (c.engine.connections() > 0) {
                    c.peer(PeerSegment.of("A").seq(1).ack(1).window(0));
                }
            }
            assertThat(c.handler.events).hasSize(1);
            assertThat(c.outstanding()).isZero();
        }
    }

    @Test
    void holdsTenThousandIdleConnectionsWithoutBuffersOrTimers() {
        try (Conversation c = new Conversation()) {
            c.backlog = 1000;
            c.listening();
            int first = 0;
            for (int i = 0; i < 10_000; i++) {
                c.peerPort = 10_000 + i;
                c.handshake(PeerSegment.of("S").mss(1000));
                c.peer(PeerSegment.of("PA").seq(1).ack(1).data("GET"));
                c.write("OK").next();
                c.peer(PeerSegment.of("A").seq(4).ack(3));
                first = i == 0 ? c.ownInitial : first;
            }
            assertThat(c.engine.connections()).isEqualTo(10_000);
            assertThat(c.outstanding()).isZero();
            c.pass(seconds(10));
            assertThat(c.timers.scheduled()).isZero();
            c.peerPort = 10_000;
            c.ownInitial = first;
            c.handler.received.setLength(0);
            c.peer(PeerSegment.of("PA").seq(4).ack(3).data("more"));
            assertThat(c.handler.received).hasToString("more");
        }
    }

    @Test
    void answersABurstWithCookiesUntilItsPoolsHaveGrown() {
        try (Conversation c = new Conversation()) {
            c.backlog = 1000;
            c.listening();
            int[] initial = new int[300];
            for (int i = 0; i < 300; i++) {
                c.peerPort = 20_000 + i;
                c.peer(PeerSegment.of("S"));
                assertThat(c.next()).startsWith("SA 0");
                initial[i] = c.ownInitial;
            }
            assertThat(c.count("cookies_sent")).isPositive();
            for (int i = 0; i < 300; i++) {
                c.peerPort = 20_000 + i;
                c.ownInitial = initial[i];
                c.pass(millis(2)).peer(PeerSegment.of("A").seq(1).ack(1));
            }
            assertThat(c.count("connections_accepted")).isEqualTo(300);
        }
    }

    @Test
    void dropsSegmentsThatAreTooShortOrLie() {
        try (Conversation c = Conversation.established()) {
            var block = c.receiveBlocks.take();
            for (int length = 0; length < 20; length++) {
                c.engine.receive(block, 34, length, Conversation.PEER, Conversation.OWN, true, c.clock.nanos());
            }
            block.bytes.put8(34 + 12, 0xf0);
            c.engine.receive(block, 34, 40, Conversation.PEER, Conversation.OWN, true, c.clock.nanos());
            block.bytes.put8(34 + 12, 0x40);
            c.engine.receive(block, 34, 40, Conversation.PEER, Conversation.OWN, true, c.clock.nanos());
            block.release();
            assertThat(c.count("malformed")).isEqualTo(22);
        }
    }
}

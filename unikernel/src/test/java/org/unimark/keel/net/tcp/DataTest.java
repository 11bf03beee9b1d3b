// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.unimark.keel.net.tcp.Conversation.millis;
import static org.unimark.keel.net.tcp.Conversation.seconds;

import org.junit.jupiter.api.Test;
import org.unimark.keel.net.device.NetworkDevice;
import org.unimark.keel.net.socket.Connection;

/** Data, acknowledgements and windows of an established connection (RFC 9293, 3.8). */
class DataTest {
    @Test
    void sendsTheAnswerTogetherWithTheAcknowledgment() {
        try (Conversation c = Conversation.established()) {
            c.handler.onReceived = () -> c.put("answer");
            c.peer(PeerSegment.of("PA").seq(1).ack(1).data("question"));
            c.expect("PA 1:7 ack 9 answer").expectNothing();
        }
    }

    @Test
    void collectsWritesOfOneTurnIntoOneSegment() {
        try (Conversation c = Conversation.established()) {
            c.put("head ");
            c.put("and ");
            c.write("body").expect("PA 1:14 ack 1 head and body").expectNothing();
        }
    }

    @Test
    void delaysAnAcknowledgmentButNotForTwoFullSegments() {
        try (Conversation c = Conversation.established()) {
            String full = "x".repeat(1000);
            c.peer(PeerSegment.of("A").seq(1).ack(1).data(full)).expectNothing();
            c.peer(PeerSegment.of("A").seq(1001).ack(1).data(full)).expect("A 1 ack 2001");
            c.peer(PeerSegment.of("A").seq(2001).ack(1).data(full)).expectNothing();
            c.pass(millis(39)).expectNothing();
            c.pass(millis(3)).expect("A 1 ack 3001").expectNothing();
        }
    }

    @Test
    void cutsLongWritesIntoSegmentsOfThePeersSize() {
        try (Conversation c = Conversation.established()) {
            c.writeConstant(2500).expect("A 1:1001 ack 1", "A 1001:2001 ack 1", "PA 2001:2501 ack 1");
            assertThat(c.connection.unacknowledged()).isEqualTo(2500);
            c.peer(PeerSegment.of("A").seq(1).ack(2501));
            assertThat(c.connection.unacknowledged()).isZero();
            assertThat(c.outstanding()).isZero();
        }
    }

    @Test
    void leavesCuttingToTheDeviceWhereItOffers() {
        try (Conversation c = new Conversation()) {
            c.offloads = NetworkDevice.TRANSMIT_CHECKSUM | NetworkDevice.TRANSMIT_SEGMENTATION;
            c.listening().handshake(PeerSegment.of("S").mss(1000));
            c.writeConstant(9500).expect("PA 1:9501 ack 1").expectNothing();
        }
    }

    @Test
    void keepsToThePathWhenThePeerCouldTakeMore() {
        try (Conversation c = new Conversation()) {
            c.mtu = 600;
            c.listening().handshake(PeerSegment.of("S").mss(1460));
            c.writeConstant(1000).expect("A 1:561 ack 1", "PA 561:1001 ack 1");
        }
    }

    @Test
    void takesFiveHundredThirtySixBytesForAPeerThatTellsNoSize() {
        try (Conversation c = new Conversation().listening().handshake(PeerSegment.of("S"))) {
            c.writeConstant(600).expect("A 1:537 ack 1", "PA 537:601 ack 1");
        }
    }

    @Test
    void refusesSegmentSizesThatOnlyMakeWork() {
        try (Conversation c =
                new Conversation().listening().handshake(PeerSegment.of("S").mss(1))) {
            c.writeConstant(100).expect("A 1:89 ack 1", "PA 89:101 ack 1 " + "\0".repeat(12));
        }
    }

    @Test
    void stopsAtThePeersWindowAndGoesOnWhenItOpens() {
        try (Conversation c = Conversation.established()) {
            c.peer(PeerSegment.of("A").seq(1).ack(1).window(2000));
            c.writeConstant(5000).expect("A 1:1001 ack 1", "A 1001:2001 ack 1").expectNothing();
            c.peer(PeerSegment.of("A").seq(1).ack(2001).window(2000));
            c.expect("A 2001:3001 ack 1", "A 3001:4001 ack 1").expectNothing();
        }
    }

    @Test
    void doesNotFillSmallWindows() {
        try (Conversation c = Conversation.established()) {
            c.peer(PeerSegment.of("A").seq(1).ack(1).window(4000));
            c.writeConstant(10_000);
            c.expect("A 1:1001 ack 1", "A 1001:2001 ack 1", "A 2001:3001 ack 1", "A 3001:4001 ack 1");
            c.peer(PeerSegment.of("A").seq(1).ack(4001).window(300)).expectNothing();
            c.peer(PeerSegment.of("A").seq(1).ack(4001).window(1000)).expect("A 4001:5001 ack 1");
        }
    }

    @Test
    void asksForAClosedWindowEverMoreSeldom() {
        try (Conversation c = Conversation.established()) {
            c.peer(PeerSegment.of("A").seq(1).ack(1).window(0));
            c.write("abc").expectNothing();
            c.pass(millis(205)).expect("A 1:2 ack 1 a");
            c.peer(PeerSegment.of("A").seq(1).ack(1).window(0)).expectNothing();
            c.pass(millis(380)).expectNothing();
            c.pass(millis(30)).expect("A 1:2 ack 1 a");
            c.peer(PeerSegment.of("A").seq(1).ack(1).window(0)).expectNothing();
            c.peer(PeerSegment.of("A").seq(1).ack(1).window(3)).expect("PA 1:4 ack 1 abc");
            assertThat(c.count("zero_window_probes")).isEqualTo(2);
        }
    }

    @Test
    void takesAProbeThatThePeerAcceptedAsSent() {
        try (Conversation c = Conversation.established()) {
            c.peer(PeerSegment.of("A").seq(1).ack(1).window(0));
            c.write("abc").pass(millis(205)).expect("A 1:2 ack 1 a");
            c.peer(PeerSegment.of("A").seq(1).ack(2).window(0)).expectNothing();
            c.pass(millis(450)).expect("A 2:3 ack 1 b");
            c.peer(PeerSegment.of("A").seq(1).ack(3).window(100)).expect("PA 3:4 ack 1 c");
        }
    }

    @Test
    void keepsAskingAPeerThatAnswersForHours() {
        try (Conversation c = Conversation.established()) {
            c.peer(PeerSegment.of("A").seq(1).ack(1).window(0));
            c.write("abc");
            for (int minute = 0; minute < 180; minute++) {
                c.pass(seconds(61));
                assertThat(c.sent).isNotEmpty();
                c.sent.clear();
                c.peer(PeerSegment.of("A").seq(1).ack(1).window(0));
            }
            c.peer(PeerSegment.of("A").seq(1).ack(1).window(1000)).expect("PA 1:4 ack 1 abc");
        }
    }

    @Test
    void givesUpAPeerThatDoesNotAnswerProbes() {
        try (Conversation c = Conversation.established()) {
            c.peer(PeerSegment.of("A").seq(1).ack(1).window(0));
            c.write("abc").pass(seconds(240));
            assertThat(c.handler.events).containsExactly("closed TIMED_OUT");
            assertThat(c.outstanding()).isZero();
        }
    }

    @Test
    void holdsSmallWritesBackWithNagle() {
        try (Conversation c = Conversation.established()) {
            c.connection.setNoDelay(false);
            c.write("a").expect("PA 1:2 ack 1 a");
            c.write("b").write("c").expectNothing();
            c.peer(PeerSegment.of("A").seq(1).ack(2)).expect("PA 2:4 ack 1 bc");
            c.write("d").expectNothing();
            c.connection.setNoDelay(true);
            c.flush().expect("PA 4:5 ack 1 d");
        }
    }

    @Test
    void sendsFullSegmentsInSpiteOfNagle() {
        try (Conversation c = Conversation.established()) {
            c.connection.setNoDelay(false);
            c.writeConstant(2500).expect("A 1:1001 ack 1", "A 1001:2001 ack 1").expectNothing();
            c.peer(PeerSegment.of("A").seq(1).ack(2001)).expect("PA 2001:2501 ack 1");
        }
    }

    @Test
    void presentsAgainWhatTheHandlerLeft() {
        try (Conversation c = Conversation.established()) {
            c.handler.appetite = 0;
            c.peer(PeerSegment.of("PA").seq(1).ack(1).data("GET /"));
            c.peer(PeerSegment.of("PA").seq(6).ack(1).data(" HTTP"));
            assertThat(c.handler.lastPresented).isEqualTo("GET / HTTP");
            c.handler.appetite = 4;
            c.peer(PeerSegment.of("PA").seq(11).ack(1).data("/1.1"));
            assertThat(c.handler.received).hasToString("GET ");
            c.handler.appetite = 100;
            c.peer(PeerSegment.of("PA").seq(15).ack(1).data("!"));
            assertThat(c.handler.received).hasToString("GET / HTTP/1.1!");
        }
    }

    @Test
    void closesItsWindowForAHandlerThatConsumesNothingAndHoldsSixteenKilobytesContiguous() {
        try (Conversation c = Conversation.established()) {
            c.handler.appetite = 0;
            int at = 1;
            String chunk = "0123456789".repeat(100);
            while (true) {
                c.peer(PeerSegment.of("A").seq(at).ack(1).data(chunk));
                at += 1000;
                int window = c.sent.isEmpty() ? -1 : c.nextWindow();
                c.sent.clear();
                if (window == 0) {
                    break;
                }
                assertThat(at).isLessThan(200_000);
            }
            assertThat(at).isGreaterThanOrEqualTo(Connection.RECEIVE_CONTIGUOUS);
            assertThat(c.handler.lastPresented).hasSize(Connection.RECEIVE_CONTIGUOUS);
            c.handler.appetite = Integer.MAX_VALUE;
            c.connection.resumeReceiving();
            c.flush();
            assertThat(c.nextWindow()).isEqualTo(65_535);
            assertThat(c.handler.receivedBytes).isGreaterThanOrEqualTo(131_072);
            assertThat(c.outstanding()).isZero();
        }
    }

    @Test
    void refusesDataBeyondAClosedWindowAndAnswersProbes() {
        try (Conversation c = new Conversation()) {
            c.parameters.receiveWindowBytes = 20_000;
            c.listening().handshake(PeerSegment.of("S").mss(1000));
            c.connection.pauseReceiving();
            for (int at = 1; at < 20_001; at += 1000) {
                c.peer(PeerSegment.of("A").seq(at).ack(1).data("x".repeat(1000)));
            }
            c.sent.clear();
            c.peer(PeerSegment.of("A").seq(20_001).ack(1).data("y")).expect("A 1 ack 20001");
            c.peer(PeerSegment.of("A").seq(20_001).ack(1).data("y")).expect("A 1 ack 20001");
            assertThat(c.count("outside_window")).isEqualTo(2);
            c.connection.resumeReceiving();
            c.flush();
            assertThat(c.handler.receivedBytes).isEqualTo(20_000);
            assertThat(c.nextWindow()).isEqualTo(20_000);
        }
    }

    @Test
    void takesTheAcknowledgmentOfDataThatItRefuses() {
        try (Conversation c = new Conversation()) {
            c.parameters.receiveWindowBytes = 1000;
            c.listening().handshake(PeerSegment.of("S").mss(1000));
            c.connection.pauseReceiving();
            c.peer(PeerSegment.of("A").seq(1).ack(1).data("x".repeat(1000)));
            c.write("abc").next();
            c.peer(PeerSegment.of("A").seq(1001).ack(4).data("y"));
            assertThat(c.connection.unacknowledged()).isZero();
        }
    }

    @Test
    void presentsNothingWhilePausedAndNotInsideResume() {
        try (Conversation c = Conversation.established()) {
            c.connection.pauseReceiving();
            c.peer(PeerSegment.of("PA").seq(1).ack(1).data("abc"));
            assertThat(c.handler.received).isEmpty();
            c.connection.resumeReceiving();
            assertThat(c.handler.received).isEmpty();
            c.flush();
            assertThat(c.handler.received).hasToString("abc");
        }
    }

    @Test
    void stopsPresentingWhenTheHandlerPauses() {
        try (Conversation c = Conversation.established()) {
            c.handler.onReceived = () -> c.connection.pauseReceiving();
            c.peer(PeerSegment.of("PA").seq(1).ack(1).data("abc"));
            c.peer(PeerSegment.of("PA").seq(4).ack(1).data("def"));
            assertThat(c.handler.received).hasToString("abc");
            c.connection.resumeReceiving();
            c.flush();
            assertThat(c.handler.received).hasToString("abcdef");
        }
    }

    @Test
    void tellsWhenThereIsRoomToWriteAgain() {
        try (Conversation c = new Conversation()) {
            c.parameters.sendQueueBytes = 4000;
            c.listening().handshake(PeerSegment.of("S").mss(1000));
            assertThat(c.connection.writeSpace()).isEqualTo(4000);
            assertThat(c.put("x".repeat(5000))).isEqualTo(4000);
            assertThat(c.connection.writeSpace()).isZero();
            c.flush().sent.clear();
            c.peer(PeerSegment.of("A").seq(1).ack(1001));
            assertThat(c.handler.events).isEmpty();
            c.peer(PeerSegment.of("A").seq(1).ack(3001));
            assertThat(c.handler.events).containsExactly("writable");
        }
    }

    @Test
    void recoversFromAnExhaustedPool() {
        try (Conversation c = new Conversation()) {
            c.sendBlockCount = 2;
            c.listening().handshake(PeerSegment.of("S").mss(1000));
            assertThat(c.put("x".repeat(5000))).isEqualTo(4096);
            assertThat(c.count("send_no_memory")).isEqualTo(1);
            c.flush().sent.clear();
            assertThat(c.handler.events).isEmpty();
            c.peer(PeerSegment.of("A").seq(1).ack(4097)).flush();
            assertThat(c.handler.events).containsExactly("writable");
        }
    }

    @Test
    void recoversFromAnExhaustedPoolOfSpans() {
        try (Conversation c = new Conversation()) {
            c.parameters.maximumSpans = 1;
            c.listening().handshake(PeerSegment.of("S").mss(1000));
            assertThat(c.put("abc")).isEqualTo(3);
            assertThat(c.connection.writeConstant(c.arena.allocate(10), 0, 10)).isZero();
            c.flush().next();
            c.peer(PeerSegment.of("A").seq(1).ack(4)).flush();
            assertThat(c.handler.events).containsExactly("writable");
        }
    }

    @Test
    void dropsWhatItCannotKeepAndTakesItLater() {
        try (Conversation c = new Conversation()) {
            c.parameters.maximumRetainedBlocks = 1;
            c.receiveBufferCount = 1;
            c.listening().handshake(PeerSegment.of("S").mss(1000));
            c.connection.pauseReceiving();
            String chunk = "x".repeat(1000);
            for (int i = 0; i < 20; i++) {
                c.peer(PeerSegment.of("A").seq(1 + 1000 * i).ack(1).data(chunk));
            }
            c.sent.clear();
            assertThat(c.count("receive_no_memory")).isPositive();
            c.connection.resumeReceiving();
            c.flush();
            int taken = (int) c.handler.receivedBytes;
            assertThat(taken).isBetween(1000, 19_000);
            assertThat(c.outstanding()).isZero();
            c.peer(PeerSegment.of("A").seq(1 + taken).ack(1).data(chunk));
            assertThat(c.handler.receivedBytes).isEqualTo(taken + 1000);
        }
    }

    @Test
    void sendsLaterWhatAFullQueueHeldBack() {
        try (Conversation c = Conversation.established()) {
            c.queueFull = true;
            c.write("abc").expectNothing();
            assertThat(c.engine.hasPendingOutput()).isTrue();
            c.flush().flush();
            assertThat(c.count("queue_full")).isEqualTo(3);
            c.queueFull = false;
            c.flush().expect("PA 1:4 ack 1 abc").expectNothing();
            assertThat(c.engine.hasPendingOutput()).isFalse();
        }
    }

    @Test
    void takesTheUsefulPartOfAnOverlappingSegment() {
        try (Conversation c = Conversation.established()) {
            c.peer(PeerSegment.of("PA").seq(1).ack(1).data("abc"));
            c.peer(PeerSegment.of("PA").seq(2).ack(1).data("bcdef"));
            assertThat(c.handler.received).hasToString("abcdef");
        }
    }

    @Test
    void reordersSegments() {
        try (Conversation c = Conversation.established()) {
            c.peer(PeerSegment.of("PA").seq(4).ack(1).data("def")).expect("A 1 ack 1");
            c.peer(PeerSegment.of("PA").seq(9).ack(1).data("ij")).expect("A 1 ack 1");
            c.peer(PeerSegment.of("PA").seq(5).ack(1).data("efgh")).expect("A 1 ack 1");
            c.peer(PeerSegment.of("PA").seq(1).ack(1).data("abc")).expect("A 1 ack 11");
            assertThat(c.handler.received).hasToString("abcdefghij");
            assertThat(c.outstanding()).isZero();
        }
    }

    @Test
    void takesDataAcrossTheWrapOfSequenceNumbers() {
        try (Conversation c = new Conversation()) {
            c.peerInitial = -5;
            c.listening().handshake(PeerSegment.of("S").mss(1000));
            c.peer(PeerSegment.of("PA").seq(7).ack(1).data("ghij"));
            c.peer(PeerSegment.of("PA").seq(1).ack(1).data("abcdef"));
            assertThat(c.handler.received).hasToString("abcdefghij");
        }
    }

    @Test
    void probesAnIdlePeerAndGivesItUp() {
        try (Conversation c = Conversation.established()) {
            c.connection.setKeepAlive(100);
            c.flush().pass(seconds(99)).expectNothing();
            c.pass(seconds(2)).expect("A 0 ack 1");
            c.peer(PeerSegment.of("A").seq(1).ack(1));
            c.pass(seconds(99)).expectNothing();
            c.pass(seconds(1000));
            assertThat(c.count("keep_alive_probes")).isEqualTo(1 + 9);
            assertThat(c.handler.events).containsExactly("closed TIMED_OUT");
        }
    }

    @Test
    void answersAKeepAliveProbe() {
        try (Conversation c = Conversation.established()) {
            c.pass(seconds(10)).peer(PeerSegment.of("A").seq(0).ack(1)).expect("A 1 ack 1");
            c.pass(seconds(10))
                    .peer(PeerSegment.of("A").seq(0).ack(1).data("x"))
                    .expect("A 1 ack 1");
        }
    }

    @Test
    void treatsUrgentDataAsOrdinary() {
        try (Conversation c = Conversation.established()) {
            c.peer(PeerSegment.of("PAU").seq(1).ack(1).data("abc"));
            assertThat(c.handler.received).hasToString("abc");
        }
    }

    @Test
    void dropsWhatIsCorrupt() {
        try (Conversation c = Conversation.established()) {
            c.peer(PeerSegment.of("PA").seq(1).ack(1).data("abc").corrupt());
            assertThat(c.handler.received).isEmpty();
            assertThat(c.count("bad_checksum")).isEqualTo(1);
        }
    }
}

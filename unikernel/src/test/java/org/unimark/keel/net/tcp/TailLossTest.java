// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.unimark.keel.net.tcp.Conversation.millis;

import org.junit.jupiter.api.Test;
import org.unimark.keel.net.device.NetworkDevice;

/** Losses that no later arrival tells of in time: of the tail, and of what was sent again (RFC 8985). */
class TailLossTest {
    private static PeerSegment ack(int number) {
        return PeerSegment.of("A").seq(1).ack(number);
    }

    private static PeerSegment sack(int number, int... edges) {
        return ack(number).sack(edges);
    }

    private static Conversation sent(Conversation c, int bytes, int segments) {
        c.writeConstant(bytes);
        assertThat(c.sent).hasSize(segments);
        c.sent.clear();
        return c;
    }

    @Test
    void probesTheTailLongBeforeTheTimeout() {
        try (Conversation c = sent(Conversation.establishedWithSack(), 3000, 3)) {
            c.pass(millis(3)).expectNothing();
            c.pass(millis(3));
            assertThat(c.next()).startsWith("PA 2001:3001 ack 1");
            c.expectNothing();
            // One probe; then the timeout, counted from the probe.
            c.pass(millis(190)).expectNothing();
            c.pass(millis(15)).expect("A 1:1001 ack 1").expectNothing();
            assertThat(c.count("tail_probes")).isEqualTo(1);
            assertThat(c.count("timeouts")).isEqualTo(1);
        }
    }

    @Test
    void probesWithNewDataIfThereIsAny() {
        try (Conversation c = sent(Conversation.establishedWithSack(), 100_000, 10)) {
            c.pass(millis(6)).expect("A 10001:11001 ack 1").expectNothing();
            c.peer(ack(11_001));
            assertThat(c.count("fast_recoveries")).isZero();
            assertThat(c.sent).hasSizeGreaterThan(10);
        }
    }

    @Test
    void recoversAtOnceWhenTheProbeArrivedAlone() {
        try (Conversation c = sent(Conversation.establishedWithSack(), 3000, 3)) {
            c.pass(millis(6)).next();
            c.peer(sack(1, 2001, 3001))
                    .expect("A 1:1001 ack 1", "A 1001:2001 ack 1")
                    .expectNothing();
            c.peer(ack(3001));
            assertThat(c.count("fast_recoveries")).isEqualTo(1);
            assertThat(c.count("timeouts")).isZero();
        }
    }

    @Test
    void slowsDownIfTheProbeRepairedALoss() {
        try (Conversation c = sent(Conversation.establishedWithSack(), 10_000, 10)) {
            int before = ((TcpConnection) c.connection).congestion.windowBytes();
            c.pass(millis(6)).next();
            c.peer(ack(10_001));
            c.writeConstant(1000).next();
            c.peer(ack(11_001));
            assertThat(((TcpConnection) c.connection).congestion.windowBytes()).isLessThan(before);
        }
    }

    @Test
    void doesNotSlowDownIfThePeerSawTheProbeTwice() {
        try (Conversation c = sent(Conversation.establishedWithSack(), 10_000, 10)) {
            int before = ((TcpConnection) c.connection).congestion.windowBytes();
            c.pass(millis(6)).next();
            c.peer(ack(10_001));
            c.peer(sack(10_001, 9001, 10_001));
            c.writeConstant(1000).next();
            c.peer(ack(11_001));
            assertThat(((TcpConnection) c.connection).congestion.windowBytes()).isGreaterThanOrEqualTo(before);
        }
    }

    @Test
    void doesNotProbeForASingleSegmentNorWithoutSack() {
        try (Conversation c = sent(Conversation.establishedWithSack(), 1000, 1)) {
            c.pass(millis(190)).expectNothing();
        }
        try (Conversation c = sent(Conversation.established(), 3000, 3)) {
            c.pass(millis(190)).expectNothing();
        }
    }

    @Test
    void sendsAgainWhatWasLostAgainWhenSomethingLaterArrived() {
        try (Conversation c = sent(Conversation.establishedWithSack(), 10_000, 10)) {
            // Segments 1, 2 and 3 are lost.
            c.peer(sack(1, 3001, 7001)).sent.clear();
            c.peer(sack(1, 3001, 10_001));
            c.sent.clear();
            assertThat(c.count("retransmissions")).isEqualTo(3);
            // The first is lost again, the second arrives.
            c.peer(sack(1, 1001, 2001, 3001, 10_001)).expect("A 1:1001 ack 1").expectNothing();
            // What was sent later than the third has not arrived; the second loss of the first is noticed once.
            c.peer(sack(1, 1001, 3001, 3001, 10_001)).expectNothing();
            c.peer(ack(10_001));
            assertThat(c.count("timeouts")).isZero();
            assertThat(c.count("retransmissions")).isEqualTo(4);
        }
    }

    @Test
    void sendsAHoleAgainAsOneFrameForTheCard() {
        try (Conversation c = new Conversation()) {
            c.offloads = NetworkDevice.TRANSMIT_SEGMENTATION | NetworkDevice.TRANSMIT_CHECKSUM;
            c.listening().handshake(PeerSegment.of("S").mss(1000).sackPermitted());
            c.writeConstant(100_000).expect("A 1:10001 ack 1");
            c.peer(ack(10_001));
            c.sent.clear();
            c.peer(sack(10_001, 14_001, 30_001));
            assertThat(c.next()).startsWith("A 10001:14001 ack 1");
            assertThat(c.count("retransmissions")).isEqualTo(1);
        }
    }
}

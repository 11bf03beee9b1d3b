// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.ipv4;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterTry;
import net.jqwik.api.lifecycle.BeforeTry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.unimark.keel.net.wire.IcmpView;
import org.unimark.keel.net.wire.Ipv4Header;
import org.unimark.keel.net.wire.Ipv4View;
import org.unimark.keel.simulation.ScriptedStation;
import org.unimark.keel.simulation.SimulatedHost;
import org.unimark.keel.simulation.Simulation;

/** Echo requests in pieces: what comes back tells how they were put together. */
class ReassemblyTest {
    private static final long MILLIS = 1_000_000L;
    private static final long SECONDS = 1_000_000_000L;

    private Simulation simulation;
    private SimulatedHost host;
    private ScriptedStation peer;

    @BeforeEach
    @BeforeTry
    void quietHost() {
        simulation = new Simulation(1);
        peer = new ScriptedStation(simulation, 2).answeringArp();
        host = simulation.host(1);
        simulation.run(3 * SECONDS);
        peer.forget();
    }

    @AfterEach
    @AfterTry
    void giveMemoryBack() {
        simulation.close();
    }

    private byte[] request(int size) {
        byte[] data = new byte[size];
        new Random(size).nextBytes(data);
        return peer.icmp(IcmpView.ECHO_REQUEST, 0, 42, data);
    }

    private void sendPiece(byte[] whole, int from, int to, int identification) {
        sendPiece(Arrays.copyOfRange(whole, from, to), from, to < whole.length, identification);
    }

    private void sendPiece(byte[] payload, int offset, boolean more, int identification) {
        Ipv4Header header = new Ipv4Header(
                0,
                payload.length,
                identification,
                false,
                more,
                offset,
                64,
                Ipv4View.PROTOCOL_ICMP,
                peer.address(),
                host.address());
        peer.sendIpv4(host.device().macAddress(), header, payload);
    }

    /** The payload of the next ICMP message, put together from its pieces, or null. */
    private byte[] reply() {
        simulation.run(10 * MILLIS);
        byte[] whole = new byte[20_000];
        int length = 0;
        for (byte[] frame = peer.next(); frame != null; frame = peer.next()) {
            Ipv4Header header = peer.ipv4(frame);
            if (header != null && header.protocol() == Ipv4View.PROTOCOL_ICMP) {
                byte[] payload = peer.ipv4Payload(frame);
                System.arraycopy(payload, 0, whole, header.fragmentOffset(), payload.length);
                length = Math.max(length, header.fragmentOffset() + payload.length);
            }
        }
        return length == 0 ? null : Arrays.copyOf(whole, length);
    }

    private void expectReplyTo(byte[] request) {
        byte[] reply = reply();
        assertThat(reply).isNotNull();
        assertThat(reply).hasSize(request.length);
        assertThat(Arrays.mismatch(reply, 4, reply.length, request, 4, request.length))
                .as("first difference")
                .isEqualTo(-1);
        assertThat(host.stack().heldBlocks()).isZero();
        assertThat(host.memory().datagramBlocks().available())
                .isEqualTo(host.memory().datagramBlocks().capacity());
        assertThat(host.outstandingBuffers()).isZero();
    }

    @Property(tries = 60)
    void putsPiecesTogetherInAnyOrder(@ForAll @IntRange(min = 40, max = 8_000) int size, @ForAll long seed) {
        byte[] request = request(size);
        Random random = new Random(seed);
        List<int[]> pieces = new ArrayList<>();
        int step = Math.max(8, (request.length / Datagram.MAXIMUM_FRAGMENTS + 8) & ~7);
        for (int from = 0; from < request.length; ) {
            int to = Math.min(request.length, from + step + 8 * random.nextInt(4));
            pieces.add(new int[] {from, to});
            from = to;
        }
        Collections.shuffle(pieces, random);
        for (int[] piece : pieces) {
            sendPiece(request, piece[0], piece[1], 9);
            if (random.nextInt(4) == 0) {
                sendPiece(request, piece[0], piece[1], 9);
            }
        }
        byte[] reply = reply();
        assertThat(reply).isNotNull();
        assertThat(reply).hasSize(request.length);
        assertThat(Arrays.mismatch(reply, 4, reply.length, request, 4, request.length))
                .as("first difference")
                .isEqualTo(-1);
        assertThat(host.outstandingBuffers() - host.stack().heldBlocks()).isZero();
    }

    @Test
    void keepsDatagramsApart() {
        byte[] one = request(100);
        byte[] other = request(101);
        sendPiece(one, 0, 48, 1);
        sendPiece(other, 48, other.length, 2);
        sendPiece(other, 0, 48, 2);
        expectReplyToFirstOf(other);
        sendPiece(one, 48, one.length, 1);
        expectReplyTo(one);
    }

    private void expectReplyToFirstOf(byte[] request) {
        byte[] reply = reply();
        assertThat(reply).hasSize(request.length);
    }

    @Test
    void anOverlapPoisonsTheDatagram() {
        byte[] request = request(200);
        sendPiece(request, 0, 80, 3);
        sendPiece(request, 72, 160, 3);
        sendPiece(request, 80, 160, 3);
        sendPiece(request, 160, request.length, 3);
        assertThat(reply()).isNull();
        assertThat(host.count("ipv4.fragments_overlapping")).isEqualTo(3);
        assertThat(host.stack().heldBlocks()).isZero();
        simulation.run(Reassembly.TIMEOUT_NANOS + SECONDS);
        sendPiece(request, 0, 80, 3);
        sendPiece(request, 80, request.length, 3);
        expectReplyTo(request);
    }

    @Test
    void contradictingLengthsPoisonTheDatagram() {
        byte[] request = request(200);
        sendPiece(request, 160, request.length, 4);
        sendPiece(new byte[16], 168, false, 4);
        sendPiece(request, 0, 160, 4);
        assertThat(reply()).isNull();
        sendPiece(request, 160, request.length, 5);
        sendPiece(new byte[80], 240, true, 5);
        sendPiece(request, 0, 160, 5);
        assertThat(reply()).isNull();
        assertThat(host.stack().heldBlocks()).isZero();
    }

    @Test
    void dropsPiecesThatCannotBe() {
        sendPiece(new byte[20], 0, true, 6);
        sendPiece(new byte[0], 8, true, 7);
        sendPiece(new byte[1000], 65_528, false, 8);
        assertThat(reply()).isNull();
        assertThat(host.count("ipv4.fragments_malformed")).isEqualTo(3);
        assertThat(host.stack().heldBlocks()).isZero();
    }

    @Test
    void tellsTheSenderAfterAWhileIfTheFirstPieceCame() {
        sendPiece(request(200), 80, 160, 9);
        sendPiece(request(200), 0, 80, 10);
        simulation.run(Reassembly.TIMEOUT_NANOS - SECONDS);
        peer.forget();
        simulation.run(2 * SECONDS);
        byte[] frame = peer.next(candidate -> peer.icmp(candidate) != null);
        assertThat(peer.icmp(frame).type()).isEqualTo(IcmpView.TIME_EXCEEDED);
        assertThat(peer.icmp(frame).code()).isEqualTo(IcmpView.REASSEMBLY_TIME_EXCEEDED);
        assertThat(peer.next(candidate -> peer.icmp(candidate) != null)).isNull();
        assertThat(host.count("ipv4.reassembly_timeouts")).isEqualTo(2);
        assertThat(host.stack().heldBlocks()).isZero();
    }

    @Test
    void aFloodOfPiecesHoldsFewBlocksAndEnds() {
        for (int i = 0; i < 5_000; i++) {
            sendPiece(new byte[64], 8 * (i % 9), true, i % 1_000);
            simulation.run(20_000);
            assertThat(host.stack().heldBlocks()).isLessThanOrEqualTo(Reassembly.MAXIMUM_HELD_BLOCKS);
        }
        byte[] request = request(300);
        sendPiece(request, 0, 160, 40_000);
        sendPiece(request, 160, request.length, 40_000);
        assertThat(reply()).hasSize(request.length);
        simulation.run(Reassembly.TIMEOUT_NANOS + SECONDS);
        assertThat(host.stack().heldBlocks()).isZero();
        assertThat(host.outstandingBuffers()).isZero();
    }
}

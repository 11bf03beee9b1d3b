// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.tcp;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.api.Tag;
import org.unimark.keel.buffer.Block;
import org.unimark.keel.net.wire.InternetChecksum;
import org.unimark.keel.net.wire.TcpView;

/**
 * A live connection in some state receives segments made of the input, with numbers near the right ones and a correct
 * checksum, while its application writes, pauses, closes and time passes. The engine must neither fail nor, in the end, keep
 * a buffer or a connection.
 */
@Tag("fuzz")
class SegmentFuzzTest {
    private static final int STEPS_AT_MOST = 200;
    private static final int AT = SegmentSink.HEADROOM;

    @FuzzTest(maxDuration = "30s")
    void survivesAnySegments(FuzzedDataProvider data) {
        try (Conversation c = new Conversation()) {
            c.listening();
            PeerSegment syn = PeerSegment.of("S").mss(data.consumeInt(0, 1460));
            if (data.consumeBoolean()) {
                syn.sackPermitted().scale(data.consumeInt(0, 15));
            }
            c.handshake(syn);
            for (int step = 0; step < STEPS_AT_MOST && data.remainingBytes() > 0; step++) {
                act(c, data, data.consumeInt(0, 9));
            }
            // Left alone by a peer that is gone, everything ends.
            c.connection.abort();
            c.pass(Conversation.seconds(1000));
            if (c.outstanding() != 0 || c.engine.connections() != 0) {
                throw new AssertionError("kept " + c.outstanding() + " buffers, " + c.engine.connections());
            }
        }
    }

    private static void act(Conversation c, FuzzedDataProvider data, int action) {
        c.handler.appetite = data.consumeInt(0, 3) == 0 ? data.consumeInt(0, 100) : Integer.MAX_VALUE;
        switch (action) {
            case 0 -> c.put("x".repeat(data.consumeInt(0, 3000)));
            case 1 -> c.connection.pauseReceiving();
            case 2 -> c.connection.resumeReceiving();
            case 3 -> c.pass(Conversation.millis(data.consumeInt(0, 2000)));
            case 4 -> c.queueFull = data.consumeBoolean();
            case 5 -> closeSeldom(c, data);
            default -> segment(c, data);
        }
        c.flush();
        c.sent.clear();
    }

    private static void closeSeldom(Conversation c, FuzzedDataProvider data) {
        if (data.consumeInt(0, 3) == 0) {
            c.connection.close();
        }
    }

    private static void segment(Conversation c, FuzzedDataProvider data) {
        TcpConnection connection = (TcpConnection) c.connection;
        Block block = c.receiveBlocks.take();
        if (block == null) {
            throw new AssertionError("the engine keeps more blocks than it may");
        }
        int headerBytes = 4 * data.consumeInt(5, 15);
        int payload = data.consumeInt(0, 1200);
        int ports = c.peerPort << 16 | Conversation.PORT;
        int sequence = connection.receiveNext + near(data);
        int acknowledgment = connection.sendUnacknowledged + near(data);
        int flags = data.consumeByte() & 0xff | (data.consumeInt(0, 7) == 0 ? 0 : TcpView.ACK);
        int window = data.consumeInt(0, 65_535);
        TcpView.put(block.bytes, AT, ports, sequence, acknowledgment, flags, window, headerBytes);
        byte[] options = data.consumeBytes(headerBytes - TcpView.MINIMUM_BYTES);
        block.bytes.copyFrom(AT + TcpView.MINIMUM_BYTES, options, 0, options.length);
        int length = headerBytes + payload;
        long sum = InternetChecksum.pseudoHeader(Conversation.PEER, Conversation.OWN, TcpEngine.PROTOCOL, length);
        sum += InternetChecksum.sum(block.bytes, AT, length);
        TcpView.putChecksum(block.bytes, AT, InternetChecksum.finish(sum));
        c.engine.receive(block, AT, length, Conversation.PEER, Conversation.OWN, false, c.clock.nanos());
        block.release();
    }

    /** Mostly a small distance, which is where the interesting cases are. */
    private static int near(FuzzedDataProvider data) {
        return data.consumeInt(0, 9) == 0 ? data.consumeInt() : data.consumeInt(-3, 3) * data.consumeInt(0, 1500);
    }
}

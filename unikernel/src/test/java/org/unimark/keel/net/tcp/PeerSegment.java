// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.tcp;

import java.nio.charset.StandardCharsets;
import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.net.wire.InternetChecksum;
import org.unimark.keel.net.wire.TcpOptions;
import org.unimark.keel.net.wire.TcpView;

/** A segment that a scripted peer sends. Numbers are relative to the initial sequence numbers, so the first byte is 1. */
final class PeerSegment {
    private final int flags;
    private int sequence;
    private int acknowledgment;
    private int window = 65_535;
    private byte[] payload = {};
    private int segmentSize;
    private int windowScale = TcpOptions.ABSENT;
    private boolean sackPermitted;
    private boolean hasTimestamps;
    private int timestamp;
    private int echo;
    private int[] sack = {};
    private boolean corrupt;
    private boolean acknowledgmentIsAbsolute;
    private boolean sequenceIsAbsolute;

    private PeerSegment(int flags) {
        this.flags = flags;
    }

    /** Flags by their first letters: S, A, F, R, P, U. */
    static PeerSegment of(String letters) {
        int flags = 0;
        for (char letter : letters.toCharArray()) {
            flags |= flag(letter);
        }
        return new PeerSegment(flags);
    }

    private static int flag(char letter) {
        return switch (letter) {
            case 'S' -> TcpView.SYN;
            case 'A' -> TcpView.ACK;
            case 'F' -> TcpView.FIN;
            case 'R' -> TcpView.RST;
            case 'P' -> TcpView.PSH;
            case 'U' -> TcpView.URG;
            default -> throw new IllegalArgumentException("flag " + letter);
        };
    }

    PeerSegment seq(int relative) {
        sequence = relative;
        return this;
    }

    PeerSegment ack(int relative) {
        acknowledgment = relative;
        return this;
    }

    PeerSegment absoluteAck(int number) {
        acknowledgment = number;
        acknowledgmentIsAbsolute = true;
        return this;
    }

    PeerSegment absoluteSeq(int number) {
        sequence = number;
        sequenceIsAbsolute = true;
        return this;
    }

    PeerSegment window(int onTheWire) {
        window = onTheWire;
        return this;
    }

    PeerSegment data(String text) {
        payload = text.getBytes(StandardCharsets.ISO_8859_1);
        return this;
    }

    PeerSegment data(byte[] bytes) {
        payload = bytes;
        return this;
    }

    PeerSegment mss(int bytes) {
        segmentSize = bytes;
        return this;
    }

    PeerSegment scale(int shift) {
        windowScale = shift;
        return this;
    }

    PeerSegment sackPermitted() {
        sackPermitted = true;
        return this;
    }

    PeerSegment timestamps(int value, int echoed) {
        hasTimestamps = true;
        timestamp = value;
        echo = echoed;
        return this;
    }

    /** Pairs of relative numbers: left edge, right edge. */
    PeerSegment sack(int... edges) {
        sack = edges;
        return this;
    }

    PeerSegment corrupt() {
        corrupt = true;
        return this;
    }

    int payloadLength() {
        return payload.length;
    }

    /** Writes the segment and returns its length. */
    int emit(Bytes bytes, int at, int ports, int peerInitial, int ownInitial, int source, int destination) {
        int end = putOptions(bytes, at + TcpView.MINIMUM_BYTES, ownInitial);
        int headerBytes = end - at;
        int absolute = acknowledgmentIsAbsolute ? acknowledgment : acknowledgment + ownInitial;
        int ack = (flags & TcpView.ACK) == 0 && !acknowledgmentIsAbsolute ? 0 : absolute;
        int seq = sequenceIsAbsolute ? sequence : sequence + peerInitial;
        TcpView.put(bytes, at, ports, seq, ack, flags, window, headerBytes);
        bytes.copyFrom(end, payload, 0, payload.length);
        int length = headerBytes + payload.length;
        long sum = InternetChecksum.pseudoHeader(source, destination, TcpEngine.PROTOCOL, length)
                + InternetChecksum.sum(bytes, at, length);
        TcpView.putChecksum(bytes, at, InternetChecksum.finish(sum) ^ (corrupt ? 0x0100 : 0));
        return length;
    }

    private int putOptions(Bytes bytes, int start, int ownInitial) {
        int at = start;
        if (segmentSize > 0) {
            at = TcpOptions.putMaximumSegmentSize(bytes, at, segmentSize);
        }
        if (sackPermitted) {
            at = TcpOptions.putSackPermitted(bytes, at);
        }
        if (hasTimestamps) {
            at = TcpOptions.putTimestamps(bytes, at, timestamp, echo);
        }
        if (windowScale >= 0) {
            at = TcpOptions.putWindowScale(bytes, at, windowScale);
        }
        if (sack.length > 0) {
            at = TcpOptions.putSackHead(bytes, at, sack.length / 2);
            for (int i = 0; i < sack.length; i += 2) {
                at = TcpOptions.putSackBlock(bytes, at, sack[i] + ownInitial, sack[i + 1] + ownInitial);
            }
        }
        return at;
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.tcp;

import org.unimark.keel.buffer.Block;
import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.net.wire.TcpOptions;
import org.unimark.keel.net.wire.TcpView;

/** One received segment taken apart; the engine has a single one and fills it for each segment off the fast path. */
final class Segment {
    final TcpOptions options = new TcpOptions();
    Block block;
    int source;
    int destination;
    int ports;
    int sequence;
    int acknowledgment;
    int flags;
    /** As on the wire. */
    int window;

    /** Where the payload lies in {@code block.bytes}. */
    int payloadStart;

    int payloadLength;
    long nowNanos;

    /** Reads the header at {@code at}; false if it is malformed. */
    boolean parse(Block received, int at, int length, int headerLength) {
        Bytes bytes = received.bytes;
        block = received;
        ports = TcpView.ports(bytes, at);
        sequence = TcpView.sequence(bytes, at);
        acknowledgment = TcpView.acknowledgment(bytes, at);
        flags = TcpView.flags(bytes, at);
        window = TcpView.window(bytes, at);
        payloadStart = at + headerLength;
        payloadLength = length - headerLength;
        return options.parse(bytes, at + TcpView.MINIMUM_BYTES, payloadStart);
    }

    boolean has(int flag) {
        return (flags & flag) != 0;
    }

    /** Sequence numbers that the segment occupies: payload, SYN and FIN. */
    int sequenceLength() {
        return payloadLength + (flags & TcpView.FIN) + (flags >> 1 & 1);
    }

    /** The acknowledged sequence number of a reset in answer to this segment (RFC 9293, 3.10.7.1). */
    int sequenceEnd() {
        return sequence + sequenceLength();
    }

    /** Cuts off what lies before {@code receiveNext}: it was received earlier. */
    void trimFront(int receiveNext) {
        int known = receiveNext - sequence;
        if (known <= 0) {
            return;
        }
        if (has(TcpView.SYN)) {
            flags &= ~TcpView.SYN;
            known--;
            sequence++;
        }
        int part = Math.min(known, payloadLength);
        payloadStart += part;
        payloadLength -= part;
        sequence += part;
        known -= part;
        if (known > 0) {
            flags &= ~TcpView.FIN;
            sequence += known;
        }
    }

    /** Cuts off what lies behind {@code windowEnd}: there is no memory for it. A FIN right at the end needs none. */
    void trimBack(int windowEnd) {
        int surplus = sequence + payloadLength - windowEnd;
        if (surplus > 0) {
            payloadLength -= Math.min(surplus, payloadLength);
            flags &= ~TcpView.FIN;
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.device;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.net.wire.EthernetView;
import org.unimark.keel.net.wire.InternetChecksum;
import org.unimark.keel.net.wire.Ipv4View;
import org.unimark.keel.net.wire.TcpView;

/**
 * Does in software what a card does with a {@link TransmitFrame}: gathers headers and spans, cuts a long TCP segment into
 * pieces of {@link TransmitFrame#segmentBytes}, completes the checksum. For loopback, recording and simulated cards.
 */
public final class FrameCopier {
    private static final int IP = EthernetView.HEADER_BYTES;

    private final Bytes span = new Bytes();

    /** How many frames this one becomes on the wire. */
    public int pieces(TransmitFrame frame) {
        if (frame.segmentBytes == 0) {
            return 1;
        }
        int payload = frame.headLength + frame.payloadLength() - headersLength(frame);
        return Math.max(1, (payload + frame.segmentBytes - 1) / frame.segmentBytes);
    }

    /** Bytes of the longest piece, with its Ethernet header. */
    public int longestPiece(TransmitFrame frame) {
        int whole = frame.headLength + frame.payloadLength();
        return frame.segmentBytes == 0 ? whole : Math.min(whole, headersLength(frame) + frame.segmentBytes);
    }

    /** Writes one piece, complete with checksums, to {@code target[at..]} and returns its length in bytes. */
    public int copy(TransmitFrame frame, int piece, Bytes target, int at) {
        if (frame.segmentBytes == 0) {
            int length = frame.headLength + frame.payloadLength();
            gather(frame, 0, length, target, at);
            if (frame.checksumStart >= 0) {
                completeChecksum(frame, target, at, length);
            }
            return length;
        }
        int headers = headersLength(frame);
        int payload = frame.headLength + frame.payloadLength() - headers;
        int from = piece * frame.segmentBytes;
        int length = Math.min(frame.segmentBytes, payload - from);
        gather(frame, 0, headers, target, at);
        gather(frame, headers + from, length, target, at + headers);
        mendHeaders(target, at, headers, piece, from, length, from + length == payload);
        return headers + length;
    }

    /** The field holds the pseudo header's sum already (virtio 1.2, 5.1.6.2). */
    private static void completeChecksum(TransmitFrame frame, Bytes target, int at, int length) {
        int start = frame.checksumStart;
        int checksum = InternetChecksum.finish(InternetChecksum.sum(target, at + start, length - start));
        target.put16(at + start + frame.checksumOffset, checksum);
    }

    private static void mendHeaders(
            Bytes target, int at, int headers, int piece, int from, int length, boolean isLast) {
        int ip = at + IP;
        int tcp = ip + ((target.u8(ip) & 0xf) << 2);
        int segmentLength = at + headers + length - tcp;
        int source = Ipv4View.source(target, ip);
        int destination = Ipv4View.destination(target, ip);
        int timeToLiveAndProtocol = Ipv4View.timeToLive(target, ip) << 8 | Ipv4View.protocol(target, ip);
        int identification = Ipv4View.identification(target, ip) + piece;
        int totalLength = tcp - ip + segmentLength;
        int fragment = Ipv4View.fragment(target, ip);
        Ipv4View.put(
                target, ip, totalLength, identification & 0xffff, fragment, timeToLiveAndProtocol, source, destination);
        int flags = TcpView.flags(target, tcp) & (isLast ? 0xff : ~(TcpView.FIN | TcpView.PSH));
        TcpView.put(
                target,
                tcp,
                TcpView.ports(target, tcp),
                TcpView.sequence(target, tcp) + from,
                TcpView.acknowledgment(target, tcp),
                piece == 0 ? flags : flags & ~TcpView.CWR,
                TcpView.window(target, tcp),
                TcpView.headerLength(target, tcp, segmentLength));
        long pseudo = InternetChecksum.pseudoHeader(source, destination, Ipv4View.PROTOCOL_TCP, segmentLength);
        long sum = pseudo + InternetChecksum.sum(target, tcp, segmentLength);
        TcpView.putChecksum(target, tcp, InternetChecksum.finish(sum));
    }

    private static int headersLength(TransmitFrame frame) {
        int ip = frame.headStart + IP;
        int tcp = ip + ((frame.head.u8(ip) & 0xf) << 2);
        return tcp - frame.headStart + TcpView.headerLength(frame.head, tcp, frame.headStart + frame.headLength - tcp);
    }

    /** Copies {@code length} bytes of the frame from {@code from} on, over the seams between head and spans. */
    private void gather(TransmitFrame frame, int from, int length, Bytes target, int at) {
        int left = length;
        int skip = from;
        int to = at;
        for (int i = -1; i < frame.spans() && left > 0; i++) {
            int size = i < 0 ? frame.headLength : frame.spanLength(i);
            if (skip >= size) {
                skip -= size;
                continue;
            }
            int part = Math.min(size - skip, left);
            if (i < 0) {
                target.copyFrom(to, frame.head, frame.headStart + skip, part);
            } else {
                target.copyFrom(to, span.wrap(frame.spanAddress(i), size), skip, part);
            }
            to += part;
            left -= part;
            skip = 0;
        }
    }
}

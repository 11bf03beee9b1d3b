// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.tcp;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.net.device.NetworkDevice;
import org.unimark.keel.net.device.TransmitFrame;
import org.unimark.keel.net.wire.InternetChecksum;
import org.unimark.keel.net.wire.TcpOptions;
import org.unimark.keel.net.wire.TcpView;

/** Writes headers and checksums into frames, and sends the segments that belong to no connection. */
final class SegmentWriter {
    /** Where the TCP header begins, from the start of the Ethernet header. */
    private static final int AT = SegmentSink.HEADROOM;

    private final SegmentSink sink;
    private final TcpCounters counters;
    private final Bytes summed = new Bytes();
    private final boolean checksumOffload;

    SegmentWriter(SegmentSink sink, TcpCounters counters) {
        this.sink = sink;
        this.counters = counters;
        checksumOffload = (sink.offloads() & NetworkDevice.TRANSMIT_CHECKSUM) != 0;
    }

    /** Where the header begins in {@code frame.head}. */
    static int headerAt(TransmitFrame frame) {
        return frame.headStart + AT;
    }

    /**
     * Completes a frame whose header and payload are in place, and sends it.
     *
     * @param pseudoHeader partial sum of the pseudo header without the length
     * @return false if the queue below is full
     */
    boolean send(TransmitFrame frame, int headerBytes, long pseudoHeader, int source, int destination) {
        frame.headLength = AT + headerBytes;
        int at = headerAt(frame);
        long sum = pseudoHeader + headerBytes + frame.payloadLength();
        if (checksumOffload) {
            frame.checksumStart = AT;
            frame.checksumOffset = TcpView.CHECKSUM;
            TcpView.putChecksum(frame.head, at, InternetChecksum.fold(sum));
        } else {
            sum += InternetChecksum.sum(frame.head, at, headerBytes) + payloadSum(frame);
            TcpView.putChecksum(frame.head, at, InternetChecksum.finish(sum));
        }
        if (!sink.send(frame, source, destination)) {
            counters.queueFull.increment();
            return false;
        }
        counters.segmentsSent.increment();
        return true;
    }

    private long payloadSum(TransmitFrame frame) {
        long sum = 0;
        boolean odd = false;
        for (int i = 0; i < frame.spans(); i++) {
            int length = frame.spanLength(i);
            summed.wrap(frame.spanAddress(i), length);
            sum += odd ? InternetChecksum.sumOdd(summed, 0, length) : InternetChecksum.sum(summed, 0, length);
            odd ^= (length & 1) != 0;
        }
        return sum;
    }

    /**
     * Writes the options of a SYN and returns the length of the whole header.
     *
     * @param windowScale negative: do not offer
     */
    static int putSynOptions(
            Bytes head,
            int headerAt,
            int segmentBytes,
            boolean timestamps,
            int timestamp,
            int echo,
            boolean sackPermitted,
            int windowScale) {
        int at = TcpOptions.putMaximumSegmentSize(head, headerAt + TcpView.MINIMUM_BYTES, segmentBytes);
        if (sackPermitted) {
            at = TcpOptions.putSackPermitted(head, at);
        }
        if (timestamps) {
            at = TcpOptions.putTimestamps(head, at, timestamp, echo);
        }
        if (windowScale >= 0) {
            at = TcpOptions.putWindowScale(head, at, windowScale);
        }
        return at - headerAt;
    }

    /** Answers a segment that belongs to no connection (RFC 9293, 3.10.7.1); a lost answer is asked for again. */
    void resetStranger(Segment segment) {
        if (segment.has(TcpView.RST)) {
            return;
        }
        if (segment.has(TcpView.ACK)) {
            reset(segment, segment.acknowledgment, 0, TcpView.RST);
        } else {
            reset(segment, 0, segment.sequenceEnd(), TcpView.RST | TcpView.ACK);
        }
    }

    private void reset(Segment cause, int sequence, int acknowledgment, int flags) {
        TransmitFrame frame = sink.takeFrame();
        if (frame == null) {
            counters.queueFull.increment();
            return;
        }
        int ports = Integer.rotateLeft(cause.ports, 16);
        TcpView.put(frame.head, headerAt(frame), ports, sequence, acknowledgment, flags, 0, TcpView.MINIMUM_BYTES);
        counters.resetsSent.increment();
        sendStateless(frame, TcpView.MINIMUM_BYTES, cause);
    }

    /** Sends a segment without a connection back to where {@code cause} came from. */
    void sendStateless(TransmitFrame frame, int headerBytes, Segment cause) {
        long pseudoHeader = (cause.source & 0xffffffffL) + (cause.destination & 0xffffffffL) + TcpEngine.PROTOCOL;
        send(frame, headerBytes, pseudoHeader, cause.destination, cause.source);
    }

    /** Resets a connection; if it cannot be sent now, the peer's next segment asks for it again. */
    void reset(TcpConnection connection) {
        TransmitFrame frame = sink.takeFrame();
        if (frame == null) {
            counters.queueFull.increment();
            return;
        }
        TcpView.put(
                frame.head,
                headerAt(frame),
                connection.sendPorts,
                connection.sendMaximum,
                connection.receiveNext,
                TcpView.RST | TcpView.ACK,
                0,
                TcpView.MINIMUM_BYTES);
        counters.resetsSent.increment();
        send(frame, TcpView.MINIMUM_BYTES, connection.pseudoHeader, connection.localAddress, connection.remoteAddress);
    }
}

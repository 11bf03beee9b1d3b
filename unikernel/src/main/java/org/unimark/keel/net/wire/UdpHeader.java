// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.wire;

import org.unimark.keel.buffer.Bytes;

/** A UDP header apart from its payload and checksum. */
public record UdpHeader(int sourcePort, int destinationPort, int payloadLength) {
    /** Returns null if the bytes hold no datagram; the checksum is a matter of {@link UdpView#isChecksumCorrect}. */
    public static UdpHeader parse(Bytes bytes, int at, int available) {
        if (!UdpView.check(bytes, at, available)) {
            return null;
        }
        return new UdpHeader(
                UdpView.sourcePort(bytes, at),
                UdpView.destinationPort(bytes, at),
                UdpView.length(bytes, at) - UdpView.HEADER_BYTES);
    }

    /** Writes the header, whose payload lies behind it already, with its checksum; returns the position of the payload. */
    public int emit(Bytes bytes, int at, int sourceAddress, int destinationAddress) {
        int length = UdpView.HEADER_BYTES + payloadLength;
        UdpView.put(bytes, at, sourcePort, destinationPort, length);
        long sum = InternetChecksum.pseudoHeader(sourceAddress, destinationAddress, Ipv4View.PROTOCOL_UDP, length)
                + InternetChecksum.sum(bytes, at, length);
        UdpView.putChecksum(bytes, at, InternetChecksum.finish(sum));
        return at + UdpView.HEADER_BYTES;
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.wire;

import org.unimark.keel.buffer.Bytes;

/**
 * An ARP packet for IPv4 over Ethernet.
 *
 * @param operation {@link ArpView#REQUEST} or {@link ArpView#REPLY}
 * @param targetHardware 0 in requests, which ask for it
 */
public record ArpPacket(
        int operation, long senderHardware, int senderProtocol, long targetHardware, int targetProtocol) {
    /** Returns null unless {@link ArpView#check} accepts it. */
    public static ArpPacket parse(Bytes bytes, int at, int length) {
        if (!ArpView.check(bytes, at, length)) {
            return null;
        }
        return new ArpPacket(
                ArpView.operation(bytes, at),
                ArpView.senderHardware(bytes, at),
                ArpView.senderProtocol(bytes, at),
                ArpView.targetHardware(bytes, at),
                ArpView.targetProtocol(bytes, at));
    }

    /** Writes the packet and returns the position behind it. */
    public int emit(Bytes bytes, int at) {
        ArpView.put(bytes, at, operation, senderHardware, senderProtocol, targetHardware, targetProtocol);
        return at + ArpView.PACKET_BYTES;
    }
}

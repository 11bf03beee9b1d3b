// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.wire;

import org.unimark.keel.buffer.Bytes;

/**
 * The head of an ICMP message.
 *
 * @param rest the second word, whose meaning depends on the type
 * @param payloadLength bytes behind the head
 */
public record IcmpMessage(int type, int code, int rest, int payloadLength) {
    /** Returns null if the message is too short or its checksum wrong. */
    public static IcmpMessage parse(Bytes bytes, int at, int length) {
        if (!IcmpView.check(bytes, at, length)) {
            return null;
        }
        return new IcmpMessage(
                IcmpView.type(bytes, at),
                IcmpView.code(bytes, at),
                IcmpView.rest(bytes, at),
                length - IcmpView.HEADER_BYTES);
    }

    /** Writes the head, whose payload lies behind it already, with its checksum; returns the position of the payload. */
    public int emit(Bytes bytes, int at) {
        IcmpView.put(bytes, at, type, code, rest, IcmpView.HEADER_BYTES + payloadLength);
        return at + IcmpView.HEADER_BYTES;
    }
}

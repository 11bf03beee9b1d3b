// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.wire;

import org.unimark.keel.buffer.Bytes;

/** An Ethernet header apart from its packet; addresses as in {@link EthernetView}. */
public record EthernetHeader(long destination, long source, int type) {
    /** Returns null if the bytes are too few. */
    public static EthernetHeader parse(Bytes bytes, int at, int length) {
        if (!EthernetView.check(length)) {
            return null;
        }
        return new EthernetHeader(
                EthernetView.destination(bytes, at), EthernetView.source(bytes, at), EthernetView.type(bytes, at));
    }

    /** Writes the header and returns the position behind it. */
    public int emit(Bytes bytes, int at) {
        EthernetView.put(bytes, at, destination, source, type);
        return at + EthernetView.HEADER_BYTES;
    }
}

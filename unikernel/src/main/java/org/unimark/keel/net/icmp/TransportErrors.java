// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.icmp;

/** Hears what routers and peers say about TCP segments of ours; nothing of it is authenticated. */
public interface TransportErrors {
    /**
     * A router could not forward a segment (RFC 1191).
     *
     * @param ports of the segment: own port in the upper half
     * @param sequence of the segment
     * @param mtu that would have fitted, in bytes; 0 if the router did not tell
     */
    void packetTooBig(int source, int destination, int ports, int sequence, int mtu);

    /**
     * A segment did not arrive.
     *
     * @param hard nothing that is sent to this port will ever arrive
     */
    void unreachable(int source, int destination, int ports, int sequence, boolean hard);
}

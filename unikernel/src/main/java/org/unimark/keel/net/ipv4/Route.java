// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.ipv4;

import org.unimark.keel.net.arp.Neighbor;

/** How one destination is reached: what the header of every segment to it has in common. */
final class Route {
    int destination;
    /** Of {@link Ipv4Interface}; a route of another generation is void. */
    int generation;

    int nextHop;
    Neighbor neighbor;
    /** Sum of a TCP packet's header without its length and identification, folded to 16 bits. */
    int headerSum;
    /** Source and destination as in the header. */
    long addresses;

    boolean isFor(int destination, int generation) {
        // A neighbour that was forgotten, and now serves another address, has a different one.
        return this.destination == destination && this.generation == generation && neighbor.address() == nextHop;
    }
}

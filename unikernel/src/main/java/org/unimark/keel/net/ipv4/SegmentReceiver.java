// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.ipv4;

import org.unimark.keel.buffer.Block;

/** TCP, apart from the other protocols so that it has one implementation and the compiler calls it directly. */
public interface SegmentReceiver {
    /** Like {@link Ipv4Receiver#receive}; the destination is never a broadcast. */
    void receiveSegment(
            Block block, int at, int length, int source, int destination, boolean checksumVerified, long nowNanos);
}

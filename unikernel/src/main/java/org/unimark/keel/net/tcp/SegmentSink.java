// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.tcp;

import org.unimark.keel.net.device.TransmitFrame;

/** Where TCP's segments leave: IPv4 on one device, or a wire of a test. Nothing here calls back into the engine. */
public interface SegmentSink {
    /** Bytes that the sink fills in front of a segment: Ethernet and IPv4. The TCP header begins behind them. */
    int HEADROOM = 34;

    /** Returns an empty frame, or null if none is free: the engine tries again on a later turn. */
    TransmitFrame takeFrame();

    /**
     * Sends the segment whose TCP header lies in {@code frame.head} from {@code frame.headStart + HEADROOM} on, with
     * {@code frame.headLength} counting {@link #HEADROOM} too. {@code checksumStart} of an offloaded checksum counts from
     * the Ethernet header. The frame belongs to the sink from now on, whatever the answer.
     *
     * @return false if the queue below is full: nothing was sent, and the engine tries again on a later turn
     */
    boolean send(TransmitFrame frame, int source, int destination);

    /** Own address that reaches {@code destination}; 0 if none does. */
    int sourceFor(int destination);

    /** Largest IP packet in bytes. */
    int mtu();

    /** Or of the offload constants of {@code NetworkDevice}. */
    int offloads();
}

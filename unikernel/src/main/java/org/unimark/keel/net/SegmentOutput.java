// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net;

import org.unimark.keel.net.device.NetworkDevice;
import org.unimark.keel.net.device.TransmitFrame;
import org.unimark.keel.net.ipv4.Ipv4Output;
import org.unimark.keel.net.tcp.SegmentSink;

/** TCP's way down to IPv4. */
final class SegmentOutput implements SegmentSink {
    private final Ipv4Output output;
    private final NetworkDevice device;
    private int mtu;
    /** Time of the current turn: the engine sends only while it has been given the time itself. */
    long nowNanos;

    SegmentOutput(Ipv4Output output, NetworkDevice device) {
        this.output = output;
        this.device = device;
        mtu = device.mtu();
    }

    /** Makes packets no longer than {@code bytes}, if the device could send longer ones. */
    void limitMtu(int bytes) {
        mtu = Math.min(bytes, device.mtu());
    }

    @Override
    public TransmitFrame takeFrame() {
        return output.take();
    }

    @Override
    public boolean send(TransmitFrame frame, int source, int destination) {
        return output.sendSegment(frame, source, destination, nowNanos);
    }

    @Override
    public int sourceFor(int destination) {
        return output.sourceFor(destination);
    }

    @Override
    public int mtu() {
        return mtu;
    }

    @Override
    public int offloads() {
        return device.offloads();
    }
}

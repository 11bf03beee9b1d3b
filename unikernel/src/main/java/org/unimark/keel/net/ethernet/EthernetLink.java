// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.ethernet;

import org.unimark.keel.buffer.Block;
import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Counter;
import org.unimark.keel.kernel.Counters;
import org.unimark.keel.net.device.NetworkDevice;
import org.unimark.keel.net.device.ReceiveSink;
import org.unimark.keel.net.device.TransmitFrame;
import org.unimark.keel.net.device.TransmitPool;
import org.unimark.keel.net.wire.EthernetView;

/** One card: sorts what comes in by type, and puts the header on what goes out. */
public final class EthernetLink implements ReceiveSink {
    /** Takes ARP packets. One implementation, so that the compiler calls it directly. */
    public interface ArpReceiver {
        /** A packet in {@code bytes[at, at + length)} that the station {@code sender} sent. */
        void receiveArp(Bytes bytes, int at, int length, long sender, long nowNanos);
    }

    /** Takes IPv4 packets. One implementation, so that the compiler calls it directly. */
    public interface Ipv4Receiver {
        /**
         * A packet in {@code block.bytes[at, at + length)}, padding included.
         *
         * @param checksumVerified the device vouches for the transport checksum
         * @param isGroup the frame was addressed to more stations than this one
         */
        void receiveIpv4(Block block, int at, int length, boolean checksumVerified, boolean isGroup, long nowNanos);
    }

    private final NetworkDevice device;
    private final TransmitPool pool;
    private final long macAddress;
    private final Counter received;
    private final Counter sent;
    private final Counter malformed;
    private final Counter notForUs;
    private final Counter unknownType;
    private final Counter framesExhausted;
    private final Counter queueFull;
    private ArpReceiver arp;
    private Ipv4Receiver ipv4;
    private long nowNanos;

    public EthernetLink(NetworkDevice device, TransmitPool pool, Counters counters) {
        this.device = device;
        this.pool = pool;
        this.macAddress = device.macAddress();
        received = counters.counter("ethernet.frames_received");
        sent = counters.counter("ethernet.frames_sent");
        malformed = counters.counter("ethernet.dropped_malformed");
        notForUs = counters.counter("ethernet.dropped_not_for_us");
        unknownType = counters.counter("ethernet.dropped_unknown_type");
        framesExhausted = counters.counter("ethernet.transmit_frames_exhausted");
        queueFull = counters.counter("ethernet.transmit_queue_full");
    }

    /** Connects the layers above, once, before the first poll. */
    public void attach(ArpReceiver arp, Ipv4Receiver ipv4) {
        this.arp = arp;
        this.ipv4 = ipv4;
    }

    /** Receives at most {@code budget} frames and returns how many were received or completed. */
    public int poll(long nowNanos, int budget) {
        this.nowNanos = nowNanos;
        return device.poll(this, budget);
    }

    @Override
    public void receive(Block block, boolean checksumVerified) {
        Bytes bytes = block.bytes;
        int at = block.start;
        int length = block.end - at;
        received.increment();
        if (!EthernetView.check(length)) {
            malformed.increment();
            return;
        }
        long destination = EthernetView.destination(bytes, at);
        boolean isGroup = false;
        if (destination != macAddress) {
            isGroup = EthernetView.isGroup(destination);
            if (!isGroup) {
                notForUs.increment();
                return;
            }
        }
        int type = EthernetView.type(bytes, at);
        int payload = at + EthernetView.HEADER_BYTES;
        int payloadLength = length - EthernetView.HEADER_BYTES;
        if (type == EthernetView.TYPE_IPV4) {
            ipv4.receiveIpv4(block, payload, payloadLength, checksumVerified, isGroup, nowNanos);
        } else if (type == EthernetView.TYPE_ARP) {
            arp.receiveArp(bytes, payload, payloadLength, EthernetView.source(bytes, at), nowNanos);
        } else {
            unknownType.increment();
        }
    }

    /** Returns an empty frame, or null (counted) when all are on their way. */
    public TransmitFrame take() {
        TransmitFrame frame = pool.take();
        if (frame == null) {
            framesExhausted.increment();
        }
        return frame;
    }

    /**
     * Puts the Ethernet header in front and queues the frame, whose packet begins {@link EthernetView#HEADER_BYTES} behind
     * {@link TransmitFrame#headStart}.
     *
     * @return false if the queue is full: the caller keeps the frame
     */
    public boolean transmit(TransmitFrame frame, long destination, int type) {
        EthernetView.put(frame.head, frame.headStart, destination, macAddress, type);
        if (device.transmit(frame)) {
            sent.increment();
            return true;
        }
        queueFull.increment();
        return false;
    }

    public NetworkDevice device() {
        return device;
    }

    public long macAddress() {
        return macAddress;
    }
}

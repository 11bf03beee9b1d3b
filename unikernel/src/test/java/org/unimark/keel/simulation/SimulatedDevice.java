// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.simulation;

import java.util.ArrayDeque;
import java.util.Deque;
import org.unimark.keel.buffer.Block;
import org.unimark.keel.buffer.BlockPool;
import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.net.device.FrameCopier;
import org.unimark.keel.net.device.NetworkDevice;
import org.unimark.keel.net.device.ReceiveSink;
import org.unimark.keel.net.device.TransmitFrame;
import org.unimark.keel.net.wire.EthernetView;
import org.unimark.keel.net.wire.InternetChecksum;
import org.unimark.keel.net.wire.Ipv4View;

/**
 * A network card on a {@link VirtualWire}. It reads a frame when flushed and completes it at the next poll, so that memory
 * reused too early shows; it does the offloads it offers.
 */
public final class SimulatedDevice implements NetworkDevice, VirtualWire.Station {
    private static final int LONGEST_FRAME = 66_000;
    private static final int RECEIVE_QUEUE_FRAMES = 512;

    private final VirtualWire wire;
    private final long macAddress;
    private final int mtu;
    private final int offloads;
    private final BlockPool blocks;
    private final Bytes scratch;
    private final FrameCopier copier = new FrameCopier();
    private final Deque<byte[]> received = new ArrayDeque<>();
    private final Deque<TransmitFrame> queued = new ArrayDeque<>();
    private final Deque<TransmitFrame> sent = new ArrayDeque<>();
    private int transmitQueueFrames = 256;
    private boolean linkUp = true;
    private long overruns;
    private long refusals;
    private long flushes;

    public SimulatedDevice(VirtualWire wire, Arena arena, long macAddress, int mtu, int offloads, BlockPool blocks) {
        this.wire = wire;
        this.macAddress = macAddress;
        this.mtu = mtu;
        this.offloads = offloads;
        this.blocks = blocks;
        this.scratch = arena.allocate(LONGEST_FRAME);
        wire.attach(this);
    }

    /** Frames that fit between two polls; more are refused. */
    public void limitTransmitQueue(int frames) {
        transmitQueueFrames = frames;
    }

    public void setLinkUp(boolean linkUp) {
        this.linkUp = linkUp;
    }

    @Override
    public void arrive(byte[] frame) {
        if (!linkUp || frame.length > mtu + EthernetView.HEADER_BYTES) {
            return;
        }
        if (received.size() >= RECEIVE_QUEUE_FRAMES) {
            overruns++;
            return;
        }
        received.add(frame);
    }

    @Override
    public long macAddress() {
        return macAddress;
    }

    @Override
    public int mtu() {
        return mtu;
    }

    @Override
    public int offloads() {
        return offloads;
    }

    @Override
    public boolean isLinkUp() {
        return linkUp;
    }

    @Override
    public boolean transmit(TransmitFrame frame) {
        if (queued.size() + sent.size() >= transmitQueueFrames) {
            refusals++;
            return false;
        }
        checkOffloads(frame);
        queued.add(frame);
        return true;
    }

    private void checkOffloads(TransmitFrame frame) {
        if (frame.checksumStart >= 0 && (offloads & TRANSMIT_CHECKSUM) == 0) {
            throw new IllegalStateException("the card does not complete checksums");
        }
        if (frame.segmentBytes > 0 && (offloads & TRANSMIT_SEGMENTATION) == 0) {
            throw new IllegalStateException("the card does not cut segments");
        }
        int limit = mtu + EthernetView.HEADER_BYTES;
        if (copier.longestPiece(frame) > limit) {
            throw new IllegalStateException("a frame of " + copier.longestPiece(frame) + " bytes, limit " + limit);
        }
    }

    @Override
    public void flush() {
        flushes++;
        for (TransmitFrame frame = queued.poll(); frame != null; frame = queued.poll()) {
            int pieces = copier.pieces(frame);
            for (int piece = 0; piece < pieces && linkUp; piece++) {
                int length = copier.copy(frame, piece, scratch, 0);
                wire.send(this, Arena.toArray(scratch, 0, length));
            }
            sent.add(frame);
        }
    }

    @Override
    public int poll(ReceiveSink sink, int budget) {
        int work = sent.size();
        sent.forEach(TransmitFrame::completed);
        sent.clear();
        for (int i = 0; i < budget && !received.isEmpty(); i++) {
            deliver(sink, received.poll());
            work++;
        }
        return work;
    }

    private void deliver(ReceiveSink sink, byte[] frame) {
        Block block = blocks.take();
        if (block == null) {
            overruns++;
            return;
        }
        block.end = frame.length;
        block.bytes.copyFrom(0, frame, 0, frame.length);
        sink.receive(
                block, (offloads & RECEIVE_CHECKSUM) != 0 && isTransportChecksumCorrect(block.bytes, frame.length));
        block.release();
    }

    private static boolean isTransportChecksumCorrect(Bytes bytes, int length) {
        int ip = EthernetView.HEADER_BYTES;
        if (length < ip || EthernetView.type(bytes, 0) != EthernetView.TYPE_IPV4) {
            return false;
        }
        int headerLength = Ipv4View.headerLength(bytes, ip, length - ip);
        if (headerLength < 0 || (Ipv4View.fragment(bytes, ip) & ~Ipv4View.DONT_FRAGMENT) != 0) {
            return false;
        }
        int segmentLength = Ipv4View.totalLength(bytes, ip) - headerLength;
        int protocol = Ipv4View.protocol(bytes, ip);
        if (protocol != Ipv4View.PROTOCOL_TCP && protocol != Ipv4View.PROTOCOL_UDP) {
            return false;
        }
        long pseudo = InternetChecksum.pseudoHeader(
                Ipv4View.source(bytes, ip), Ipv4View.destination(bytes, ip), protocol, segmentLength);
        return InternetChecksum.isCorrect(pseudo + InternetChecksum.sum(bytes, ip + headerLength, segmentLength));
    }

    @Override
    public boolean enableInterrupts() {
        return received.isEmpty() && sent.isEmpty();
    }

    /** Frames that arrived when no buffer was free. */
    public long overruns() {
        return overruns;
    }

    /** Frames that were refused because the queue was full. */
    public long refusals() {
        return refusals;
    }

    public long flushes() {
        return flushes;
    }
}

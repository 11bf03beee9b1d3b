// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.device;

import org.unimark.keel.buffer.Block;
import org.unimark.keel.buffer.Bytes;

/**
 * One Ethernet frame on its way out: headers in a small buffer of its own, and payload in spans that lie where they are
 * (send queues, constants of the image), so that payload is not copied. Spans inside blocks keep their block alive until
 * the device is done. Pooled; see {@link TransmitPool}.
 */
public final class TransmitFrame {
    /** Bytes before {@link #headStart} that a driver may use for its own header (virtio-net needs 12). */
    public static final int DEVICE_HEADROOM = 16;
    /** Ethernet, IPv4 and TCP headers at their longest, with room to spare for a small control message. */
    public static final int HEAD_BYTES = 112;
    /** Spans a frame can have: a 64 KB burst of small pipelined responses fits. */
    public static final int MAXIMUM_SPANS = 34;

    /** {@link #DEVICE_HEADROOM} + {@link #HEAD_BYTES} bytes, contiguous for the device. */
    public final Bytes head;
    /** Where the Ethernet header begins. */
    public final int headStart = DEVICE_HEADROOM;
    /** Length of the headers from {@link #headStart} on. */
    public int headLength;

    /** Offset, from the Ethernet header, where the device starts to sum; -1 if it need not. */
    public int checksumStart;
    /** Offset of the checksum field from {@link #checksumStart}. */
    public int checksumOffset;
    /** TCP payload bytes a wire segment, for segmentation offload; 0 for an ordinary frame. */
    public int segmentBytes;

    /** Bytes that one span takes in {@link #spanTable}. */
    public static final int SPAN_BYTES = 16;
    /** Bytes of memory that one frame takes. */
    static final int BYTES = DEVICE_HEADROOM + HEAD_BYTES + MAXIMUM_SPANS * SPAN_BYTES;

    private static final int SPAN_LENGTH = 8;

    /** By span, little-endian: address u64, length u64. A driver may read it there. */
    public final Bytes spanTable;

    /** Blocks that spans keep alive, in no relation to the numbers of the spans. */
    private final Block[] held = new Block[MAXIMUM_SPANS];

    private int holds;
    private int spans;
    private int payloadLength;
    private final TransmitPool pool;

    /** For pools and drivers that keep a list of frames. */
    public TransmitFrame next;

    TransmitFrame(TransmitPool pool, Bytes memory) {
        int headBytes = DEVICE_HEADROOM + HEAD_BYTES;
        this.pool = pool;
        this.head = new Bytes().wrap(memory, 0, headBytes);
        this.spanTable = new Bytes().wrap(memory, headBytes, memory.length() - headBytes);
    }

    /**
     * Adds payload that stays put for ever (constants) or, with {@code block}, until that block is released. Nothing is
     * added for a length of 0, which devices do not take.
     */
    public void addSpan(long address, int length, Block block) {
        if (length == 0) {
            return;
        }
        spanTable.putPairLittle(spans * SPAN_BYTES, address, length);
        if (block != null) {
            held[holds] = block.retain();
            holds++;
        }
        spans++;
        payloadLength += length;
    }

    public boolean hasRoom() {
        return spans < MAXIMUM_SPANS;
    }

    public int spans() {
        return spans;
    }

    public long spanAddress(int index) {
        return spanTable.i64Little(index * SPAN_BYTES);
    }

    public int spanLength(int index) {
        return spanTable.i32Little(index * SPAN_BYTES + SPAN_LENGTH);
    }

    /** Bytes in all spans. */
    public int payloadLength() {
        return payloadLength;
    }

    /** Called by the device when it no longer reads the frame: releases the spans' blocks and goes back to the pool. */
    public void completed() {
        for (int i = holds - 1; i >= 0; i--) {
            held[i].release();
            held[i] = null;
        }
        holds = 0;
        pool.put(this);
    }

    void taken() {
        headLength = 0;
        checksumStart = -1;
        checksumOffset = 0;
        segmentBytes = 0;
        spans = 0;
        payloadLength = 0;
        next = null;
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.ipv4;

import org.unimark.keel.buffer.Block;
import org.unimark.keel.buffer.BlockPool;
import org.unimark.keel.net.device.FrameCopier;
import org.unimark.keel.net.device.TransmitFrame;
import org.unimark.keel.net.wire.EthernetView;

/**
 * Packets to our own address: copied into blocks of their own and received on the next turn, so that nobody is called back
 * while it is sending.
 */
final class Loopback {
    private final BlockPool blocks;
    private final Ipv4Counters counters;
    private final FrameCopier copier = new FrameCopier();
    private Block first;
    private Block last;

    /** The pool bounds the queue. */
    Loopback(BlockPool blocks, Ipv4Counters counters) {
        this.blocks = blocks;
        this.counters = counters;
    }

    /**
     * Takes the frame; returns false if it has to wait for room. Of a segment so long that it never fits, the end is lost,
     * as on a wire.
     */
    boolean send(TransmitFrame frame) {
        int pieces = copier.longestPiece(frame) > blocks.blockBytes() ? 0 : copier.pieces(frame);
        int queued = Math.min(pieces, blocks.capacity());
        boolean hasRoom = queued <= blocks.available();
        for (int piece = 0; piece < queued && hasRoom; piece++) {
            enqueue(frame, piece);
        }
        if (!hasRoom || pieces == 0 || queued < pieces) {
            counters.loopbackFull.increment();
        }
        frame.completed();
        return hasRoom;
    }

    private void enqueue(TransmitFrame frame, int piece) {
        Block block = blocks.take();
        block.end = copier.copy(frame, piece, block.bytes, 0);
        if (last == null) {
            first = block;
        } else {
            last.next = block;
        }
        last = block;
    }

    /** Delivers what was queued before this call, at most {@code budget} packets; returns how many. */
    int poll(Ipv4Input input, int budget, long nowNanos) {
        int delivered = 0;
        Block end = last;
        boolean isAtEnd = first == null;
        while (!isAtEnd && delivered < budget) {
            Block block = first;
            isAtEnd = block == end;
            first = block.next;
            if (first == null) {
                last = null;
            }
            block.next = null;
            input.receiveLocal(block, EthernetView.HEADER_BYTES, nowNanos);
            block.release();
            delivered++;
        }
        return delivered;
    }

    boolean isEmpty() {
        return first == null;
    }
}

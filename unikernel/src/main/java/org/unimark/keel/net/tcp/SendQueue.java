// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.tcp;

import org.unimark.keel.buffer.Block;
import org.unimark.keel.buffer.BlockPool;
import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.net.device.TransmitFrame;

/**
 * Bytes that the peer has not acknowledged, sent or not, as a list of spans. Copied bytes lie packed in blocks, constants
 * where they are. Position 0 is the first unacknowledged byte. Empty, it holds no memory.
 */
final class SendQueue {
    private final SpanPool spans;
    private final BlockPool blocks;

    private Span head;
    private Span tail;
    private int length;
    private int copiedBytes;

    /** Where the next copied byte goes, behind {@code fill.end}; one reference of its own. */
    private Block fill;

    /** The span that holds the byte at {@link #cursorPosition}, so that sending on needs no search; null: unknown. */
    private Span cursor;

    /** Position of the first byte of {@link #cursor}; negative once its front has been acknowledged. */
    private int cursorPosition;

    SendQueue(SpanPool spans, BlockPool blocks) {
        this.spans = spans;
        this.blocks = blocks;
    }

    /** Bytes in the queue. */
    int length() {
        return length;
    }

    /** Those of them that occupy blocks. */
    int copiedBytes() {
        return copiedBytes;
    }

    /** How many bytes {@link #append} could take from the pools now. */
    int poolSpace() {
        int room = fill == null ? 0 : fill.capacity() - fill.end;
        long space = room + (long) Math.min(blocks.available(), spans.available()) * blocks.blockBytes();
        return (int) Math.min(space, Integer.MAX_VALUE);
    }

    /** Copies up to {@code size} bytes and returns how many: fewer if a pool is exhausted. */
    int append(Bytes source, int offset, int size) {
        int done = 0;
        while (done < size) {
            if (fill == null || fill.end == fill.capacity()) {
                if (!startBlock()) {
                    break;
                }
            }
            int part = Math.min(size - done, fill.capacity() - fill.end);
            Span span = spanAt(fill.bytes.address(fill.end, part), fill);
            if (span == null) {
                break;
            }
            fill.bytes.copyFrom(fill.end, source, offset + done, part);
            fill.end += part;
            span.length += part;
            length += part;
            copiedBytes += part;
            done += part;
        }
        return done;
    }

    /** Queues {@code size} bytes that stay where they are and returns false if no span is left. */
    boolean appendConstant(long address, int size) {
        Span span = spanAt(address, null);
        if (span == null) {
            return false;
        }
        span.length += size;
        length += size;
        return true;
    }

    private boolean startBlock() {
        Block block = blocks.take();
        if (block == null) {
            return false;
        }
        if (fill != null) {
            fill.release();
        }
        fill = block;
        return true;
    }

    /** The span that goes on at {@code address}: the last one if it ends there, else a new one; null if none is left. */
    private Span spanAt(long address, Block block) {
        Span last = tail;
        if (last != null && last.block == block && last.address + last.length == address) {
            return last;
        }
        Span span = spans.take();
        if (span == null) {
            return null;
        }
        span.address = address;
        span.length = 0;
        if (block != null) {
            span.block = block.retain();
        }
        if (last == null) {
            head = span;
        } else {
            last.next = span;
        }
        tail = span;
        return span;
    }

    /** Drops the first {@code size} bytes: the peer has them. */
    void acknowledge(int size) {
        length -= size;
        cursorPosition -= size;
        int left = size;
        while (left > 0) {
            Span first = head;
            int part = Math.min(left, first.length);
            left -= part;
            if (first.block != null) {
                copiedBytes -= part;
            }
            if (part < first.length) {
                first.address += part;
                first.length -= part;
                if (first == cursor) {
                    cursorPosition += part;
                }
            } else {
                if (first == cursor) {
                    cursor = null;
                }
                head = first.next;
                spans.put(first);
            }
        }
        if (head == null) {
            empty();
        }
    }

    private void empty() {
        tail = null;
        cursor = null;
        if (fill != null) {
            fill.release();
            fill = null;
        }
    }

    /**
     * Adds up to {@code size} bytes from {@code position} on to a frame and returns how many: fewer if the frame has no room
     * for more spans.
     */
    int addTo(TransmitFrame frame, int position, int size) {
        Span span = cursor;
        int at = cursorPosition;
        if (span == null || position < at) {
            span = head;
            at = 0;
        }
        while (position >= at + span.length) {
            at += span.length;
            span = span.next;
        }
        int done = 0;
        while (true) {
            int skip = position + done - at;
            int part = Math.min(size - done, span.length - skip);
            frame.addSpan(span.address + skip, part, span.block);
            done += part;
            if (done == size || !frame.hasRoom()) {
                break;
            }
            at += span.length;
            span = span.next;
        }
        cursor = span;
        cursorPosition = at;
        return done;
    }

    /** Lets go of everything. */
    void clear() {
        acknowledge(length);
    }
}

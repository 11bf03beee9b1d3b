// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.tcp;

import org.unimark.keel.buffer.Block;
import org.unimark.keel.net.wire.TcpView;

/** Payload and FIN of segments: puts them in order and before the application (RFC 9293, 3.10.7.4; RFC 2018). */
final class DataInput {
    private final TcpEngine engine;
    private final TcpCounters counters;

    DataInput(TcpEngine engine, TcpCounters counters) {
        this.engine = engine;
        this.counters = counters;
    }

    /** Takes in the payload and the FIN of an acceptable segment that begins at or behind RCV.NXT. */
    void receive(TcpConnection connection, Segment segment) {
        segment.trimBack(connection.advertisedRight);
        if (segment.payloadLength == 0 && !segment.has(TcpView.FIN)) {
            return;
        }
        switch (connection.state) {
            case ESTABLISHED, FIN_WAIT_1, FIN_WAIT_2 -> {}
            case CLOSED, LISTEN, SYN_SENT, SYN_RECEIVED, CLOSE_WAIT, CLOSING, LAST_ACK, TIME_WAIT -> {
                // Nothing can follow the peer's FIN.
                return;
            }
        }
        engine.markDirty(connection);
        if (segment.has(TcpView.FIN) && !connection.finKnown) {
            connection.finKnown = true;
            connection.finSequence = segment.sequence + segment.payloadLength;
        }
        if (segment.payloadLength > 0) {
            receivePayload(connection, segment);
        }
        finish(connection, segment.nowNanos);
    }

    private void receivePayload(TcpConnection connection, Segment segment) {
        int start = segment.payloadStart;
        int end = start + segment.payloadLength;
        if (segment.sequence != connection.receiveNext) {
            counters.outOfOrder.increment();
            // A duplicate acknowledgement at once tells the peer of the gap (RFC 5681, 4.2).
            connection.acknowledgeNow = true;
            keepOutOfOrder(connection, segment.block, start, end, segment.sequence);
            return;
        }
        take(connection, segment.block, start, end);
        if (connection.outOfOrder != null) {
            connection.acknowledgeNow = true;
            takeContinuing(connection);
        }
    }

    private void keepOutOfOrder(TcpConnection connection, Block block, int start, int end, int sequence) {
        OutOfOrderQueue queue = connection.outOfOrder;
        if (queue == null) {
            queue = engine.takeReassembly();
            connection.outOfOrder = queue;
        }
        if (queue == null || !queue.insert(block, start, end, sequence)) {
            counters.outOfOrderDropped.increment();
        }
        if (queue != null && queue.isEmpty()) {
            engine.releaseReassembly(connection);
        }
    }

    /** The gap is closed, wholly or in part: what waited behind it follows. */
    private void takeContinuing(TcpConnection connection) {
        while (connection.outOfOrder != null) {
            OutOfOrderQueue queue = connection.outOfOrder;
            Block block = queue.continuing(connection.receiveNext);
            if (block == null) {
                break;
            }
            int known = connection.receiveNext - block.tag;
            int start = block.start + known;
            int end = block.end;
            block.retain();
            queue.removeFirst();
            if (start < end) {
                take(connection, block, start, end);
            }
            block.release();
        }
        if (connection.outOfOrder != null && connection.outOfOrder.isEmpty()) {
            engine.releaseReassembly(connection);
        }
    }

    /** Takes {@code block.bytes[start, end)}, which are next in order: before the handler, or into the queue. */
    void take(TcpConnection connection, Block block, int start, int end) {
        int from = start;
        if (connection.discarding) {
            connection.receiveNext += end - from;
            return;
        }
        if (connection.receiveQueue.isEmpty() && !connection.receivePaused) {
            int offered = end - from;
            int consumed = connection.handler.received(connection, block.bytes, from, offered);
            checkConsumed(consumed, offered);
            if (connection.state == TcpState.CLOSED) {
                return;
            }
            if (consumed == offered || connection.discarding) {
                connection.receiveNext += offered;
                return;
            }
            connection.receiveNext += consumed;
            from += consumed;
            keep(connection, block, from, end);
            engine.input.updateExpectation(connection);
            return;
        }
        if (keep(connection, block, from, end) && !connection.receivePaused) {
            present(connection);
        }
    }

    private boolean keep(TcpConnection connection, Block block, int start, int end) {
        if (!connection.receiveQueue.append(block, start, end)) {
            // Not acknowledged, so the peer sends it again.
            counters.receiveNoMemory.increment();
            connection.acknowledgeNow = true;
            return false;
        }
        connection.receiveNext += end - start;
        return true;
    }

    private static void checkConsumed(int consumed, int offered) {
        if (consumed < 0 || consumed > offered) {
            throw new IllegalStateException("a handler consumed more than it was offered");
        }
    }

    /** Offers the queue to the handler, as long as that gets on. */
    void present(TcpConnection connection) {
        ReceiveQueue queue = connection.receiveQueue;
        while (!queue.isEmpty() && !connection.receivePaused && !connection.discarding) {
            if (!queue.gather()) {
                counters.receiveNoMemory.increment();
                engine.starve(connection);
            }
            Block block = queue.first();
            int offered = block.end - block.start;
            boolean everything = offered == queue.length();
            int consumed = connection.handler.received(connection, block.bytes, block.start, offered);
            checkConsumed(consumed, offered);
            if (connection.state == TcpState.CLOSED || connection.discarding) {
                break;
            }
            if (consumed > 0) {
                queue.consume(consumed);
            }
            if (consumed == 0 || everything) {
                break;
            }
        }
        if (connection.state == TcpState.CLOSED) {
            return;
        }
        if (engine.output.isWindowUpdateDue(connection)) {
            connection.acknowledgeNow = true;
            engine.markDirty(connection);
        }
        engine.input.updateExpectation(connection);
    }

    /** Takes the FIN if everything before it has come, and tells the application if it has seen everything. */
    void finish(TcpConnection connection, long nowNanos) {
        if (connection.state == TcpState.CLOSED) {
            return;
        }
        if (connection.finKnown && !connection.finReceived && connection.receiveNext == connection.finSequence) {
            connection.receiveNext++;
            connection.finReceived = true;
            connection.acknowledgeNow = true;
            finReceived(connection, nowNanos);
        }
        tellFinished(connection);
    }

    private void finReceived(TcpConnection connection, long nowNanos) {
        engine.releaseReassembly(connection);
        switch (connection.state) {
            case ESTABLISHED -> connection.state = TcpState.CLOSE_WAIT;
            case FIN_WAIT_1 -> connection.state = TcpState.CLOSING;
            case FIN_WAIT_2 -> engine.ends.enterTimeWait(connection, nowNanos);
            case CLOSED, LISTEN, SYN_SENT, SYN_RECEIVED, CLOSE_WAIT, CLOSING, LAST_ACK, TIME_WAIT ->
                throw new IllegalStateException("a FIN in a state that takes none");
        }
        engine.input.updateExpectation(connection);
    }

    /**
     * What the handler left in the queue has been presented if it is one piece; paused, or behind a first piece that the
     * handler has not consumed, it has not.
     */
    void tellFinished(TcpConnection connection) {
        boolean presented = connection.receiveQueue.isEmpty()
                || !connection.receivePaused && connection.receiveQueue.first().next == null;
        if (connection.finReceived && !connection.finPresented && presented && connection.handler != null) {
            connection.finPresented = true;
            if (!connection.discarding) {
                connection.handler.peerFinished(connection);
            }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.socket;

import org.unimark.keel.buffer.Bytes;

/**
 * One TCP connection. Writes are collected and leave in full segments when the callback returns, so that a header and a
 * body, or several pipelined responses, share packets.
 */
public interface Connection {
    /** Bytes that are held contiguous for a handler that consumes nothing, before the peer is slowed down. */
    int RECEIVE_CONTIGUOUS = 16 * 1024;

    /**
     * Copies bytes into the send queue and returns how many: fewer than {@code length} if the queue is full, in which case
     * {@link ConnectionHandler#writable} follows.
     */
    int write(Bytes source, int offset, int length);

    /** The same without a copy, for bytes that never change or move: constants sealed into the image. */
    int writeConstant(Bytes source, int offset, int length);

    /** How many bytes {@link #write} would take now. */
    int writeSpace();

    /** Bytes written but not yet acknowledged by the peer. */
    int unacknowledged();

    /** Stops presenting bytes; the receive window closes when the buffer is full. */
    void pauseReceiving();

    /** Presents bytes again; if some are waiting, the handler hears of them soon, but not inside this call. */
    void resumeReceiving();

    /** Sends what is queued, then FIN; received bytes are dropped from now on. */
    void close();

    /** Sends RST and forgets everything; {@link ConnectionHandler#closed} follows, but not inside this call. */
    void abort();

    /** True: small writes leave at once instead of waiting for outstanding acknowledgements (Nagle). Default true. */
    void setNoDelay(boolean noDelay);

    /** Probes an idle peer after {@code idleSeconds}; 0 switches it off, which is the default. */
    void setKeepAlive(int idleSeconds);

    /** IPv4, first byte in bits 31..24. */
    int remoteAddress();

    int remotePort();

    int localPort();
}

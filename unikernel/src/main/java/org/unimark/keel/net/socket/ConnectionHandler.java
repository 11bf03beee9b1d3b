// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.socket;

import org.unimark.keel.buffer.Bytes;

/** What an application does about one connection. {@link #closed} is the last call, and always comes. */
public interface ConnectionHandler {
    /**
     * Bytes from the peer, in order and contiguous: {@code data[offset, offset + length)}. What is not consumed is
     * presented again, followed by what arrived meanwhile, at the next arrival or after
     * {@link Connection#resumeReceiving}. At least {@link Connection#RECEIVE_CONTIGUOUS} bytes are held before the peer
     * is slowed down. The view is valid during the call only.
     *
     * @return how many bytes were consumed, 0 to {@code length}
     */
    int received(Connection connection, Bytes data, int offset, int length);

    /** There is room to write again after a write that was accepted in part, or the connection is established. */
    void writable(Connection connection);

    /** The peer will send no more (FIN); all its bytes have been presented. Writing is still possible. */
    void peerFinished(Connection connection);

    /** The connection is gone and must not be touched any more. */
    void closed(Connection connection, CloseReason reason);
}

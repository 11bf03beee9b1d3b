// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.socket;

/** TCP for applications. Everything happens on the event loop's thread, in callbacks that must not block. */
public interface Network {
    /**
     * Accepts connections to {@code port} on every local address.
     *
     * @param backlog connections that may be half open or not yet accepted at the same time
     * @return null if the port is taken or no listener is left
     */
    Listener listen(int port, int backlog, Acceptor acceptor);

    /**
     * Opens a connection; {@code handler} hears {@link ConnectionHandler#writable} once it is established or
     * {@link ConnectionHandler#closed} if it cannot be.
     *
     * @param address IPv4, first byte in bits 31..24
     * @return null if no connection is left
     */
    Connection connect(int address, int port, ConnectionHandler handler);

    /** A bound port. */
    interface Listener {
        /** Stops accepting; established connections live on. */
        void close();
    }

    /** Decides about each new connection. */
    interface Acceptor {
        /** Returns the handler that hears of the connection from now on, or null to reset it. */
        ConnectionHandler accepted(Connection connection);
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.image;

import org.unimark.keel.net.socket.Connection;
import org.unimark.keel.net.socket.ConnectionHandler;
import org.unimark.keel.net.socket.Network;

/** The network of a machine without a network card: every request is refused. */
final class NoNetwork implements Network {
    @Override
    public Listener listen(int port, int backlog, Acceptor acceptor) {
        return null;
    }

    @Override
    public Connection connect(int address, int port, ConnectionHandler handler) {
        return null;
    }
}

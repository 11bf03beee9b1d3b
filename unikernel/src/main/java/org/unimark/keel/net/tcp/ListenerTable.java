// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.tcp;

import org.unimark.keel.net.socket.Network;

/** The ports in state LISTEN: few, so that looking at all of them is quick. */
final class ListenerTable {
    private final TcpListener[] listeners;

    ListenerTable(int maximumListeners) {
        listeners = new TcpListener[maximumListeners];
    }

    /** Null if the port is taken or no place is left. */
    TcpListener open(int port, int backlog, Network.Acceptor acceptor) {
        if (find(port) != null) {
            return null;
        }
        for (int i = 0; i < listeners.length; i++) {
            if (listeners[i] == null) {
                listeners[i] = new TcpListener(this, port, backlog, acceptor);
                return listeners[i];
            }
        }
        return null;
    }

    /** Null if nobody listens there. */
    TcpListener find(int port) {
        for (TcpListener listener : listeners) {
            if (listener != null && listener.port == port) {
                return listener;
            }
        }
        return null;
    }

    void remove(TcpListener listener) {
        for (int i = 0; i < listeners.length; i++) {
            if (listeners[i] == listener) {
                listeners[i] = null;
            }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.linux;

import org.unimark.keel.net.socket.Network;

/** A listening socket. */
final class LinuxListener implements Network.Listener {
    final int descriptor;
    final int port;
    final Network.Acceptor acceptor;
    private final LinuxNetwork network;
    private boolean closed;

    LinuxListener(LinuxNetwork network, int descriptor, int port, Network.Acceptor acceptor) {
        this.network = network;
        this.descriptor = descriptor;
        this.port = port;
        this.acceptor = acceptor;
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            network.closeDescriptor(descriptor);
        }
    }
}

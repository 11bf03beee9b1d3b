// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.image;

import org.unimark.keel.kernel.Log;
import org.unimark.keel.machine.Mark;
import org.unimark.keel.net.socket.Connection;
import org.unimark.keel.net.socket.ConnectionHandler;
import org.unimark.keel.net.socket.Network;

/** The network as the application sees it: says on the console, and to whoever counts instructions, that it listens. */
final class AnnouncedNetwork implements Network {
    private final Network network;
    private final Log log;
    private boolean announced;

    /** {@code network} is null on a machine without a network card, where every request is refused. */
    AnnouncedNetwork(Network network, Log log) {
        this.network = network;
        this.log = log;
    }

    @Override
    public Listener listen(int port, int backlog, Acceptor acceptor) {
        Listener listener = network == null ? null : network.listen(port, backlog, acceptor);
        if (listener != null && !announced) {
            announced = true;
            Mark.pass(Mark.LISTENING);
            log.line("listening on port " + port);
        }
        return listener;
    }

    @Override
    public Connection connect(int address, int port, ConnectionHandler handler) {
        return network == null ? null : network.connect(address, port, handler);
    }
}

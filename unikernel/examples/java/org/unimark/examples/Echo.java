// SPDX-License-Identifier: Apache-2.0
package org.unimark.examples;

import org.unimark.keel.application.Application;
import org.unimark.keel.application.Platform;
import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.net.socket.CloseReason;
import org.unimark.keel.net.socket.Connection;
import org.unimark.keel.net.socket.ConnectionHandler;

/** Sends back what it receives on port 7007. */
public final class Echo implements Application {
    @Override
    public void start(Platform platform) {
        platform.network().listen(7007, 128, connection -> new Line());
    }

    private static final class Line implements ConnectionHandler {
        private boolean waiting;
        private boolean finished;

        @Override
        public int received(Connection connection, Bytes data, int offset, int length) {
            int taken = connection.write(data, offset, length);
            waiting = taken < length; // the rest is presented again
            if (finished && !waiting) {
                connection.close();
            }
            return taken;
        }

        @Override
        public void writable(Connection connection) {
            connection.resumeReceiving();
        }

        @Override
        public void peerFinished(Connection connection) {
            finished = true;
            if (!waiting) {
                connection.close();
            }
        }

        @Override
        public void closed(Connection connection, CloseReason reason) {}
    }
}

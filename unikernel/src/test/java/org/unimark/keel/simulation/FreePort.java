// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.simulation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** Ports on loopback for servers that have to be told theirs. */
public final class FreePort {
    private FreePort() {}

    /** A port that nobody has at the moment. */
    public static int take() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import java.util.ArrayList;
import java.util.List;
import org.unimark.keel.net.socket.CloseReason;
import org.unimark.keel.simulation.ScriptedConnection;

/** The application on a platform of its own, for tests of other packages; its time is the real one. */
public final class ScriptedServer implements AutoCloseable {
    private final KvPlatform platform;
    private final List<ScriptedConnection> connections = new ArrayList<>();
    private final long startNanos = System.nanoTime();

    public ScriptedServer(long seed) {
        platform = new KvPlatform("", seed, 18 << 20);
        platform.clock.setEpochMillis(System.currentTimeMillis());
    }

    private ScriptedConnection connection(int client) {
        while (connections.size() <= client) {
            connections.add(null);
        }
        if (connections.get(client) == null) {
            connections.set(client, platform.connect());
        }
        return connections.get(client);
    }

    public void send(int client, byte[] bytes) {
        passTime();
        connection(client).arrive(bytes);
    }

    /** What the server has sent to the client since the last call; taking it opens the window again. */
    public byte[] take(int client) {
        passTime();
        byte[] sent = connection(client).takeSent();
        connection(client).setSpace(Integer.MAX_VALUE);
        return sent;
    }

    private void passTime() {
        long behind = System.nanoTime() - startNanos + 1_000_000_000L - platform.clock.nanos();
        if (behind > 2_000_000L) {
            platform.passMillis(behind / 1_000_000L);
        }
    }

    public void disconnect(int client) {
        connection(client).end(CloseReason.RESET);
        connections.set(client, null);
    }

    @Override
    public void close() {
        platform.close();
    }
}

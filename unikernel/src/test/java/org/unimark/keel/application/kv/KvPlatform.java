// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.unimark.keel.simulation.Arena;
import org.unimark.keel.simulation.ScriptedConnection;
import org.unimark.keel.simulation.ScriptedPlatform;
import org.unimark.keel.storage.Storage;

/** The key-value application on a platform whose network is the test. */
final class KvPlatform extends ScriptedPlatform {
    private static final long NANOS_PER_MILLI = 1_000_000L;
    private static final int RECEIVE_BYTES = 256 * 1024;

    private final List<ScriptedConnection> connections = new ArrayList<>();

    KvPlatform() {
        this("", 1, 18 << 20);
    }

    KvPlatform(String configuration, long seed, long availableBytes) {
        this(configuration, seed, availableBytes, null);
    }

    KvPlatform(String configuration, long seed, long availableBytes, Storage storage) {
        this(configuration, seed, availableBytes, storage, RECEIVE_BYTES);
    }

    KvPlatform(String configuration, long seed, long availableBytes, Storage storage, int receiveBytes) {
        super(seed, availableBytes, storage, receiveBytes);
        seal(Configuration.RESOURCE, configuration.getBytes(StandardCharsets.ISO_8859_1));
        new KvApplication().start(this);
    }

    /** The server behind the network, for white-box checks. */
    KvServer server() {
        return (KvServer) acceptor();
    }

    @Override
    public ScriptedConnection connect() {
        ScriptedConnection connection = super.connect();
        if (connection != null) {
            connections.add(connection);
        }
        return connection;
    }

    @Override
    public void close() {
        connections.forEach(ScriptedConnection::release);
        super.close();
    }

    void passMillis(long millis) {
        for (long i = 0; i < millis; i++) {
            pass(NANOS_PER_MILLI);
            connections.forEach(ScriptedConnection::settle);
        }
    }

    Arena arena() {
        return arena;
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.sql.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.unimark.keel.simulation.Arena;
import org.unimark.keel.simulation.ScriptedConnection;
import org.unimark.keel.simulation.ScriptedPlatform;

/** The server in virtual time: its network and its clock are the test. */
final class VirtualServer extends ScriptedPlatform {
    static final String READY = "Z\0\0\0\5I";
    static final byte[] STARTUP = "\0\0\0\21\0\3\0\0user\0m\0\0\0".getBytes(StandardCharsets.ISO_8859_1);

    private static final int RECEIVE_BYTES = 64 * 1024;

    private final JdbcEngine engine;
    /** Runs once, when the network is served within a step. */
    private Runnable event;

    VirtualServer(String file, String settings) {
        this(new JdbcEngine(file), settings, RECEIVE_BYTES);
    }

    VirtualServer(JdbcEngine engine, String settings) {
        this(engine, settings, RECEIVE_BYTES);
    }

    VirtualServer(JdbcEngine engine, String settings, int receiveBytes) {
        super(1, 64 << 20, null, receiveBytes);
        this.engine = engine;
        try (Arena text = new Arena()) {
            byte[] ascii = settings.getBytes(StandardCharsets.US_ASCII);
            PostgresServer.start(this, engine, TestServer.settings(text.copyOf(ascii)));
        }
    }

    @Override
    public void serveNetwork() {
        if (event != null) {
            Runnable now = event;
            event = null;
            now.run();
        }
    }

    void onceWithinAStep(Runnable newEvent) {
        event = newEvent;
    }

    boolean isEventDue() {
        return event != null;
    }

    /** Until nobody has anything to do. */
    void work(ScriptedConnection... open) {
        do {
            for (ScriptedConnection connection : open) {
                connection.settle();
            }
        } while (poll());
    }

    void passMillis(long millis, ScriptedConnection... open) {
        pass(millis * 1_000_000);
        work(open);
    }

    /** A client that was let in. */
    ScriptedConnection begin() {
        ScriptedConnection connection = connect();
        connection.arrive(STARTUP);
        work(connection);
        assertThat(connection.takeText()).endsWith(READY);
        return connection;
    }

    static byte[] query(String sql) {
        return ProtocolTest.message('Q', sql + "\0");
    }

    /** What the server says to a query as far as it gets. */
    String answer(ScriptedConnection client, String sql) {
        client.arrive(query(sql));
        work(client);
        return client.takeText();
    }

    @Override
    public void close() {
        super.close();
        engine.close();
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.sql.postgres;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.unimark.keel.application.SealedSettings;
import org.unimark.keel.application.sqlite.SqlApplication;
import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.simulation.Arena;
import org.unimark.keel.simulation.SocketPlatform;

/** The server on a port of its own, over a database in a directory of the test. */
final class TestServer implements AutoCloseable {
    private final SocketPlatform platform = new SocketPlatform();
    private final JdbcEngine engine;

    TestServer(Path directory, String settings) {
        engine = new JdbcEngine(directory.resolve("test.db").toString());
        try (Arena arena = new Arena()) {
            byte[] text = ("port=0\n" + settings).getBytes(StandardCharsets.US_ASCII);
            PostgresServer.start(platform, engine, settings(arena.copyOf(text)));
        }
        platform.run();
    }

    static SealedSettings settings(Bytes file) {
        return new SealedSettings(SqlApplication.RESOURCE, file, SqlApplication.SETTINGS);
    }

    int port() {
        return platform.port();
    }

    String url() {
        return "jdbc:postgresql://127.0.0.1:" + port() + "/keel?connectTimeout=5&socketTimeout=20&loginTimeout=5";
    }

    @Override
    public void close() throws java.io.IOException {
        platform.close();
        engine.close();
    }

    /** For trying by hand: port, database file, settings. */
    public static void main(String[] arguments) throws InterruptedException {
        SocketPlatform platform = new SocketPlatform();
        byte[] settings = ("port=" + arguments[0] + "\n"
                        + (arguments.length > 2 ? arguments[2].replace(';', '\n') : ""))
                .getBytes(StandardCharsets.US_ASCII);
        PostgresServer.start(platform, new JdbcEngine(arguments[1]), settings(new Arena().copyOf(settings)));
        platform.run();
        platform.join();
    }
}

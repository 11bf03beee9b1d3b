// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.sqlite;

import org.unimark.keel.application.Application;
import org.unimark.keel.application.Platform;
import org.unimark.keel.application.sql.SqlConnection;
import org.unimark.keel.application.sql.SqlSettings;
import org.unimark.keel.application.sql.postgres.PostgresServer;
import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Rare;
import org.unimark.keel.kernel.Timer;
import org.unimark.keel.sqlite.SqliteEngine;

/** A SQL database: runs the script that was compiled into the image ({@code mode=batch}), or serves. */
@Rare
public final class SqlApplication implements Application {
    private static final String SCRIPT = "sql.script";

    @Override
    public void start(Platform platform) {
        SqlSettings settings = new SqlSettings(platform.resource(SqlSettings.RESOURCE));
        SqliteEngine engine;
        try {
            engine = new SqliteEngine(platform, settings);
        } catch (IllegalStateException failure) {
            stop(platform, failure.getMessage());
            return;
        }
        platform.log().line("sql: " + engine.version());
        String mode = settings.text("mode", platform.resource(SCRIPT) == null ? "server" : "batch");
        if (mode.equals("batch")) {
            batch(platform, engine);
        } else if (mode.equals("server")) {
            PostgresServer.start(platform, engine, settings);
        } else {
            stop(platform, "mode=" + mode + " is not known");
        }
    }

    /** From the event loop, like everything else that shall be fast. */
    private static void batch(Platform platform, SqliteEngine engine) {
        Bytes script = platform.resource(SCRIPT);
        if (script == null) {
            stop(platform, "no resource named " + SCRIPT + " was sealed into this image");
            return;
        }
        SqlConnection connection = engine.connect();
        if (connection == null) {
            stop(platform, "the database cannot be opened");
            return;
        }
        SqlScript run = new SqlScript(script, connection, platform, engine::mark);
        Timer begin = new Timer() {
            @Override
            protected void expired(long nowNanos) {
                platform.exit(run.run() ? 0 : 1);
            }
        };
        platform.timers().schedule(begin, platform.clock().nanos());
    }

    private static void stop(Platform platform, String reason) {
        platform.log().line("sql: " + reason);
        platform.exit(1);
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.sqlite;

import org.unimark.keel.application.Application;
import org.unimark.keel.application.Platform;
import org.unimark.keel.application.SealedSettings;
import org.unimark.keel.application.sql.SqlConnection;
import org.unimark.keel.application.sql.postgres.PostgresServer;
import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Rare;
import org.unimark.keel.kernel.Timer;
import org.unimark.keel.sqlite.SqliteEngine;

/** A SQL database: runs the script that was compiled into the image ({@code mode=batch}), or serves. */
@Rare
public final class SqlApplication implements Application {
    public static final String RESOURCE = "sql.properties";

    /** All that {@link #RESOURCE} may say; docs/sql.md and docs/sql-protocol.md explain it. */
    public static final String[] SETTINGS = {
        "mode",
        "database",
        "files",
        "memory_files",
        "file",
        "page_size",
        "cache_size",
        "journal_mode",
        "synchronous",
        "foreign_keys",
        "memory_bytes",
        "database_bytes",
        "statement_timeout_ms",
        "port",
        "backlog",
        "authentication",
        "user",
        "password",
        "verifier",
        "max_connections",
        "max_starting",
        "startup_timeout_seconds",
        "message_timeout_seconds",
        "max_message_bytes",
        "long_messages",
        "lock_timeout_millis"
    };

    private static final String SCRIPT = "sql.script";

    @Override
    public void start(Platform platform) {
        try {
            SealedSettings settings = new SealedSettings(RESOURCE, platform.resource(RESOURCE), SETTINGS);
            boolean isBatch = settings.isFirst("mode", "batch", "server", platform.resource(SCRIPT) != null);
            SqliteEngine engine = new SqliteEngine(platform, settings);
            platform.log().line("sql: " + engine.version());
            if (isBatch) {
                batch(platform, engine);
            } else {
                PostgresServer.start(platform, engine, settings);
            }
        } catch (IllegalArgumentException | IllegalStateException failure) {
            stop(platform, failure.getMessage());
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
        if (connection == null || connection.open() != SqlConnection.DONE) {
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

// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** PostgreSQL's JDBC driver cancels a statement, and others wait for its end. */
final class Cancelling {
    /** One step of SQLite that would never end. */
    private static final String ENDLESS =
            "with recursive c(x) as (values (1) union all select x + 1 from c) select count(*) from c";

    private static final int SECONDS = 60;

    private Cancelling() {}

    static void endsAStepAndServesOthers(Connection connection, Connection other) throws Exception {
        try (Statement endless = connection.createStatement();
                Statement waiting = other.createStatement()) {
            CompletableFuture<SQLException> failure = CompletableFuture.supplyAsync(
                    () -> catchThrowableOfType(SQLException.class, () -> endless.executeQuery(ENDLESS)));
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(300));
            CompletableFuture<Integer> answer = CompletableFuture.supplyAsync(() -> six(waiting));
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(300));
            assertThat(failure).isNotDone();
            endless.cancel();
            SQLException cancelled = failure.get(SECONDS, TimeUnit.SECONDS);
            assertThat(cancelled.getSQLState()).as(cancelled.getMessage()).isEqualTo("57014");
            assertThat(cancelled.getMessage()).contains("canceling statement due to user request");
            assertThat(answer.get(SECONDS, TimeUnit.SECONDS)).isEqualTo(6);
            assertThat(six(endless)).isEqualTo(6);
        }
    }

    private static int six(Statement statement) {
        try (ResultSet result = statement.executeQuery("select 2 * 3")) {
            result.next();
            return result.getInt(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}

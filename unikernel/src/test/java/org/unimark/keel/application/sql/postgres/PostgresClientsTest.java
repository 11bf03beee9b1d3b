// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.sql.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** psql and pgbench of PostgreSQL, unchanged. */
@Tag("machine")
class PostgresClientsTest {
    @TempDir
    Path directory;

    private TestServer server;

    @BeforeEach
    void start() {
        Assumptions.assumeTrue(pgbench() != null, "PostgreSQL's client programs are not installed");
        server = new TestServer(directory, "");
    }

    @AfterEach
    void stop() throws IOException {
        if (server != null) {
            server.close();
        }
    }

    private static Path pgbench() {
        Path debian = Path.of("/usr/lib/postgresql/15/bin/pgbench");
        return Files.isExecutable(debian) ? debian : null;
    }

    private String run(String program, String... arguments) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of(program, "-h", "127.0.0.1", "-p", "" + server.port(), "-U", "me"));
        command.addAll(List.of(arguments));
        Path output = directory.resolve("output");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(process.waitFor(90, TimeUnit.SECONDS)).as(command.toString()).isTrue();
        String text = Files.readString(output, StandardCharsets.UTF_8);
        assertThat(process.exitValue()).as(text).isZero();
        return text;
    }

    private String psql(String... commands) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("-X", "-d", "keel", "-v", "ON_ERROR_STOP=1"));
        for (String command : commands) {
            arguments.add("-c");
            arguments.add(command);
        }
        return run("/usr/lib/postgresql/15/bin/psql", arguments.toArray(new String[0]));
    }

    @Test
    void psqlDescribesTables() throws IOException, InterruptedException {
        psql("create table foo(a int primary key, b varchar(20) not null default 'x', c numeric(10,2), d timestamp)");
        psql("create unique index foo_b on foo(b)", "create view v as select * from foo");
        assertThat(psql("\\d foo"))
                .contains("a      | integer", "b      | character varying(20)", "not null", "'x'", "numeric(10,2)")
                .contains("timestamp without time zone", "\"foo_b\" UNIQUE, btree (b)");
        assertThat(psql("\\dt")).contains("public | foo  | table").doesNotContain(" v ");
        assertThat(psql("\\d")).contains("public | v    | view");
        assertThat(psql("\\l")).contains("keel").contains("UTF8");
    }

    @ParameterizedTest
    @ValueSource(strings = {"simple", "extended", "prepared"})
    void pgbenchRunsItsTransactions(String mode) throws IOException, InterruptedException {
        String pgbench = pgbench().toString();
        assertThat(run(pgbench, "-i", "keel")).contains("done in");
        assertThat(run(pgbench, "-M", mode, "-c", "4", "-t", "20", "keel"))
                .contains("number of transactions actually processed: 80/80")
                .contains("number of failed transactions: 0");
        assertThat(
                        psql(
                                "select count(*), sum(delta) = (select sum(abalance) from pgbench_accounts) from pgbench_history"))
                .contains("80 | t");
    }
}

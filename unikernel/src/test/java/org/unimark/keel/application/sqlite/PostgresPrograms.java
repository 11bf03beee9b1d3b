// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** psql and pgbench of PostgreSQL 15, unchanged, against a server on this host's loopback. */
final class PostgresPrograms {
    private static final Path PROGRAMS = Path.of("/usr/lib/postgresql/15/bin");
    private static final int SECONDS = 300;

    private final Path directory;
    private final int port;

    /** @param directory for their output */
    PostgresPrograms(Path directory, int port) {
        this.directory = directory;
        this.port = port;
    }

    /** Skips the test that calls it if they are not here. */
    static void assumeInstalled() {
        assumeTrue(Files.isExecutable(PROGRAMS.resolve("pgbench")), "PostgreSQL's client programs are not installed");
    }

    /** The rows of a statement: columns between bars. */
    String psql(String command) throws IOException, InterruptedException {
        return client("psql", "-X", "-q", "-A", "-t", "-d", "keel", "-v", "ON_ERROR_STOP=1", "-c", command);
    }

    /** Fills pgbench's tables, then runs its own script with several connections at once in each mode of queries. */
    void benchmark(int connections, int transactions) throws IOException, InterruptedException {
        assertThat(client("pgbench", "-i", "-s", "1", "keel")).contains("done in");
        String clients = Integer.toString(connections);
        int all = connections * transactions;
        for (String mode : List.of("simple", "extended", "prepared")) {
            assertThat(client("pgbench", "-n", "-M", mode, "-c", clients, "-t", "" + transactions, "keel"))
                    .contains("number of transactions actually processed: " + all + "/" + all)
                    .contains("number of failed transactions: 0");
        }
        assertSum(3 * all);
    }

    /** Each transaction of pgbench's changes four tables by the same sum, or none. */
    void assertSum(int transactions) throws IOException, InterruptedException {
        assertThat(psql("select count(*), sum(delta) = (select sum(abalance) from pgbench_accounts),"
                        + " sum(delta) = (select sum(tbalance) from pgbench_tellers),"
                        + " sum(delta) = (select sum(bbalance) from pgbench_branches) from pgbench_history"))
                .isEqualTo(transactions + "|t|t|t\n");
    }

    private String client(String program, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                PROGRAMS.resolve(program).toString(), "-h", "127.0.0.1", "-p", Integer.toString(port), "-U", "me"));
        command.addAll(List.of(arguments));
        return run(directory, "", command.toArray(new String[0]));
    }

    /** What a program prints for that input, one character a byte. */
    static String run(Path directory, String input, String... command) throws IOException, InterruptedException {
        Path from = Files.createTempFile(directory, "input", ".txt");
        Path to = Files.createTempFile(directory, "output", ".txt");
        Files.writeString(from, input);
        Process program = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(from.toFile())
                .redirectOutput(to.toFile())
                .start();
        String text = String.join(" ", command);
        assertThat(program.waitFor(SECONDS, TimeUnit.SECONDS)).as(text).isTrue();
        String printed = Files.readString(to, StandardCharsets.ISO_8859_1);
        assertThat(program.exitValue()).as(text + ": " + printed).isZero();
        return printed;
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.cells;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.unimark.baselines.process.Command;
import org.unimark.results.Record;
import org.unimark.results.RunDirectory;
import org.unimark.workloads.campaign.WorkTree;

/** Two SSH daemons of the test's own on loopback. */
@Tag("machine")
@Timeout(120)
class SshExecutorTest {
    private static final String SSHD = "/usr/sbin/sshd";

    @TempDir
    Path directory;

    private final List<Process> daemons = new ArrayList<>();
    private CellStore store;

    @BeforeEach
    void startDaemons() throws Exception {
        // Where the daemon confines its unprivileged child.
        Files.createDirectories(Path.of("/run/sshd"));
        keygen("host");
        keygen("user");
        StringBuilder configuration = new StringBuilder();
        for (String node : List.of("one", "two")) {
            int port = startDaemon(node);
            configuration
                    .append("Host ")
                    .append(node)
                    .append("\n  HostName 127.0.0.1\n  Port ")
                    .append(port)
                    .append("\n");
        }
        configuration
                .append("Host *\n  IdentitiesOnly yes\n  StrictHostKeyChecking no\n  UserKnownHostsFile /dev/null\n")
                .append("  BatchMode yes\n  ConnectTimeout 5\n  LogLevel ERROR\n  IdentityFile ")
                .append(directory.resolve("user"))
                .append("\n");
        Files.writeString(directory.resolve("client"), configuration);
        store = CellStore.create(directory.resolve("campaign"), FakeWorker.plan(), FakeWorker.cells(12));
    }

    private void keygen(String name) throws Exception {
        Process process = new ProcessBuilder(
                        "ssh-keygen",
                        "-q",
                        "-t",
                        "ed25519",
                        "-N",
                        "",
                        "-f",
                        directory.resolve(name).toString())
                .inheritIO()
                .start();
        assertThat(process.waitFor()).isZero();
    }

    private int startDaemon(String node) throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        Path configuration = Files.writeString(
                directory.resolve("sshd-" + node),
                String.join(
                        "\n",
                        "ListenAddress 127.0.0.1:" + port,
                        "HostKey " + directory.resolve("host"),
                        "AuthorizedKeysFile " + directory.resolve("user.pub"),
                        "PidFile none",
                        "StrictModes no",
                        "UsePAM no",
                        "PasswordAuthentication no",
                        "PermitRootLogin yes",
                        ""));
        daemons.add(new ProcessBuilder(SSHD, "-D", "-e", "-f", configuration.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log-" + node).toFile())
                .start());
        for (int i = 0; i < 500; i++) {
            try {
                new Socket(InetAddress.getLoopbackAddress(), port).close();
                return port;
            } catch (IOException notYet) {
                Thread.sleep(10);
            }
        }
        throw new IOException("sshd does not listen: " + Files.readString(directory.resolve("log-" + node)));
    }

    @AfterEach
    void endDaemons() throws Exception {
        for (Process daemon : daemons) {
            daemon.descendants().forEach(ProcessHandle::destroy);
            daemon.destroy();
            assertThat(daemon.waitFor(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    private SshExecutor executor(String body) throws IOException {
        return new SshExecutor(
                List.of("one", "two"),
                List.of("ssh", "-F", directory.resolve("client").toString()),
                Command.quoted(FakeWorker.write(directory, body).toString()));
    }

    private List<String> nodes() throws IOException {
        List<String> nodes = new ArrayList<>();
        for (Cell cell : store.cells()) {
            nodes.add(Files.readString(store.result(cell).resolve("node")).strip());
        }
        return nodes;
    }

    @Test
    void spreadsTheCellsOverBothHosts() throws Exception {
        Watching watching = new Watching();
        executor("sleep 0.1").run(store, watching);
        assertThat(store.missing()).as(watching.notices.toString()).isEmpty();
        assertThat(nodes()).contains("one", "two");
        assertThat(watching.done).isEqualTo(12);
    }

    @Test
    void losesNoCellWhenAHostDies() throws Exception {
        Watching watching = new Watching();
        Process victim = daemons.get(1);
        Thread killer = new Thread(() -> {
            try {
                while (watching.done < 3) {
                    Thread.sleep(10);
                }
                victim.descendants().forEach(ProcessHandle::destroyForcibly);
                victim.destroyForcibly();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        killer.start();
        executor("sleep 0.3").run(store, watching);
        killer.join();
        assertThat(store.missing()).as(watching.notices.toString()).isEmpty();
        assertThat(watching.notices).anyMatch(notice -> notice.contains("two is given up"));
    }

    @Test
    void saysWhyACellCannotBeMade() throws Exception {
        Watching watching = new Watching();
        executor("echo 'the disk is full' >&2; exit 1").run(store, watching);
        assertThat(store.missing()).hasSize(12);
        assertThat(watching.notices).anyMatch(notice -> notice.contains("the disk is full"));
    }

    @Test
    void anInterruptionEndsTheRemoteWorkers() throws Exception {
        Path traces = Files.createDirectory(directory.resolve("traces"));
        SshExecutor executor = executor(
                "trap 'kill $!; rm -f " + traces + "/$$; exit 1' TERM; touch " + traces + "/$$; sleep 60 & wait $!");
        Thread running = new Thread(() -> {
            try {
                executor.run(store, new Watching());
            } catch (IOException | InterruptedException expected) {
                // That is what it is for.
            }
        });
        running.start();
        awaitFiles(traces, 2);
        running.interrupt();
        running.join();
        awaitFiles(traces, 0);
    }

    /** The suite itself as a worker, down to the run that is reported. */
    @Test
    @Tag("boot")
    @Timeout(600)
    void aRealCellComesBack() throws Exception {
        Path home = Path.of("").toAbsolutePath().getParent();
        WorkTree tree = WorkTree.of(home);
        Cell cell = new Cell(
                Cell.FORMAT_VERSION,
                tree.commit(),
                tree.isDirty(),
                7,
                "smoke",
                "image-size",
                "size",
                0,
                "tcg",
                List.of("keel"));
        CellStore real = CellStore.create(directory.resolve("real"), FakeWorker.plan("keel"), List.of(cell));
        String worker = "UNIMARK_CLASSPATH=" + Command.quoted(System.getProperty("java.class.path")) + " "
                + Command.quoted(home.resolve("unimark").toString()) + " cell --no-install";
        Watching watching = new Watching();
        new SshExecutor(
                        List.of("two"),
                        List.of("ssh", "-F", directory.resolve("client").toString()),
                        worker)
                .run(real, watching);
        assertThat(real.missing()).as(watching.notices.toString()).isEmpty();
        Path merged = new CellMerger(real, List.of())
                .merge(directory.resolve("runs"), "merged")
                .get(0);
        RunDirectory run = new RunDirectory(merged);
        assertThat(run.records()).singleElement().satisfies(record -> {
            assertThat(record.values().get("deployed_bytes")).isPositive();
            assertThat(record.context()).containsEntry(Record.NODE, 1.0);
        });
        assertThat(run.info().host()).containsEntry("node 1", "two");
        assertThat(run.info().commit()).isEqualTo(tree.commit());
    }

    private static void awaitFiles(Path traces, int count) throws Exception {
        for (int i = 0; i < 2_000 && traces.toFile().list().length != count; i++) {
            Thread.sleep(10);
        }
        assertThat(traces.toFile().list()).hasSize(count);
    }
}

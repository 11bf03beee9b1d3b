// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.cells;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.unimark.baselines.process.Command;

/** A Slurm cluster of the test's own: one controller and two nodes, all on this machine, without authentication. */
@Tag("machine")
@Timeout(240)
class SlurmExecutorTest {
    @TempDir
    Path directory;

    private final List<Process> daemons = new ArrayList<>();
    private Map<String, String> environment;
    private CellStore store;

    @BeforeEach
    void startCluster() throws Exception {
        String host = Command.run("hostname", "-s").strip();
        Path configuration = directory.resolve("slurm.conf");
        environment = Map.of("SLURM_CONF", configuration.toString());
        for (String each : List.of("state", "spool-n1", "spool-n2")) {
            Files.createDirectory(directory.resolve(each));
        }
        Files.writeString(
                configuration,
                String.join(
                        "\n",
                        "ClusterName=test",
                        "SlurmctldHost=" + host + "(127.0.0.1)",
                        "SlurmctldPort=" + freePort(),
                        "AuthType=auth/none",
                        "CredType=cred/none",
                        "SlurmUser=root",
                        "SlurmdUser=root",
                        "ProctrackType=proctrack/linuxproc",
                        "TaskPlugin=task/none",
                        "SelectType=select/cons_tres",
                        "SwitchType=switch/none",
                        "MpiDefault=none",
                        "ReturnToService=2",
                        "SlurmdTimeout=10",
                        "KillWait=2",
                        "SlurmctldPidFile=" + directory.resolve("slurmctld.pid"),
                        "SlurmdPidFile=" + directory.resolve("slurmd-%n.pid"),
                        "StateSaveLocation=" + directory.resolve("state"),
                        "SlurmdSpoolDir=" + directory + "/spool-%n",
                        "NodeName=n1 NodeHostname=" + host + " NodeAddr=127.0.0.1 Port=" + freePort() + " CPUs=1",
                        "NodeName=n2 NodeHostname=" + host + " NodeAddr=127.0.0.1 Port=" + freePort() + " CPUs=1",
                        "PartitionName=p Nodes=n1,n2 Default=YES OverSubscribe=EXCLUSIVE State=UP",
                        ""));
        start("slurmctld", "-D", "-f", configuration.toString());
        start("slurmd", "-D", "-N", "n1", "-f", configuration.toString());
        start("slurmd", "-D", "-N", "n2", "-f", configuration.toString());
        awaitIdle();
        store = CellStore.create(directory.resolve("campaign"), FakeWorker.plan(), FakeWorker.cells(10));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void start(String... command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory
                        .resolve("log-" + daemons.size() + "-" + command[0])
                        .toFile());
        builder.environment().putAll(environment);
        daemons.add(builder.start());
    }

    private void awaitIdle() throws Exception {
        String states = "";
        for (int i = 0; i < 300; i++) {
            try {
                states = Command.run(List.of("sinfo", "--noheader", "--Node", "--format=%t"), environment)
                        .strip();
            } catch (IOException notYet) {
                states = notYet.getMessage();
            }
            if (states.equals("idle\nidle")) {
                return;
            }
            Thread.sleep(100);
        }
        throw new IOException("the cluster does not come up: " + states);
    }

    @AfterEach
    void endCluster() throws Exception {
        for (int i = daemons.size() - 1; i >= 0; i--) {
            Process daemon = daemons.get(i);
            List<ProcessHandle> children = daemon.descendants().toList();
            daemon.destroy();
            if (!daemon.waitFor(10, TimeUnit.SECONDS)) {
                daemon.destroyForcibly().waitFor();
            }
            children.forEach(ProcessHandle::destroyForcibly);
        }
    }

    private SlurmExecutor executor(String body) throws IOException {
        return new SlurmExecutor(
                List.of(FakeWorker.write(directory, body).toString()), List.of("--time=5"), environment);
    }

    @Test
    void makesEveryCellOnOneOfTheNodes() throws Exception {
        Watching watching = new Watching();
        executor("sleep 0.2").run(store, watching);
        assertThat(store.missing()).as(watching.notices.toString()).isEmpty();
        List<String> nodes = new ArrayList<>();
        for (Cell cell : store.cells()) {
            nodes.add(Files.readString(store.result(cell).resolve("node")).strip());
        }
        assertThat(nodes).contains("n1", "n2").hasSize(10);
    }

    @Test
    void losesNoFinishedCellWhenANodeDies() throws Exception {
        Watching watching = new Watching();
        Map<Cell, Object> finished = new HashMap<>();
        Thread killer = new Thread(() -> {
            try {
                while (watching.done < 2) {
                    Thread.sleep(20);
                }
                finished.putAll(identities());
                Process node = daemons.get(2);
                node.descendants().forEach(ProcessHandle::destroyForcibly);
                node.destroyForcibly();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        killer.start();
        executor("sleep 1").run(store, watching);
        killer.join();
        assertThat(store.missing()).as(watching.notices.toString()).isEmpty();
        assertThat(finished).as("what was done before").hasSizeGreaterThanOrEqualTo(2);
        assertThat(identities()).as("is still the same").containsAllEntriesOf(finished);
    }

    /** Which file it is (its inode) that each finished cell wrote, and when. */
    private Map<Cell, Object> identities() {
        Map<Cell, Object> identities = new HashMap<>();
        for (Cell cell : store.cells()) {
            if (store.isDone(cell)) {
                Path node = store.result(cell).resolve("node");
                try {
                    identities.put(
                            cell, List.of(Files.getAttribute(node, "unix:ino"), Files.getLastModifiedTime(node)));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
        return identities;
    }

    @Test
    void saysWhyACellCannotBeMade() throws Exception {
        Watching watching = new Watching();
        executor("echo 'the disk is full' >&2; exit 1").run(store, watching);
        assertThat(store.missing()).hasSize(10);
        assertThat(watching.notices).anyMatch(notice -> notice.contains("the disk is full"));
    }

    @Test
    void anInterruptionCancelsTheJob() throws Exception {
        SlurmExecutor executor = executor("sleep 60");
        Thread running = Thread.currentThread();
        Thread interrupter = new Thread(() -> {
            try {
                while (!Command.run(List.of("squeue", "--noheader", "--states=running"), environment)
                        .strip()
                        .contains("unimark")) {
                    Thread.sleep(50);
                }
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
            running.interrupt();
        });
        interrupter.start();
        assertThatThrownBy(() -> executor.run(store, new Watching())).isInstanceOf(InterruptedException.class);
        interrupter.join();
        String left = "?";
        for (int i = 0; i < 200 && !left.isEmpty(); i++) {
            left = Command.run(List.of("squeue", "--noheader"), environment).strip();
            Thread.sleep(100);
        }
        assertThat(left).isEmpty();
    }
}

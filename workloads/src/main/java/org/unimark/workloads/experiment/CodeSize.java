// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.experiment;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.unimark.baselines.SystemUnderTest;
import org.unimark.baselines.code.CodeInventory;
import org.unimark.baselines.counter.InstructionCounter;
import org.unimark.workloads.load.LoadGenerator;
import org.unimark.workloads.load.LoadPhase;
import org.unimark.workloads.load.LoadPlan;

/** Bytes of machine code that are present, by origin, and how many of them a run executes. */
final class CodeSize implements Experiment {
    private static final String PRESENT = "present";
    private static final int REQUESTS = 1_000;
    private static final int CONNECTIONS = 30;
    /** Nothing is timed: a server that begins a process for each connection may take long under a counter. */
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static final Duration SCAN_LIMIT = Duration.ofSeconds(60);

    private final String name;
    private final Subject subject;

    /** The experiment called {@code name}, on systems that offer {@code subject}. */
    CodeSize(String name, Subject subject) {
        this.name = name;
        this.subject = subject;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String description() {
        return "machine code present, by origin, and executed, of " + subject.application()
                + " systems; attack surface";
    }

    /** An image with the SQL server takes long to build. */
    @Override
    public boolean isExtensive() {
        return subject == Database.DISK;
    }

    @Override
    public List<Kind> kinds(Effort effort) {
        return List.of(
                new Kind(PRESENT, subject, InstructionCounter.Mode.OFF, 1, 1),
                new Kind(Kind.COUNTED, subject, InstructionCounter.Mode.INSTRUCTIONS, effort.countedRepetitions(), 2));
    }

    @Override
    public List<Outcome> measure(Kind kind, SystemUnderTest system, Bench bench)
            throws Rejected, IOException, InterruptedException {
        if (kind.counting() == InstructionCounter.Mode.INSTRUCTIONS) {
            return List.of(executed(kind, system, bench));
        }
        CodeInventory code = system.code();
        // Containers on the host run code of the host, which is not part of them: there is nothing to say.
        return code == null ? List.of() : List.of(present(code, system));
    }

    private static Outcome present(CodeInventory code, SystemUnderTest system) throws Rejected {
        if (code.totalBytes() <= 0) {
            throw new Rejected(system.name() + ": a system without code");
        }
        Outcome outcome = Outcome.of(0).value("machine_code_bytes", code.totalBytes());
        code.facts().forEach(outcome::value);
        code.bytes().forEach((part, bytes) -> outcome.context("code of " + part, bytes));
        code.lines().forEach((part, lines) -> outcome.context("lines of " + part, lines));
        return outcome;
    }

    private static Outcome executed(Kind kind, SystemUnderTest system, Bench bench)
            throws Rejected, IOException, InterruptedException {
        try (Running running =
                bench.start(system, kind.counting(), kind.subject().memoryMib())) {
            running.awaitAnswer(kind.subject().probe());
            load(kind, running, bench);
            long[] bytes = running.counter().executedCodeBytes();
            long nanos = System.nanoTime() - running.instance().launchedNanos();
            int ports = listeningPorts(running);
            if (bytes[0] + bytes[1] <= 0) {
                throw new Rejected(running.failure("it answered without executing any code: the counter is broken"));
            }
            return Outcome.of(nanos / 1e9)
                    .value("executed_code_bytes", bytes[0] + bytes[1])
                    .value("executed_user_code_bytes", bytes[0])
                    .value("executed_kernel_code_bytes", bytes[1])
                    .value("listening_tcp_ports", ports)
                    .context("counted", 1)
                    .file("console", bench.relative("console.txt"));
        }
    }

    private static int listeningPorts(Running running) throws Rejected, IOException, InterruptedException {
        InetSocketAddress service = running.instance().address();
        Set<Integer> ports = ListeningPorts.of(service.getAddress(), SCAN_LIMIT);
        if (!ports.contains(service.getPort())) {
            throw new Rejected(running.failure("it does not listen on the port on which it answered"));
        }
        return ports.size();
    }

    private static void load(Kind kind, Running running, Bench bench)
            throws Rejected, IOException, InterruptedException {
        LoadPlan plan = new LoadPlan(
                        running.instance().address(), kind.subject().requests(), CONNECTIONS)
                .withRequestTimeout(LIMIT);
        try (LoadGenerator generator = new LoadGenerator(plan)) {
            LoadChecks.require(generator.run(LoadPhase.requests(REQUESTS, LIMIT)), running, generator, bench);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.experiment;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.unimark.baselines.SystemUnderTest;
import org.unimark.workloads.load.LoadPhase;
import org.unimark.workloads.load.LoadPlan;
import org.unimark.workloads.load.Protocol;
import org.unimark.workloads.load.SqlMix;

/** Rows by key, pgbench's transaction, and a question with a join, over the wire, with each transaction on the disk. */
final class SqlMixed implements Experiment {
    private static final int CONNECTIONS = 8;
    private static final int MOST_ROWS = 100_000;
    private static final int SETTINGS = 5;
    /** The analytical query takes so long that a phase of some seconds has but a handful: a rate of whole answers would be coarse. */
    private static final LoadPhase QUESTIONS = LoadPhase.requests(4 * CONNECTIONS, Duration.ofSeconds(60));

    /** To fill the tables, and for the questions beyond a phase of the others' length. */
    private static final double MORE_SECONDS = 20;

    @Override
    public String name() {
        return "sql-mix";
    }

    @Override
    public String description() {
        return "rows by key and TPC-B-like transactions, simple and prepared, and an analytical query, durable, 8 connections";
    }

    @Override
    public boolean isExtensive() {
        return true;
    }

    @Override
    public List<Kind> kinds(Effort effort) {
        return LoadedExperiments.timedAndCounted(Database.DISK, effort, SETTINGS, MORE_SECONDS);
    }

    @Override
    public List<Outcome> measure(Kind kind, SystemUnderTest system, Bench bench)
            throws Rejected, IOException, InterruptedException {
        long start = System.nanoTime();
        SqlMix mix = new SqlMix(Math.min(bench.effort().keys(), MOST_ROWS));
        Outcome all = Outcome.of(0)
                .parameter("connections", CONNECTIONS)
                .parameter("rows", mix.rows())
                .parameter("memory_mib", Database.DISK.memoryMib())
                .parameter("durability", Database.DISK.durability())
                .file("console", bench.relative("console.txt"));
        try (Running running = bench.start(system, kind.counting(), Database.DISK.memoryMib())) {
            running.awaitAnswer(kind.subject().probe());
            InetSocketAddress address = running.instance().address();
            String host = address.getAddress().getHostAddress();
            try {
                mix.fill(host, address.getPort());
                measure("point_read", mix.pointReads(false), kind, running, bench, all);
                measure("point_read_prepared", mix.pointReads(true), kind, running, bench, all);
                LoadPlan questions = new LoadPlan(address, mix.questions(), CONNECTIONS);
                LoadedExperiments.measure("analytical", questions, QUESTIONS, kind, running, bench, all);
                measure("tpcb", mix.transactions(false), kind, running, bench, all);
                measure("tpcb_prepared", mix.transactions(true), kind, running, bench, all);
                String wrong = mix.audit(host, address.getPort());
                if (wrong != null) {
                    throw new Rejected(running.failure(wrong));
                }
            } catch (SQLException e) {
                throw new Rejected(running.failure("it did not keep its tables: " + e.getMessage()));
            }
        }
        return List.of(all.lasting((System.nanoTime() - start) / 1e9));
    }

    private static void measure(String name, Protocol work, Kind kind, Running running, Bench bench, Outcome all)
            throws Rejected, IOException, InterruptedException {
        LoadPlan plan = new LoadPlan(running.instance().address(), work, CONNECTIONS);
        LoadedExperiments.measure(name, plan, kind, running, bench, all);
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.experiment;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.unimark.baselines.SqlBatch;
import org.unimark.baselines.SystemUnderTest;
import org.unimark.baselines.counter.InstructionCounter;
import org.unimark.baselines.hypervisor.Hypervisor;

/** Inserts without a network: how many a second, and what one costs. */
final class SqlInserts implements Experiment {
    private static final int PUBLISHED_INSERTS = 60_000;
    private static final int MOST_KEYS_OF_QUICK = 10_000;
    /** On a disk, where a Linux guest's take some 3 ms each. */
    private static final int FEW_DURABLE_INSERTS = 2_000;

    /** Of variants, which are many. */
    private static final int DURABLE_INSERTS_OF_VARIANTS = 6_000;

    /** Slower than any guest under emulation on a busy machine. */
    private static final int SLOWEST_INSERTS_PER_SECOND = 200;

    private static final int SLOWEST_DURABLE_INSERTS_PER_SECOND = 20;

    private static final int BEGIN_MARK = 2;
    private static final int END_MARK = 3;
    private static final int EMPTY_BEGIN_MARK = 4;
    private static final int EMPTY_END_MARK = 5;

    /** By which the clock of a guest may differ from the host's. */
    private static final double CLOCK_TOLERANCE = 0.05;

    private static final double CLOCK_SLACK_SECONDS = 0.02;

    /** Of all: a parameter that differs would be a setting of its own, but metrics have names that say where the database is. */
    private static final String SYNCHRONOUS =
            SqlBatch.Place.MEMORY.synchronous() + " in memory, " + SqlBatch.Place.DISK.synchronous() + " on disk";

    private final String name;
    private final String description;
    private final boolean isExtensive;
    private final List<Variant> variants;

    /** Something that is measured under a name of its own. */
    private record Variant(SqlBatch.Place place, SqlBatch.Mode mode) {
        /** How its metrics begin. */
        private String label() {
            return mode == SqlBatch.Mode.UNPREPARED ? place.label() : place.label() + "_" + mode.label();
        }

        private int slowestInsertsPerSecond() {
            return place == SqlBatch.Place.DISK ? SLOWEST_DURABLE_INSERTS_PER_SECOND : SLOWEST_INSERTS_PER_SECOND;
        }

        private static Variant of(Kind kind) {
            SqlBatch batch = batch(kind);
            return new Variant(batch.place(), batch.mode());
        }
    }

    private static SqlBatch batch(Kind kind) {
        return (SqlBatch) ((SelfContained) kind.subject()).work();
    }

    private SqlInserts(String name, String description, boolean isExtensive, List<Variant> variants) {
        this.name = name;
        this.description = description;
        this.isExtensive = isExtensive;
        this.variants = variants;
    }

    /** As published, in memory, and the same on a disk. */
    static SqlInserts unprepared() {
        return new SqlInserts(
                "sql-inserts",
                "autocommit inserts a second and guest instructions each: unprepared, in memory and on disk, no network",
                false,
                List.of(
                        new Variant(SqlBatch.Place.MEMORY, SqlBatch.Mode.UNPREPARED),
                        new Variant(SqlBatch.Place.DISK, SqlBatch.Mode.UNPREPARED)));
    }

    /** What of the difference is due to parsing, to transactions, and to what files in memory promise. */
    static SqlInserts variants() {
        return new SqlInserts(
                "sql-insert-variants",
                "inserts that are prepared, or in one transaction, or whose files in memory promise no more than Linux's",
                true,
                List.of(
                        new Variant(SqlBatch.Place.MEMORY_POWERSAFE, SqlBatch.Mode.UNPREPARED),
                        new Variant(SqlBatch.Place.MEMORY, SqlBatch.Mode.PREPARED),
                        new Variant(SqlBatch.Place.MEMORY, SqlBatch.Mode.TRANSACTION),
                        new Variant(SqlBatch.Place.DISK, SqlBatch.Mode.PREPARED),
                        new Variant(SqlBatch.Place.DISK, SqlBatch.Mode.TRANSACTION)));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String description() {
        return description;
    }

    @Override
    public boolean isExtensive() {
        return isExtensive;
    }

    @Override
    public boolean isPrincipal() {
        return !isExtensive;
    }

    /** As published in the full profile; fewer where time is short. */
    private int inserts(Effort effort, SqlBatch.Place place) {
        boolean isDurable = place == SqlBatch.Place.DISK;
        if (effort.keys() <= MOST_KEYS_OF_QUICK) {
            return isDurable ? Math.min(effort.keys(), FEW_DURABLE_INSERTS) : effort.keys();
        }
        return isDurable && isExtensive ? DURABLE_INSERTS_OF_VARIANTS : PUBLISHED_INSERTS;
    }

    /** The same for all: a parameter that differs would be a setting of its own. */
    private String insertsByPlace(Effort effort) {
        return inserts(effort, SqlBatch.Place.MEMORY) + " in memory, " + inserts(effort, SqlBatch.Place.DISK)
                + " on disk";
    }

    @Override
    public List<Kind> kinds(Effort effort) {
        List<Kind> kinds = new ArrayList<>();
        for (Variant variant : variants) {
            int inserts = inserts(effort, variant.place());
            Subject script = new SelfContained(new SqlBatch(inserts, variant.place(), variant.mode()));
            // As many as published take minutes on a disk, and average over what varies meanwhile.
            boolean isLong = variant.place() == SqlBatch.Place.DISK && inserts == PUBLISHED_INSERTS;
            double seconds = 1 + (double) inserts / (5 * variant.slowestInsertsPerSecond());
            kinds.add(new Kind(
                    Kind.TIMED + "-" + variant.label(),
                    script,
                    InstructionCounter.Mode.MARKS,
                    isExtensive || isLong ? effort.sweepRepetitions() : effort.otherRepetitions(),
                    seconds));
            kinds.add(new Kind(
                    Kind.COUNTED + "-" + variant.label(),
                    script,
                    InstructionCounter.Mode.INSTRUCTIONS,
                    isLong ? 1 : effort.countedRepetitions(),
                    seconds));
        }
        return kinds;
    }

    @Override
    public List<Outcome> measure(Kind kind, SystemUnderTest system, Bench bench)
            throws Rejected, IOException, InterruptedException {
        boolean isCounted = kind.counting() == InstructionCounter.Mode.INSTRUCTIONS;
        if (!isCounted || batch(kind).place() != SqlBatch.Place.DISK) {
            return List.of(measure(kind, system, bench, Map.of()));
        }
        Path monitor = bench.socketDirectory().resolve("monitor");
        try (DiskWatch disk = new DiskWatch(monitor)) {
            Outcome outcome = measure(kind, system, bench, Map.of(Hypervisor.MONITOR, monitor.toString()));
            disk.describe(Variant.of(kind).label(), batch(kind).inserts(), outcome);
            return List.of(outcome);
        }
    }

    private Outcome measure(Kind kind, SystemUnderTest system, Bench bench, Map<String, String> settings)
            throws Rejected, IOException, InterruptedException {
        SqlBatch batch = batch(kind);
        Variant variant = Variant.of(kind);
        try (Running running = bench.start(system, kind.counting(), 0, settings)) {
            running.awaitEnd(Duration.ofSeconds(
                    bench.bootTimeoutSeconds() + batch.inserts() / variant.slowestInsertsPerSecond()));
            String console = Files.readString(bench.file("console.txt"), StandardCharsets.ISO_8859_1);
            require(console, batch, running);
            double seconds = guestSeconds(console, batch, running);
            Outcome outcome = Outcome.of(seconds)
                    .parameter("inserts", insertsByPlace(bench.effort()))
                    .parameter("journal_mode", SqlBatch.JOURNAL_MODE)
                    .parameter("synchronous", SYNCHRONOUS)
                    .parameter("cache_size", SqlBatch.CACHE_SIZE)
                    .parameter("page_size", SqlBatch.PAGE_SIZE)
                    .file("console", bench.relative("console.txt"));
            if (kind.counting() == InstructionCounter.Mode.INSTRUCTIONS) {
                count(running, batch.inserts(), variant.label(), outcome);
            } else {
                outcome.value(variant.label() + "_inserts_per_second", batch.inserts() / seconds);
                if (running.instance().counter() != null) {
                    compareClocks(running, seconds, outcome);
                }
            }
            return outcome;
        }
    }

    /** The script ran to its end, every row is there, and the pragmas are those of all others. */
    private static void require(String console, SqlBatch batch, Running running) throws Rejected {
        String rows = answer(console, SqlBatch.ROWS, running);
        if (!rows.equals(Integer.toString(batch.inserts()))) {
            throw new Rejected(running.failure("of " + batch.inserts() + " inserted rows its table has " + rows));
        }
        String settings = answer(console, SqlBatch.SETTINGS, running);
        if (!settings.equals(batch.expectedSettings())) {
            throw new Rejected(
                    running.failure("it ran with the pragmas " + settings + " instead of " + batch.expectedSettings()));
        }
        if (!console.contains("sql-script done")) {
            throw new Rejected(running.failure("its script did not end"));
        }
    }

    private static double guestSeconds(String console, SqlBatch batch, Running running) throws Rejected {
        String nanos = answer(console, batch.phase(), running);
        if (!nanos.matches("[1-9][0-9]{0,17}")) {
            throw new Rejected(running.failure("its time is not a number: " + nanos));
        }
        return Long.parseLong(nanos) / 1e9;
    }

    /** What stands in the only line that begins with {@code key}. */
    private static String answer(String console, String key, Running running) throws Rejected {
        List<String> lines =
                console.lines().filter(line -> line.startsWith(key)).toList();
        if (lines.size() != 1) {
            throw new Rejected(running.failure("it printed " + lines.size() + " lines that begin with " + key));
        }
        return lines.get(0).substring(key.length()).strip();
    }

    private static void compareClocks(Running running, double guestSeconds, Outcome outcome) throws Rejected {
        InstructionCounter.Mark begin = running.mark(BEGIN_MARK);
        double hostSeconds = (running.mark(END_MARK).nanos() - begin.nanos()) / 1e9;
        if (Math.abs(hostSeconds - guestSeconds) > CLOCK_TOLERANCE * hostSeconds + CLOCK_SLACK_SECONDS) {
            throw new Rejected(running.failure("its clock saw " + guestSeconds + " s, the host's " + hostSeconds));
        }
        outcome.context("host_seconds", hostSeconds).context("guest_seconds", guestSeconds);
    }

    private static void count(Running running, int inserts, String label, Outcome outcome) throws Rejected {
        InstructionCounter.Mark begin = running.mark(BEGIN_MARK);
        InstructionCounter.Mark end = running.mark(END_MARK);
        InstructionCounter.Mark emptyBegin = running.counter().mark(EMPTY_BEGIN_MARK);
        long user = end.user() - begin.user();
        long kernel = end.kernel() - begin.kernel();
        // A program that runs another one to pass a mark: that costs as much when nothing lies between.
        if (emptyBegin != null) {
            InstructionCounter.Mark emptyEnd = running.mark(EMPTY_END_MARK);
            user -= emptyEnd.user() - emptyBegin.user();
            kernel -= emptyEnd.kernel() - emptyBegin.kernel();
            outcome.context("instructions_of_marks", emptyEnd.total() - emptyBegin.total());
        }
        if (user <= 0 || kernel < 0) {
            throw new Rejected(running.failure("it inserted without executing instructions: the counter is broken"));
        }
        outcome.value(label + "_instructions_per_insert", (double) (user + kernel) / inserts)
                .value(label + "_user_instructions_per_insert", (double) user / inserts)
                .value(label + "_kernel_instructions_per_insert", (double) kernel / inserts)
                .context("counted", 1);
    }
}

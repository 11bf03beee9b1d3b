// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.experiment;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import org.unimark.baselines.SqlBatch;
import org.unimark.baselines.SystemUnderTest;
import org.unimark.baselines.counter.InstructionCounter;

/** Autocommit inserts into a database in memory, unprepared, without a network: how many a second, and what one costs. */
final class SqlInserts implements Experiment {
    private static final int FIRST_INSERTS = 60_000;
    private static final int MOST_KEYS_OF_QUICK = 10_000;
    /** Slower than any guest under emulation on a busy machine. */
    private static final int SLOWEST_INSERTS_PER_SECOND = 200;

    private static final int BEGIN_MARK = 2;
    private static final int END_MARK = 3;
    private static final int EMPTY_BEGIN_MARK = 4;
    private static final int EMPTY_END_MARK = 5;

    /** By which the clock of a guest may differ from the host's. */
    private static final double CLOCK_TOLERANCE = 0.05;

    private static final double CLOCK_SLACK_SECONDS = 0.02;

    @Override
    public String name() {
        return "sql-inserts";
    }

    @Override
    public String description() {
        return "autocommit inserts a second and guest instructions each: unprepared, database in memory, no network";
    }

    /** As published in the full profile; fewer where time is short. */
    static int inserts(Effort effort) {
        return effort.keys() > MOST_KEYS_OF_QUICK ? FIRST_INSERTS : effort.keys();
    }

    @Override
    public List<Kind> kinds(Effort effort) {
        SqlScript script = new SqlScript(inserts(effort));
        double seconds = 1 + (double) script.inserts() / (5 * SLOWEST_INSERTS_PER_SECOND);
        return List.of(
                new Kind(Kind.TIMED, script, InstructionCounter.Mode.MARKS, effort.otherRepetitions(), seconds),
                new Kind(
                        Kind.COUNTED,
                        script,
                        InstructionCounter.Mode.INSTRUCTIONS,
                        effort.countedRepetitions(),
                        seconds));
    }

    @Override
    public List<Outcome> measure(Kind kind, SystemUnderTest system, Bench bench)
            throws Rejected, IOException, InterruptedException {
        int inserts = ((SqlScript) kind.subject()).inserts();
        try (Running running = bench.start(system, kind.counting())) {
            Duration limit = Duration.ofSeconds(bench.bootTimeoutSeconds() + inserts / SLOWEST_INSERTS_PER_SECOND);
            running.awaitEnd(limit);
            String console = Files.readString(bench.file("console.txt"), StandardCharsets.ISO_8859_1);
            require(console, inserts, running);
            double seconds = guestSeconds(console, inserts, running);
            Outcome outcome = Outcome.of(seconds)
                    .parameter("inserts", inserts)
                    .parameter("journal_mode", SqlBatch.JOURNAL_MODE)
                    .parameter("synchronous", SqlBatch.SYNCHRONOUS)
                    .parameter("cache_size", SqlBatch.CACHE_SIZE)
                    .parameter("page_size", SqlBatch.PAGE_SIZE)
                    .file("console", bench.relative("console.txt"));
            if (kind.counting() == InstructionCounter.Mode.INSTRUCTIONS) {
                count(running, inserts, outcome);
            } else {
                outcome.value("memory_inserts_per_second", inserts / seconds);
                if (running.instance().counter() != null) {
                    compareClocks(running, seconds, outcome);
                }
            }
            return List.of(outcome);
        }
    }

    /** The script ran to its end, every row is there, and the pragmas are those of all others. */
    private static void require(String console, int inserts, Running running) throws Rejected {
        String rows = answer(console, SqlBatch.ROWS, running);
        if (!rows.equals(Integer.toString(inserts))) {
            throw new Rejected(running.failure("of " + inserts + " inserted rows its table has " + rows));
        }
        String settings = answer(console, SqlBatch.SETTINGS, running);
        if (!settings.equals(SqlBatch.expectedSettings())) {
            throw new Rejected(running.failure(
                    "it ran with the pragmas " + settings + " instead of " + SqlBatch.expectedSettings()));
        }
        if (!console.contains("sql-script done")) {
            throw new Rejected(running.failure("its script did not end"));
        }
    }

    private static double guestSeconds(String console, int inserts, Running running) throws Rejected {
        String nanos = answer(console, SqlBatch.PHASE + inserts + " nanos=", running);
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

    private static void count(Running running, int inserts, Outcome outcome) throws Rejected {
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
        outcome.value("memory_instructions_per_insert", (double) (user + kernel) / inserts)
                .value("memory_user_instructions_per_insert", (double) user / inserts)
                .value("memory_kernel_instructions_per_insert", (double) kernel / inserts)
                .context("counted", 1);
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.HdrHistogram.HistogramLogReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.unimark.baselines.SystemUnderTest;
import org.unimark.workloads.load.ScriptedServer;

/** Against systems inside the JVM: good ones are measured, bad ones yield no number. */
@Timeout(60)
class ExperimentsTest {
    private static final byte[] RESPONSE = ScriptedServer.response(Site.PAGE.body());
    private static final int MOST_TRIES = 4;
    private static final Effort EFFORT = new Effort(
            1, 1, 1, 1, 1, 1, 0.01, Duration.ofMillis(100), Duration.ofMillis(300), 100, true, 2, List.of(200));

    @TempDir
    Path directory;

    private Bench bench(double clientCapacity) {
        return new Bench(EFFORT, directory, "test", clientCapacity, 5);
    }

    private List<Outcome> measure(String experiment, String kind, SystemUnderTest system) throws Exception {
        return measure(experiment, kind, system, 1e9);
    }

    /** With few settings. */
    private List<Outcome> measureBriefly(String experiment, SystemUnderTest system) throws Exception {
        Effort brief = new Effort(
                1, 1, 1, 1, 1, 1, 1, Duration.ofMillis(100), Duration.ofMillis(200), 100, false, 2, List.of(200));
        Experiment subject = Experiments.named(experiment);
        return subject.measure(subject.kinds(brief).get(0), system, new Bench(brief, directory, "test", 1e9, 5));
    }

    private List<Outcome> measure(String experiment, String kind, SystemUnderTest system, double clientCapacity)
            throws Exception {
        Experiment subject = Experiments.named(experiment);
        Kind chosen = subject.kinds(EFFORT).stream()
                .filter(each -> each.name().equals(kind))
                .findFirst()
                .orElseThrow();
        return subject.measure(chosen, system, bench(clientCapacity));
    }

    @Test
    void everyExperimentIsFoundByItsName() {
        assertThat(Experiments.all())
                .hasSize(Experiments.all().size())
                .hasSizeGreaterThan(10)
                .allSatisfy(experiment -> {
                    assertThat(Experiments.named(experiment.name())).isSameAs(experiment);
                    assertThat(experiment.description()).isNotBlank();
                });
        assertThat(Experiments.named("http-thoughput")).isNull();
    }

    @Test
    void theSitesAreWhatTheySayTheyAre() {
        assertThat(Site.PAGE.body()).hasSize(612).isEqualTo(Site.PAGE.body());
        assertThat(Site.BULK.body()).hasSize(1 << 20).isEqualTo(Site.BULK.body());
    }

    @Test
    void measuresThroughputAndKeepsTheDistribution() throws Exception {
        FakeSystem system = FakeSystem.good("good");
        Outcome outcome = measure("http-throughput", Kind.TIMED, system).get(0);
        assertThat(outcome.values().get("requests_per_second")).isGreaterThan(100);
        assertThat(outcome.values()).containsOnlyKeys("requests_per_second", "p50_ms", "p99_ms");
        assertThat(outcome.parameters()).containsEntry("connections", "30");
        assertThat(outcome.context()).containsKeys("client_cpu", "client_saturated", "system_cores", "requests");
        Path log = directory.resolve(outcome.files().get("histogram"));
        try (HistogramLogReader reader = new HistogramLogReader(log.toFile())) {
            assertThat(reader.nextIntervalHistogram()).isNotNull();
        }
        assertThat(system.closed()).isEqualTo(system.started()).isEqualTo(1);
    }

    @Test
    void countsInstructionsWithoutTheIdleOnes() throws Exception {
        CounterDouble counter = new CounterDouble(directory);
        FakeSystem system = FakeSystem.scripted("counted", (number, out) -> {
                    counter.execute(2_000, 3_000);
                    out.write(RESPONSE);
                    return true;
                })
                .counting(counter);
        Outcome outcome = measure("http-throughput", Kind.COUNTED, system).get(0);
        assertThat(outcome.values().get("instructions_per_request")).isCloseTo(5_000, within(50.0));
        assertThat(outcome.values().get("kernel_instructions_per_request")).isCloseTo(3_000, within(50.0));
        assertThat(outcome.values().get("user_instructions_per_request")).isCloseTo(2_000, within(50.0));
        assertThat(outcome.context().get("idle_instructions_per_second")).isZero();
        assertThat(outcome.values()).as("no times beside counts").doesNotContainKey("requests_per_second");
    }

    /** Such as a log's last second, or a database's upkeep after it was filled. */
    @Test
    void whatIsLeftOfEarlierWorkIsNotTakenForIdling() throws Exception {
        CounterDouble counter = new CounterDouble(directory);
        AtomicInteger slices = new AtomicInteger();
        FakeSystem system = FakeSystem.scripted("late", (number, out) -> {
                    if (slices.compareAndSet(0, 1)) {
                        inBackground(() -> {
                            while (slices.incrementAndGet() <= 120) {
                                counter.execute(1_000_000, 0);
                                Thread.sleep(10);
                            }
                        });
                    }
                    counter.execute(2_000, 3_000);
                    out.write(RESPONSE);
                    return true;
                })
                .counting(counter);
        Outcome outcome = measure("http-throughput", Kind.COUNTED, system).get(0);
        assertThat(slices).as("the work has ended").hasValueGreaterThan(120);
        assertThat(outcome.values().get("instructions_per_request")).isCloseTo(5_000, within(50.0));
    }

    @Test
    void rejectsCountsBesideOtherWork() {
        CounterDouble counter = new CounterDouble(directory);
        AtomicBoolean begun = new AtomicBoolean();
        AtomicBoolean ended = new AtomicBoolean();
        FakeSystem system = FakeSystem.scripted("busy", (number, out) -> {
                    if (begun.compareAndSet(false, true)) {
                        inBackground(() -> {
                            while (!ended.get()) {
                                counter.execute(30_000, 0);
                                Thread.sleep(10);
                            }
                        });
                    }
                    counter.execute(50, 50);
                    out.write(RESPONSE);
                    return true;
                })
                .counting(counter);
        try {
            assertThatThrownBy(() -> measure("http-throughput", Kind.COUNTED, system))
                    .isInstanceOf(Rejected.class)
                    .hasMessageContaining("busy without requests");
        } finally {
            ended.set(true);
        }
    }

    private static void inBackground(Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "background");
        thread.setDaemon(true);
        thread.start();
    }

    private interface Work {
        void run() throws InterruptedException;
    }

    @Test
    void rejectsAnswersWithoutInstructions() {
        CounterDouble counter = new CounterDouble(directory);
        FakeSystem system = FakeSystem.good("magic").counting(counter);
        assertThatThrownBy(() -> measure("http-throughput", Kind.COUNTED, system))
                .isInstanceOf(Rejected.class)
                .hasMessageContaining("without executing instructions");
    }

    @Test
    void rejectsAWrongAnswerBeforeAnythingIsTimed() {
        byte[] wrong = Site.PAGE.body();
        wrong[300]++;
        FakeSystem system = FakeSystem.answering("wrong", ScriptedServer.response(wrong));
        assertThatThrownBy(() -> measure("http-throughput", Kind.TIMED, system))
                .isInstanceOf(Rejected.class)
                .hasMessageContaining("not what it should be")
                .hasMessageContaining("the last words of wrong");
        assertThat(system.closed()).isEqualTo(1);
    }

    @Test
    void rejectsAnAnswerThatGoesWrongUnderLoad() {
        byte[] short_ = ScriptedServer.response(Arrays.copyOf(Site.PAGE.body(), 611));
        FakeSystem system = FakeSystem.scripted("sloppy", (number, out) -> {
            out.write(number < 40 ? RESPONSE : short_);
            return true;
        });
        assertThatThrownBy(() -> measure("http-throughput", Kind.TIMED, system))
                .isInstanceOf(Rejected.class)
                .hasMessageContaining("WRONG_LENGTH");
    }

    @Test
    void rejectsASystemThatStopsAnswering() {
        FakeSystem system = FakeSystem.scripted("stuck", (number, out) -> {
            if (number > 20) {
                new CountDownLatch(1).await(60, TimeUnit.SECONDS);
            }
            out.write(RESPONSE);
            return true;
        });
        assertThatThrownBy(() -> measure("http-throughput", Kind.TIMED, system))
                .isInstanceOf(Rejected.class)
                .hasMessageContaining("TIMEOUT");
        assertThat(system.closed()).isEqualTo(1);
    }

    @Test
    void rejectsWhatIsTooFastToBeTrue() {
        assertThatThrownBy(() -> measure("http-throughput", Kind.TIMED, FakeSystem.good("fast"), 10))
                .isInstanceOf(Rejected.class)
                .hasMessageContaining("more than this client can ask for");
    }

    @Test
    void rejectsASystemThatNeverAnswers() {
        FakeSystem system = FakeSystem.scripted("silent", (number, out) -> true);
        assertThatThrownBy(() -> measure("boot-latency", Kind.TIMED, system))
                .isInstanceOf(Rejected.class)
                .hasMessageContaining("no correct answer in time");
    }

    @Test
    void measuresLatencyAtTheRatesThatAreReached() throws Exception {
        List<Outcome> outcomes = punctual(() -> measure("http-latency", Kind.TIMED, FakeSystem.good("good")));
        assertThat(outcomes).hasSize(2);
        Outcome fixed = outcomes.get(0);
        assertThat(fixed.parameters()).containsEntry("rate", "200");
        assertThat(fixed.values().get("achieved_rate")).isCloseTo(200, within(10.0));
        assertThat(fixed.values().get("p50_ms")).isBetween(0.001, 100.0);
        assertThat(fixed.values().get("p99_ms"))
                .isGreaterThanOrEqualTo(fixed.values().get("p50_ms"));
        assertThat(outcomes.get(1).parameters()).containsEntry("rate", "half-capacity");
    }

    @Test
    void aRateThatIsNotReachedHasAProblemAndOthersTheirNumbers() throws Exception {
        // 30 connections, 0.2 s a request: 150 requests a second, and 200 are offered.
        FakeSystem system = FakeSystem.scripted("slow", (number, out) -> {
            new CountDownLatch(1).await(200, TimeUnit.MILLISECONDS);
            out.write(RESPONSE);
            return true;
        });
        Effort longer = new Effort(
                1, 1, 1, 1, 1, 1, 0.01, Duration.ofMillis(300), Duration.ofSeconds(2), 100, true, 2, List.of(200));
        Experiment latency = Experiments.named("http-latency");
        Bench bench = new Bench(longer, directory, "test", 1e9, 5);
        List<Outcome> outcomes =
                punctual(() -> latency.measure(latency.kinds(longer).get(0), system, bench));
        assertThat(outcomes.get(0).problem()).contains("of 200 requests a second it answered only");
        assertThat(outcomes.get(0).values()).isEmpty();
        assertThat(outcomes.get(1).problem()).isNull();
        assertThat(outcomes.get(1).values().get("p50_ms")).isGreaterThan(190);
    }

    @Test
    void leavesOutAHalfThatThisClientCannotOffer() throws Exception {
        // 30 connections, 10 ms a request: at most 3,000 a second, and half of it is more than a quarter of 4,000.
        FakeSystem system = FakeSystem.scripted("fast", (number, out) -> {
            new CountDownLatch(1).await(10, TimeUnit.MILLISECONDS);
            out.write(RESPONSE);
            return true;
        });
        List<Outcome> outcomes = punctual(() -> measure("http-latency", Kind.TIMED, system, 4_000));
        assertThat(outcomes).hasSize(1);
        assertThat(outcomes.get(0).problem()).isNull();
        assertThat(outcomes.get(0).context().get(HttpLatency.LEFT_OUT)).isBetween(1_000.0, 1_500.0);
    }

    @Test
    void measuresBulk() throws Exception {
        byte[] response = ScriptedServer.response(Site.BULK.body());
        FakeSystem system = FakeSystem.scripted("bulk", (number, out) -> {
            // So that it is not the client that sets the pace.
            new CountDownLatch(1).await(10, TimeUnit.MILLISECONDS);
            out.write(response);
            return true;
        });
        Outcome outcome = measure("http-bulk", Kind.TIMED, system).get(0);
        assertThat(outcome.values().get("megabytes_per_second")).isGreaterThan(1);
        assertThat(outcome.context()).containsKey("steady_state");
        assertThat(directory.resolve(outcome.files().get("series"))).isNotEmptyFile();
    }

    /**
     * Of a client that other programs keep from its core there are no times: what these tests are about can then not be seen.
     */
    private static List<Outcome> punctual(Callable<List<Outcome>> measurement) throws Exception {
        List<Outcome> outcomes = measurement.call();
        for (int tries = 1;
                tries < MOST_TRIES && outcomes.stream().anyMatch(ExperimentsTest::blamesTheClient);
                tries++) {
            outcomes = measurement.call();
        }
        assumeThat(outcomes).as("this machine is too busy").noneMatch(ExperimentsTest::blamesTheClient);
        return outcomes;
    }

    private static boolean blamesTheClient(Outcome outcome) {
        return outcome.problem() != null && outcome.problem().startsWith("the load generator");
    }

    @Test
    void splitsTheBootAtItsMarks() throws Exception {
        FakeSystem system = FakeSystem.good("booting").counting(new CounterDouble(directory));
        Outcome timed = measure("boot-latency", Kind.TIMED, system).get(0);
        double first = timed.values().get("first_response_ms");
        assertThat(timed.values().get("vmm_to_entry_ms")
                        + timed.values().get("entry_to_listening_ms")
                        + timed.values().get("listening_to_response_ms"))
                .isCloseTo(first, within(0.001));
    }

    @Test
    void countsTheBootFromItsEntry() throws Exception {
        FakeSystem system = FakeSystem.good("booting").counting(new CounterDouble(directory));
        Outcome counted = measure("boot-latency", Kind.COUNTED, system).get(0);
        assertThat(counted.values()).containsOnlyKeys("instructions_to_listening");
        assertThat(counted.values().get("instructions_to_listening")).isEqualTo(97);
        assertThat(counted.context().get("firmware_instructions")).isEqualTo(3);
    }

    @Test
    void findsTheSmallestMemory() throws Exception {
        for (int mib : new int[] {1, 5, 37, 256}) {
            FakeSystem system = FakeSystem.good("lean").needing(mib);
            Outcome outcome = measure("memory", "search", system).get(0);
            assertThat(outcome.values().get("minimum_mib")).isBetween((double) mib, mib * 1.02);
            assertThat(system.closed()).isEqualTo(system.started());
        }
    }

    @Test
    void reportsSizes() throws Exception {
        Outcome outcome =
                measure("image-size", "size", FakeSystem.good("sized")).get(0);
        assertThat(outcome.values())
                .containsEntry("deployed_bytes", 1_000.0)
                .containsEntry("executable_bytes", 2_000.0);
    }

    @Test
    void writesItsSites() throws Exception {
        Path page = Site.PAGE.write(directory);
        assertThat(Files.readString(page.resolve("index.html"), StandardCharsets.US_ASCII))
                .isEqualTo(new String(Site.PAGE.body(), StandardCharsets.US_ASCII));
    }

    @Test
    void eachNumberOfConnectionsIsASettingOfItsOwn() throws Exception {
        List<Outcome> outcomes = measureBriefly("http-connections", FakeSystem.good("good"));
        assertThat(outcomes)
                .anySatisfy(outcome -> assertThat(outcome.parameters())
                        .containsEntry("connections", "100")
                        .containsEntry("keep_alive", "yes"));
        assertThat(outcomes.get(0).values().get("requests_per_second")).isGreaterThan(100);
    }

    @Test
    void aSystemThatKeepsNoConnectionLosesThoseSettingsOnly() throws Exception {
        FakeSystem system = FakeSystem.scripted("closing", (number, out) -> {
            out.write(RESPONSE);
            return false;
        });
        List<Outcome> outcomes = measureBriefly("http-connections", system);
        assertThat(outcomes)
                .allSatisfy(outcome -> assertThat(outcome.problem() == null || blamesTheClient(outcome))
                        .isEqualTo(outcome.parameters().get("keep_alive").equals("no")));
    }

    @Test
    void manyInstancesAreAskedAndAllEnd() throws Exception {
        FakeSystem system = FakeSystem.good("good");
        Outcome outcome = measure("density", Kind.TIMED, system).get(0);
        assertThat(system.started()).isEqualTo(64);
        assertThat(system.closed()).isEqualTo(64);
        assertThat(outcome.values()).containsEntry("answered_quickly", 64.0).containsEntry("late_percent", 0.0);
        assertThat(outcome.values().get("host_memory_mib")).isPositive();
    }

    @Test
    void heapPerRequestComesFromTwoMetricsPages() {
        String page = "keel_heap_allocated_bytes 1000\nkeel_http_requests 10\n";
        HeapAccount before = HeapAccount.of(page);
        HeapAccount after = HeapAccount.of(page.replace("1000", "1480").replace(" 10\n", " 50\n"));
        assertThat(after.bytesPerRequestSince(before)).isEqualTo(12);
        assertThat(HeapAccount.of("<html>\nanother page\n</html>\n")).isNull();
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.campaign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.unimark.analysis.Summary;
import org.unimark.baselines.SystemUnderTest;
import org.unimark.baselines.counter.InstructionCounter;
import org.unimark.results.Record;
import org.unimark.results.RunDirectory;
import org.unimark.workloads.experiment.Bench;
import org.unimark.workloads.experiment.Effort;
import org.unimark.workloads.experiment.Experiment;
import org.unimark.workloads.experiment.Experiments;
import org.unimark.workloads.experiment.FakeSystem;
import org.unimark.workloads.experiment.Kind;
import org.unimark.workloads.experiment.Outcome;
import org.unimark.workloads.experiment.Rejected;
import org.unimark.workloads.experiment.Site;
import org.unimark.workloads.experiment.Subject;
import org.unimark.workloads.load.ScriptedServer;
import org.unimark.workloads.machine.HostWatch;

/** Whole runs over systems inside the JVM. */
@Timeout(120)
class CampaignTest {
    private static final List<Experiment> BOOT_AND_SIZE =
            List.of(Experiments.named("boot-latency"), Experiments.named("image-size"));

    @TempDir
    Path directory;

    private Request request(List<Experiment> experiments, Set<String> systems, Duration elapsed) {
        return new Request(
                Profile.QUICK,
                experiments,
                systems,
                42,
                "tcg",
                "test",
                directory,
                directory.resolve("runs"),
                Profile.QUICK.budget(),
                elapsed,
                List.of("run"));
    }

    private static Catalogue catalogue(SystemUnderTest... systems) {
        return new Catalogue() {
            @Override
            public List<SystemUnderTest> systems(Subject subject, String accelerator) {
                return List.of(systems);
            }

            @Override
            public void shutDown() {}
        };
    }

    @Test
    void recordsEveryRepetitionOfEverySystem() throws Exception {
        Collector progress = new Collector();
        Campaign campaign = new Campaign(
                request(BOOT_AND_SIZE, Set.of(), Duration.ZERO),
                catalogue(FakeSystem.good("a"), FakeSystem.good("b"), FakeSystem.unavailable("c", "It is not here.")),
                progress);
        Campaign.Result result = campaign.run();
        RunDirectory run = new RunDirectory(result.directory());
        List<Record> records = run.records();
        assertThat(result.complete()).isTrue();
        assertThat(records)
                .as("all have numbers, but those from which the host stole time")
                .allMatch(record -> record.valid() || HostWatch.problem(record.context()) != null)
                .hasSize(result.valid() + result.invalid());
        Map<String, Long> bootsBySystem = records.stream()
                .filter(record -> record.experiment().equals("boot-latency"))
                .collect(Collectors.groupingBy(Record::system, Collectors.counting()));
        int boots = Profile.QUICK.effort().bootRepetitions();
        assertThat(bootsBySystem.get("a"))
                .as("more than planned where intervals are wide, equally many of each")
                .isBetween((long) boots, 3L * boots)
                .isEqualTo(bootsBySystem.get("b"));
        assertThat(records.stream().map(Record::order)).doesNotHaveDuplicates().isSorted();
        assertThat(run.info().notices()).anyMatch(notice -> notice.contains("c (http) is left out: It is not here."));
        assertThat(run.info().images()).containsKey("page/a/image");
        assertThat(run.info().seed()).isEqualTo(42);
        assertThat(Summary.json(result.directory())).contains("boot-latency/first_response_ms/a");
        assertThat(progress.ended).isTrue();
    }

    @Test
    void aBadSystemHasAProblemAndNoNumber() throws Exception {
        Experiment strict = new Strict();
        Campaign.Result result = new Campaign(
                        request(List.of(strict), Set.of(), Duration.ZERO),
                        catalogue(FakeSystem.good("good"), FakeSystem.good("bad"), FakeSystem.good("broken")),
                        new Collector())
                .run();
        Map<String, Record> bySystem = new RunDirectory(result.directory())
                .records().stream().collect(Collectors.toMap(Record::system, record -> record));
        assertThat(bySystem.get("good").valid()).isTrue();
        assertThat(bySystem.get("bad").problem()).isEqualTo("it cheats");
        assertThat(bySystem.get("bad").values()).isEmpty();
        assertThat(bySystem.get("broken").problem()).startsWith("this machine failed:");
        assertThat(result.invalid()).isEqualTo(2);
    }

    /** Rejects one system and fails on another. */
    private static final class Strict implements Experiment {
        @Override
        public String name() {
            return "strict";
        }

        @Override
        public String description() {
            return "for tests";
        }

        @Override
        public List<Kind> kinds(Effort effort) {
            return List.of(new Kind("once", Site.PAGE, InstructionCounter.Mode.OFF, 1, 0.1));
        }

        @Override
        public List<Outcome> measure(Kind kind, SystemUnderTest system, Bench bench) throws Rejected {
            return switch (system.name()) {
                case "bad" -> throw new Rejected("it cheats");
                case "broken" -> throw new IllegalStateException("a mistake");
                default -> List.of(Outcome.of(1).value("speed", 3));
            };
        }
    }

    @Test
    void afterItsTimeARunMakesFirstRepetitionsOnly() throws Exception {
        Campaign.Result result = new Campaign(
                        request(BOOT_AND_SIZE, Set.of(), Duration.ofMinutes(12)),
                        catalogue(FakeSystem.good("a")),
                        new Collector())
                .run();
        assertThat(result.valid()).isEqualTo(2);
        assertThat(new RunDirectory(result.directory()).info().notices())
                .anyMatch(notice -> notice.contains("left out to stay within"));
    }

    @Test
    void anInterruptedRunKeepsWhatItHasAndSaysSo() throws Exception {
        CountDownLatch hanging = new CountDownLatch(1);
        FakeSystem system = FakeSystem.scripted("slow", (number, out) -> {
            if (number > 0) {
                hanging.countDown();
                new CountDownLatch(1).await(60, TimeUnit.SECONDS);
            }
            out.write(ScriptedServer.response(Site.PAGE.body()));
            return true;
        });
        Campaign campaign = new Campaign(
                request(List.of(Experiments.named("http-throughput")), Set.of(), Duration.ZERO),
                catalogue(system),
                new Collector());
        AtomicReference<Campaign.Result> result = new AtomicReference<>();
        Thread thread = new Thread(() -> {
            try {
                result.set(campaign.run());
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        thread.start();
        assertThat(hanging.await(30, TimeUnit.SECONDS)).isTrue();
        thread.interrupt();
        thread.join(TimeUnit.SECONDS.toMillis(20));
        assertThat(thread.isAlive()).isFalse();
        assertThat(result.get().complete()).isFalse();
        assertThat(system.closed()).isEqualTo(system.started());
        assertThat(new RunDirectory(result.get().directory()).info().notices())
                .anyMatch(notice -> notice.contains("interrupted"));
    }

    @Test
    void runsNeverShareADirectory() throws Exception {
        Set<Path> directories = new TreeSet<>();
        for (int i = 0; i < 3; i++) {
            directories.add(new Campaign(
                            request(List.of(Experiments.named("image-size")), Set.of(), Duration.ZERO),
                            catalogue(FakeSystem.good("a")),
                            new Collector())
                    .run()
                    .directory());
        }
        assertThat(directories).hasSize(3).allMatch(Files::isDirectory);
    }

    @Test
    void withoutSystemsThereIsNoRun() {
        Campaign campaign = new Campaign(
                request(BOOT_AND_SIZE, Set.of("unknown"), Duration.ZERO),
                catalogue(FakeSystem.good("a")),
                new Collector());
        assertThatThrownBy(campaign::run)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("unknown is left out: there is no system of this name");
    }

    @Test
    void theScheduleIsDecidedByItsSeed() {
        List<String> systems = List.of("a", "b", "c", "d");
        List<Block> schedule = Block.schedule(Experiments.all(), Profile.QUICK.effort(), subject -> systems, 7);
        assertThat(Block.schedule(Experiments.all(), Profile.QUICK.effort(), subject -> systems, 7))
                .isEqualTo(schedule);
        assertThat(Block.schedule(Experiments.all(), Profile.QUICK.effort(), subject -> systems, 8))
                .isNotEqualTo(schedule);
        Map<String, Integer> repetitions = new TreeMap<>();
        schedule.forEach(block ->
                repetitions.merge(block.experiment().name() + "/" + block.kind().name(), 1, Integer::sum));
        assertThat(repetitions).containsEntry("http-throughput/timed", 5).containsEntry("image-size/size", 1);
        assertThat(schedule)
                .allSatisfy(block -> assertThat(block.systems()).containsExactlyInAnyOrderElementsOf(systems));
        assertThat(schedule.subList(0, repetitions.size())).allMatch(block -> block.repetition() == 0);
        assertThat(schedule.subList(repetitions.size(), schedule.size())).noneMatch(block -> block.repetition() == 0);
        assertThat(schedule.stream().map(Block::systems).distinct().count()).isGreaterThan(5);
    }

    /** Whenever time runs out, what is quick was repeated more often than what is slow, and counts, which hardly differ, least. */
    @Test
    void whatIsLeftOfTheTimeGoesToWhatIsQuick() {
        List<Block> schedule =
                Block.schedule(Experiments.all(), Profile.FULL.effort(), subject -> List.of("a", "b"), 7);
        List<String> order = schedule.stream()
                .map(block -> block.experiment().name() + "/" + block.kind().name() + " " + block.repetition())
                .toList();
        assertThat(order)
                .containsSubsequence("boot-latency/timed 3", "http-throughput/timed 2", "http-sizes/timed 1")
                .containsSubsequence("http-throughput/timed 4", "http-bulk/timed 3", "http-throughput/counted 1")
                .containsSubsequence("http-loss/timed 1", "density/timed 1", "sql-inserts/timed-disk 2");
        for (Block block : schedule) {
            int place = schedule.indexOf(block);
            assertThat(schedule.subList(0, place).stream()
                            .filter(other -> other.kind().equals(block.kind())
                                    && other.experiment().equals(block.experiment()))
                            .map(Block::repetition))
                    .as("its earlier repetitions, in order")
                    .containsExactlyElementsOf(
                            IntStream.range(0, block.repetition()).boxed().toList());
        }
    }

    /** Keeps what it is told. */
    private static final class Collector implements Progress {
        private final List<String> notices = new ArrayList<>();
        private boolean ended;

        @Override
        public void stage(String what) {
            notices.add(what);
        }

        @Override
        public void repetition(String experiment, String system, double share, double secondsLeft) {
            assertThat(share).isBetween(0.0, 1.0);
        }

        @Override
        public void recorded(Record record) {
            notices.add(record.system());
        }

        @Override
        public void notice(String text) {
            notices.add(text);
        }

        @Override
        public void end() {
            ended = true;
        }
    }
}

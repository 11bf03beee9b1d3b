// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the counters of three tiers become, where it is known what each of them executes for a request. */
@Timeout(60)
class ThreeTiersTest {
    private static final int ITEMS = 61;
    private static final Effort EFFORT = new Effort(
            1, 1, 1, 1, 1, 1, 0.01, Duration.ofMillis(100), Duration.ofMillis(200), 1_000, false, 2, List.of(200));

    @TempDir
    Path directory;

    private FakeTier.World world;

    @BeforeEach
    void begin() {
        world = new FakeTier.World(directory);
    }

    @AfterEach
    void everythingHasEnded() {
        assertThat(world.open).isZero();
    }

    private Outcome measure(String kind) throws Exception {
        ThreeTiers experiment = new ThreeTiers((host, port) -> assertThat(port).isPositive(), ITEMS);
        return measure(experiment, kind);
    }

    private Outcome measure(ThreeTiers experiment, String kind) throws Exception {
        Kind chosen = experiment.kinds(EFFORT).stream()
                .filter(each -> each.name().equals(kind))
                .findFirst()
                .orElseThrow();
        return experiment
                .measure(chosen, new FakeTier(world, "front"), new Bench(EFFORT, directory, "test", 1e9, 5))
                .get(0);
    }

    @Test
    void theDifferencesAreTheHops() throws Exception {
        Map<String, Double> values = measure(Kind.COUNTED).values();
        Map.of(
                        "alone_front", 5.0,
                        "alone_all", 5.0,
                        "hit_front", 10.0,
                        "hit_cache", 20.0,
                        "hit_store", 0.0,
                        "miss_front", 40.0,
                        "miss_cache", 27.0,
                        "miss_store", 40.0,
                        "miss_all", 107.0)
                .forEach((name, expected) ->
                        assertThat(values.get(name + "_instructions")).as(name).isCloseTo(expected, within(1e-6)));
        Map.of(
                        "cache_hop", 25.0,
                        "cache_hop_front", 5.0,
                        "cache_hop_cache", 20.0,
                        "cache_hop_store", 0.0,
                        "store_hop", 77.0,
                        "store_hop_front", 30.0,
                        "store_hop_cache", 7.0,
                        "store_hop_store", 40.0)
                .forEach((name, expected) ->
                        assertThat(values.get(name + "_instructions")).as(name).isCloseTo(expected, within(1e-6)));
        assertThat(values).as("no times beside counts").doesNotContainKey("requests_per_second");
    }

    /** Twice thirty: for what the front answers alone, and for misses and hits. */
    @Test
    void missesAndHitsAreCountedOverTheSameConnections() throws Exception {
        measure(Kind.COUNTED);
        assertThat(world.loadConnections).isEqualTo(2 * 30);
        assertThat(world.frontRequests).isGreaterThan(5 * (ITEMS - 1));
    }

    @Test
    void timesMissesHitsAndTheRate() throws Exception {
        Outcome outcome = measure(Kind.TIMED);
        assertThat(outcome.values())
                .containsOnlyKeys(
                        "alone_p50_ms",
                        "alone_p90_ms",
                        "alone_maximum_ms",
                        "miss_p50_ms",
                        "miss_p90_ms",
                        "miss_maximum_ms",
                        "hit_p50_ms",
                        "hit_p90_ms",
                        "hit_maximum_ms",
                        "requests_per_second",
                        "p50_ms",
                        "p99_ms")
                .allSatisfy((name, value) -> assertThat(value).as(name).isPositive());
        assertThat(outcome.parameters()).containsEntry("connections", "30").containsEntry("items", "61");
        assertThat(world.loadConnections).isEqualTo(1 + 1 + 30);
    }

    @Test
    void aCacheThatDoesNotKeepAnItemHasNoNumber() {
        world.keepsOut = 17;
        for (String kind : List.of(Kind.TIMED, Kind.COUNTED)) {
            assertThatThrownBy(() -> measure(kind))
                    .isInstanceOf(Rejected.class)
                    .hasMessageContaining("the cache did not have all 60 items");
        }
    }

    @Test
    void hitsThatTheStoreWorkedForHaveNoNumber() {
        world.asksTheStoreAlways = true;
        assertThatThrownBy(() -> measure(Kind.COUNTED))
                .isInstanceOf(Rejected.class)
                .hasMessageContaining("the store worked");
    }

    @Test
    void aWrongItemHasNoNumber() {
        world.knowsWrong = 8;
        assertThatThrownBy(() -> measure(Kind.TIMED))
                .isInstanceOf(Rejected.class)
                .hasMessageContaining("without a correct answer");
    }

    @Test
    void aStoreThatTakesNoTablesHasNoNumber() {
        ThreeTiers experiment = new ThreeTiers(
                (host, port) -> {
                    throw new SQLException("no room");
                },
                ITEMS);
        assertThatThrownBy(() -> measure(experiment, Kind.TIMED))
                .isInstanceOf(Rejected.class)
                .hasMessageContaining("it took no tables: no room");
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.machine;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the machine did to a measurement from construction on: time that its own hypervisor gave to others (steal), thermal
 * throttling, and a change of clock frequency. Each is absent where the kernel does not tell.
 */
public final class HostWatch {
    /** Beyond this share of the time of all cores, times measured meanwhile mean nothing. */
    public static final double MOST_STOLEN = 0.05;
    /** Beyond this change of the average clock frequency likewise. */
    public static final double MOST_FREQUENCY_CHANGE = 0.1;

    private static final int RESOLUTION_TICKS = 1;
    private static final int STEAL = 8;
    private static final int GUEST = 9;

    private final Path root;
    private final Reading start;

    private record Reading(long stolenTicks, long allTicks, long throttles, double kilohertz) {}

    public HostWatch() {
        this(Path.of("/"));
    }

    /** @param root of the file system with {@code proc} and {@code sys}, for tests */
    HostWatch(Path root) {
        this.root = root;
        this.start = read();
    }

    /** What happened since construction, for {@code context} of a record. */
    public Map<String, Double> changes() {
        Reading now = read();
        Map<String, Double> changes = new TreeMap<>();
        if (now.allTicks() > start.allTicks()) {
            // What was stolen before may be counted now: of a boot's few ticks, one is no proof.
            long stolen = Math.max(0, now.stolenTicks() - start.stolenTicks() - RESOLUTION_TICKS);
            changes.put("host_steal_share", stolen / (double) (now.allTicks() - start.allTicks()));
        }
        if (start.throttles() >= 0) {
            changes.put("host_throttles", (double) (now.throttles() - start.throttles()));
        }
        if (start.kilohertz() > 0 && now.kilohertz() > 0) {
            changes.put("host_frequency_change", now.kilohertz() / start.kilohertz() - 1);
        }
        return changes;
    }

    /** Why times measured meanwhile are not sound, or null. */
    public static String problem(Map<String, Double> changes) {
        double stolen = changes.getOrDefault("host_steal_share", 0.0);
        if (stolen > MOST_STOLEN) {
            return String.format(
                    "this machine's hypervisor gave %.0f %% of the processor time to others", 100 * stolen);
        }
        if (changes.getOrDefault("host_throttles", 0.0) > 0) {
            return "the processor was throttled because it was too hot";
        }
        double frequency = changes.getOrDefault("host_frequency_change", 0.0);
        return Math.abs(frequency) > MOST_FREQUENCY_CHANGE
                ? String.format("the processor's clock frequency changed by %.0f %%", 100 * frequency)
                : null;
    }

    private Reading read() {
        long stolen = 0;
        long all = 0;
        String[] words = line(root.resolve("proc/stat")).split("\\s+");
        for (int i = 1; i < Math.min(words.length, GUEST); i++) {
            all += Long.parseLong(words[i]);
            stolen += i == STEAL ? Long.parseLong(words[i]) : 0;
        }
        long throttles = -1;
        double kilohertz = 0;
        int cores = 0;
        Path processors = root.resolve("sys/devices/system/cpu");
        try (DirectoryStream<Path> each = Files.newDirectoryStream(processors, "cpu[0-9]*")) {
            for (Path core : each) {
                String throttled = line(core.resolve("thermal_throttle/package_throttle_count"));
                throttles = throttled.isEmpty() ? throttles : Math.max(0, throttles) + Long.parseLong(throttled);
                String frequency = line(core.resolve("cpufreq/scaling_cur_freq"));
                kilohertz += frequency.isEmpty() ? 0 : Double.parseDouble(frequency);
                cores += frequency.isEmpty() ? 0 : 1;
            }
        } catch (IOException e) {
            // A kernel without sysfs tells nothing, which the absent entries say.
            return new Reading(stolen, all, -1, 0);
        }
        return new Reading(stolen, all, throttles, cores == 0 ? 0 : kilohertz / cores);
    }

    /** The first line, or an empty text. */
    private static String line(Path file) {
        try {
            return Files.readString(file).lines().findFirst().orElse("").strip();
        } catch (IOException e) {
            return "";
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostWatchTest {
    @TempDir
    Path root;

    private void put(String file, String text) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    private void machine(String stat, int throttles, int megahertz) throws IOException {
        put("proc/stat", stat + "\ncpu0 1 2 3\n");
        for (int core = 0; core < 2; core++) {
            put("sys/devices/system/cpu/cpu" + core + "/thermal_throttle/package_throttle_count", throttles + "\n");
            put("sys/devices/system/cpu/cpu" + core + "/cpufreq/scaling_cur_freq", megahertz * 1000 + "\n");
        }
    }

    @Test
    void quietMachineHasNoProblem() throws IOException {
        machine("cpu  100 0 100 800 0 0 0 10 0 0", 4, 3000);
        HostWatch watch = new HostWatch(root);
        machine("cpu  200 0 200 1590 0 0 0 20 50 0", 4, 3100);
        Map<String, Double> changes = watch.changes();
        assertThat(changes.get("host_steal_share")).isCloseTo(0.009, Offset.offset(1e-9));
        assertThat(changes).containsEntry("host_throttles", 0.0);
        assertThat(HostWatch.problem(changes)).isNull();
    }

    @Test
    void stolenTimeHeatAndFrequencyInvalidate() throws IOException {
        machine("cpu  100 0 100 800 0 0 0 10 0 0", 4, 3000);
        HostWatch watch = new HostWatch(root);
        machine("cpu  100 0 100 1000 0 0 0 110 0 0", 4, 3000);
        assertThat(HostWatch.problem(watch.changes())).contains("gave 33 %");
        machine("cpu  100 0 100 1000 0 0 0 10 0 0", 5, 3000);
        assertThat(HostWatch.problem(watch.changes())).contains("too hot");
        machine("cpu  100 0 100 1000 0 0 0 10 0 0", 4, 2000);
        assertThat(HostWatch.problem(watch.changes())).contains("changed by -33 %");
    }

    /** The counter may tell now what was stolen before. */
    @Test
    void oneTickOfAShortTimeIsNoTheft() throws IOException {
        machine("cpu  100 0 100 800 0 0 0 10 0 0", 4, 3000);
        HostWatch watch = new HostWatch(root);
        machine("cpu  101 0 100 801 0 0 0 11 0 0", 4, 3000);
        assertThat(HostWatch.problem(watch.changes())).isNull();
        machine("cpu  101 0 100 801 0 0 0 13 0 0", 4, 3000);
        assertThat(HostWatch.problem(watch.changes())).contains("gave 40 %");
    }

    @Test
    void whatTheKernelDoesNotTellIsAbsent() throws IOException {
        put("proc/stat", "cpu  1 0 0 9 0 0 0 0 0 0");
        HostWatch watch = new HostWatch(root);
        assertThat(watch.changes()).isEmpty();
        assertThat(HostWatch.problem(Map.of())).isNull();
    }
}

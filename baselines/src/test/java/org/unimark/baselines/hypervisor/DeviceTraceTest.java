// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines.hypervisor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeviceTraceTest {
    private static final String BEFORE = "virtio_queue_notify vdev 0x1 n 1 vq 0x2\n";
    private static final String LOG = BEFORE
            + "virtio_queue_notify vdev 0x1 n 1 vq 0x2\n"
            + "virtio_notify vdev 0x1 vq 0x2\n"
            + "virtio_notify_irqfd vdev 0x1 vq 0x2\n"
            + "memory_region_ops_write cpu -1 mr 0x3 addr 0xfee00000 value 0x0 size 4 name 'apic-msi'\n"
            + "memory_region_ops_write cpu 0 mr 0x3 addr 0xfee000b0 value 0x0 size 4 name 'apic-msi'\n"
            + "memory_region_ops_read cpu 0 mr 0x4 addr 0x60 value 0x1 size 4 name 'virtio-mmio'\n"
            + "memory_region_ops_write cpu 0 mr 0x4 addr 0x64 value 0x1 size 4 name 'virtio-mmio'\n";

    @TempDir
    Path directory;

    @Test
    void countsWhatIsBetweenTwoLengths() throws IOException {
        Path log = Files.writeString(directory.resolve("trace.log"), LOG + BEFORE);
        DeviceTrace.Counts counts = DeviceTrace.read(log, BEFORE.length(), LOG.length());
        assertThat(counts).isEqualTo(new DeviceTrace.Counts(1, 2, Map.of("apic-msi", 1L, "virtio-mmio", 2L)));
        assertThat(counts.allExits()).isEqualTo(3);
    }
}

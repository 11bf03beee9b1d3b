// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines.hypervisor;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * QEMU's log of what crosses the border between a guest and its devices. An access of the guest to a register of a device
 * is emulated; a hardware hypervisor would have to leave the guest for it. Halting is not in the log.
 */
public final class DeviceTrace {
    private static final List<String> EVENTS = List.of(
            "virtio_queue_notify",
            "virtio_notify",
            "virtio_notify_irqfd",
            "memory_region_ops_read",
            "memory_region_ops_write");
    /** The processor of an access; devices send their interrupts as such accesses, too, but have no processor. */
    private static final String PROCESSOR = " cpu ";

    private static final String REGION = " name '";

    private DeviceTrace() {}

    /**
     * What happened in a stretch of time.
     *
     * @param notifications of a queue by the guest
     * @param interrupts that a queue wanted to be raised
     * @param exits accesses of the guest to registers, by the name of the region
     */
    public record Counts(long notifications, long interrupts, Map<String, Long> exits) {
        /** Of all regions. */
        public long allExits() {
            return exits.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    /** What to add to QEMU's command line. */
    static List<String> arguments(Path log) {
        List<String> arguments = new ArrayList<>(List.of("-D", log.toString()));
        EVENTS.forEach(event -> arguments.addAll(List.of("-trace", "enable=" + event)));
        return arguments;
    }

    /** Counts between two lengths of the log, in bytes. */
    public static Counts read(Path log, long from, long to) throws IOException {
        long notifications = 0;
        long interrupts = 0;
        Map<String, Long> exits = new TreeMap<>();
        try (InputStream bytes = Files.newInputStream(log);
                BufferedReader lines = new BufferedReader(new InputStreamReader(bytes, StandardCharsets.US_ASCII))) {
            bytes.skipNBytes(from);
            long at = from;
            for (String line = lines.readLine(); line != null && at < to; line = lines.readLine()) {
                at += line.length() + 1;
                if (line.startsWith("virtio_queue_notify ")) {
                    notifications++;
                } else if (line.startsWith("virtio_notify")) {
                    interrupts++;
                } else if (line.startsWith("memory_region_ops_") && !line.contains(PROCESSOR + "-1 ")) {
                    exits.merge(region(line), 1L, Long::sum);
                }
            }
        }
        return new Counts(notifications, interrupts, exits);
    }

    private static String region(String line) {
        int start = line.indexOf(REGION);
        int end = line.lastIndexOf('\'');
        return start < 0 || end <= start + REGION.length() ? "unnamed" : line.substring(start + REGION.length(), end);
    }
}

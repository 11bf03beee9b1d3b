// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines.code;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What in an image knows the registers of one device. Only four places in Keel know hardware (its architecture test sees to
 * that), and each device there has a unit of its own: a package for each kind of virtio device, a class for each of its
 * transports, the package of the PCI bus, and a class of {@code cpu} for each interrupt controller and clock, those that a
 * hypervisor offers included. The serial port is written by the C code that reports a panic.
 */
final class Drivers {
    private static final Pattern VIRTIO_DEVICE =
            Pattern.compile("org/unimark/keel/(virtio/(?!ring/|transport/)\\w+)/\\w+\\.java");
    private static final Pattern TRANSPORT =
            Pattern.compile("org/unimark/keel/(virtio/transport/\\w+Transport)\\.java");
    private static final Pattern BUS = Pattern.compile("org/unimark/keel/(pci)/\\w+\\.java");
    /** Waiting is the processor's own, and the interface that drivers use is none. */
    private static final Pattern CONTROLLER_OR_CLOCK =
            Pattern.compile("org/unimark/keel/(cpu/(?!Idle|Interrupts)\\w+)\\.java");

    private static final Pattern SERIAL_PORT = Pattern.compile(".*/native/image/(panic)\\.c");
    private static final Set<Pattern> UNITS = Set.of(VIRTIO_DEVICE, TRANSPORT, BUS, CONTROLLER_OR_CLOCK, SERIAL_PORT);

    private Drivers() {}

    /** The drivers among the source files that an image has machine code of. */
    static Set<String> of(Set<String> sourceFiles) {
        return sourceFiles.stream()
                .flatMap(file -> UNITS.stream().map(unit -> unit.matcher(file)))
                .filter(Matcher::matches)
                .map(unit -> unit.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    static boolean isVirtioDevice(String driver) {
        return VIRTIO_DEVICE.matcher("org/unimark/keel/" + driver + "/X.java").matches();
    }
}

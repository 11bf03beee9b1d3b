// SPDX-License-Identifier: Apache-2.0
package org.unimark.builder.qemu;

import java.util.List;

/** The machine types that are supported, and what virtio devices are called on them. */
public enum Machine {
    /** A PC with PCI Express. */
    Q35("q35", "virtio-net-pci", "virtio-rng-pci", "virtio-blk-pci", ",romfile=", List.of()),
    /**
     * A machine without PCI, whose virtio devices have memory-mapped registers. QEMU names those on the command line only
     * if it does not describe them in ACPI tables.
     */
    MICROVM(
            "microvm,acpi=off",
            "virtio-net-device",
            "virtio-rng-device",
            "virtio-blk-device",
            "",
            List.of("-global", "virtio-mmio.force-legacy=false"));

    private final String qemuName;
    private final String networkDevice;
    private final String entropyDevice;
    private final String blockDevice;
    private final String noBootRom;
    private final List<String> arguments;

    Machine(
            String qemuName,
            String networkDevice,
            String entropyDevice,
            String blockDevice,
            String noBootRom,
            List<String> arguments) {
        this.qemuName = qemuName;
        this.networkDevice = networkDevice;
        this.entropyDevice = entropyDevice;
        this.blockDevice = blockDevice;
        this.noBootRom = noBootRom;
        this.arguments = arguments;
    }

    /** What {@code -machine} calls it, with the properties that it always has. */
    public String qemuName() {
        return qemuName;
    }

    /** The network card, without the boot ROM that a PC would run first. */
    String networkDevice() {
        return networkDevice + noBootRom;
    }

    String blockDevice() {
        return blockDevice;
    }

    String entropyDevice() {
        return entropyDevice;
    }

    /** Arguments that the machine always needs. */
    List<String> arguments() {
        return arguments;
    }
}

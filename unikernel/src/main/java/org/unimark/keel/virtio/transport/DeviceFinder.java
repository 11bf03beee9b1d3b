// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.virtio.transport;

import java.util.ArrayList;
import java.util.List;
import org.unimark.keel.cpu.Interrupts;
import org.unimark.keel.kernel.Log;
import org.unimark.keel.kernel.Rare;
import org.unimark.keel.memory.PhysicalMemory;
import org.unimark.keel.pci.ConfigurationSpace;
import org.unimark.keel.pci.MappedConfigurationSpace;
import org.unimark.keel.pci.PciBus;
import org.unimark.keel.pci.PciFunction;
import org.unimark.keel.pci.PortConfigurationSpace;
import org.unimark.keel.virtio.Transport;
import org.unimark.keel.virtio.VirtioException;

/**
 * Finds the virtio devices of a machine, once, at boot. PCI is accessed through ports, or through memory where the command
 * line says {@code keel.ecam=ADDRESS}.
 */
@Rare
public final class DeviceFinder {
    private static final String MAPPED_CONFIGURATION = "keel.ecam=";

    private final PhysicalMemory memory;
    private final Interrupts interrupts;
    private final Log log;
    private final List<Transport> devices = new ArrayList<>();

    public DeviceFinder(PhysicalMemory memory, Interrupts interrupts, Log log) {
        this.memory = memory;
        this.interrupts = interrupts;
        this.log = log;
    }

    /**
     * Looks where the command line points, and on PCI if the machine has it. A device that cannot be driven is reported
     * to the log and left out.
     *
     * @return the devices: those of the command line first, then PCI by number
     */
    public List<Transport> find(String commandLine) {
        for (MmioSlot slot : MmioSlot.parse(commandLine)) {
            try {
                devices.add(new MmioTransport(slot, memory, interrupts));
            } catch (VirtioException unusable) {
                log.line(unusable.getMessage());
            }
        }
        ConfigurationSpace space = configurationSpace(commandLine);
        if (space != null) {
            addPci(space);
        }
        return devices;
    }

    /** Returns null on a machine without PCI. */
    private ConfigurationSpace configurationSpace(String commandLine) {
        int at = (" " + commandLine).indexOf(" " + MAPPED_CONFIGURATION);
        if (at >= 0) {
            int start = at + MAPPED_CONFIGURATION.length();
            int end = commandLine.indexOf(' ', start);
            long base = MmioSlot.parseNumber(commandLine.substring(start, end < 0 ? commandLine.length() : end));
            if (base > 0) {
                return new MappedConfigurationSpace(memory, base);
            }
            log.line("unreadable " + MAPPED_CONFIGURATION);
        }
        PortConfigurationSpace ports = new PortConfigurationSpace();
        return ports.isPresent() ? ports : null;
    }

    private void addPci(ConfigurationSpace space) {
        for (PciFunction function : new PciBus(space, memory).functions()) {
            if (PciTransport.isVirtio(function)) {
                try {
                    devices.add(new PciTransport(function, interrupts));
                } catch (VirtioException | IllegalArgumentException unusable) {
                    log.line(unusable.getMessage());
                }
            }
        }
    }
}

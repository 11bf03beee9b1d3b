// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.virtio.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.unimark.keel.kernel.Log;
import org.unimark.keel.machine.SimulatedDevices;
import org.unimark.keel.machine.SimulatedMemory;
import org.unimark.keel.memory.SimulatedPhysicalMemory;
import org.unimark.keel.virtio.Transport;
import org.unimark.keel.virtio.model.DeviceModel;
import org.unimark.keel.virtio.model.MmioRegisters;
import org.unimark.keel.virtio.model.PciRegisters;
import org.unimark.keel.virtio.model.SimulatedInterrupts;

class DeviceFinderTest {
    private static final String SLOT = "virtio_mmio.device=512@0xfeb02e00:23";

    private final SimulatedInterrupts interrupts = new SimulatedInterrupts();
    private final List<String> log = new ArrayList<>();
    private final DeviceModel model = new DeviceModel(4, 1, 1L << 32, new byte[0]);

    @AfterEach
    void cleanUp() {
        SimulatedDevices.reset();
        SimulatedMemory.reset();
    }

    private List<Transport> find(String commandLine) {
        return new DeviceFinder(new SimulatedPhysicalMemory(1 << 20), interrupts, Log.of(log::add)).find(commandLine);
    }

    @Test
    void aMachineWithoutDevicesHasNone() {
        assertThat(find("")).isEmpty();
        assertThat(log).isEmpty();
    }

    @Test
    void findsDevicesOnBothKindsOfRegisters() {
        new MmioRegisters(model, interrupts);
        new PciRegisters(new DeviceModel(1, 2, 1L << 32, new byte[12]), interrupts, true);
        List<Transport> found = find(SLOT);
        assertThat(found).extracting(Transport::deviceType).containsExactly(4, 1);
        assertThat(found).extracting(Transport::name).containsExactly("virtio-mmio 0xfeb02e00", "pci 00:02.0");
        assertThat(log).isEmpty();
    }

    @Test
    void reportsRegistersThatAreNoVirtioDevice() {
        new MmioRegisters(model, interrupts).magic = 0;
        assertThat(find(SLOT)).isEmpty();
        assertThat(log).containsExactly("virtio-mmio 0xfeb02e00 is no virtio device");
    }

    @Test
    void reportsALegacyMmioDevice() {
        new MmioRegisters(model, interrupts).version = 1;
        assertThat(find(SLOT)).isEmpty();
        assertThat(log).containsExactly("virtio-mmio 0xfeb02e00 has only the legacy interface");
    }

    @Test
    void reportsAFunctionWithoutCapabilities() {
        new PciRegisters(model, interrupts, false).space.putShort(6, (short) 0);
        assertThat(find("")).isEmpty();
        assertThat(log).containsExactly("pci 00:02.0 has only the legacy interface");
    }

    @Test
    void reportsAFunctionWithoutMessageInterrupts() {
        new PciRegisters(model, interrupts, false).space.put(0x98, (byte) 0x05);
        assertThat(find("")).isEmpty();
        assertThat(log).hasSize(1).first().asString().contains("no MSI-X");
    }

    @Test
    void survivesACapabilityListThatBitesItsTail() {
        new PciRegisters(model, interrupts, false).space.put(0x61, (byte) 0x50);
        assertThat(find("")).isEmpty();
        assertThat(log).hasSize(1);
    }

    @Test
    void refusesRegistersOutsideTheirWindow() {
        new PciRegisters(model, interrupts, false).space.putInt(0x58, PciRegisters.REGISTER_BAR_BYTES - 8);
        assertThat(find("")).isEmpty();
        assertThat(log).containsExactly("pci 00:02.0: base address register 4 is too small");
    }

    @Test
    void refusesABaseAddressRegisterThatDoesNotExist() {
        new PciRegisters(model, interrupts, false).space.put(0x54, (byte) 7);
        assertThat(find("")).isEmpty();
        assertThat(log).containsExactly("pci 00:02.0: base address register 7 is no memory");
    }

    @Test
    void ignoresOtherFunctions() {
        new PciRegisters(model, interrupts, false).space.putShort(0, (short) 0x8086);
        assertThat(find("")).isEmpty();
        assertThat(log).isEmpty();
    }

    @Test
    void readsTheConfigurationSpaceFromMemoryWhereTold() {
        long base = SimulatedMemory.allocate(1 << 20);
        for (int function = 0; function < 256; function++) {
            org.unimark.keel.machine.Memory.putInt(base + (long) function * 4096, -1);
        }
        long at = base + PciRegisters.FUNCTION * 4096L;
        org.unimark.keel.machine.Memory.putInt(at, 0x1041_1af4);
        assertThat(find("keel.ecam=0x" + Long.toHexString(base))).isEmpty();
        assertThat(log).containsExactly("pci 00:02.0 has only the legacy interface");
    }
}

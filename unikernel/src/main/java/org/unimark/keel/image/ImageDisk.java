// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.image;

import java.util.List;
import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Clock;
import org.unimark.keel.kernel.Counters;
import org.unimark.keel.kernel.EventLoop;
import org.unimark.keel.kernel.Log;
import org.unimark.keel.kernel.RandomSource;
import org.unimark.keel.kernel.Rare;
import org.unimark.keel.machine.BareMachine;
import org.unimark.keel.memory.PhysicalMemory;
import org.unimark.keel.storage.DiskStorage;
import org.unimark.keel.storage.StorageException;
import org.unimark.keel.storage.device.BlockDevice;
import org.unimark.keel.virtio.Transport;
import org.unimark.keel.virtio.VirtioDevice;
import org.unimark.keel.virtio.VirtioException;
import org.unimark.keel.virtio.block.VirtioBlockDevice;

/** Brings up the first disk, when an application asks for storage: images whose application does not have no driver. */
@Rare
final class ImageDisk {
    /** Exit status of an image whose disk cannot be used. */
    static final int UNUSABLE_DISK_STATUS = 3;

    private static final int BUFFER_ALIGNMENT = 4096;
    private static final long LONGEST_WAIT_NANOS = 100_000_000L;

    private final PhysicalMemory memory;
    private final Clock clock;
    private final EventLoop.Sleeper sleeper;

    private ImageDisk(PhysicalMemory memory, Clock clock, EventLoop.Sleeper sleeper) {
        this.memory = memory;
        this.clock = clock;
        this.sleeper = sleeper;
    }

    /** Returns null if there is no disk; ends the system if there is one that cannot be used. */
    static DiskStorage open(
            List<Transport> devices,
            PhysicalMemory memory,
            Clock clock,
            EventLoop.Sleeper sleeper,
            RandomSource random,
            Counters counters,
            Log log) {
        ImageDisk disk = new ImageDisk(memory, clock, sleeper);
        for (int i = 0; i < devices.size(); i++) {
            Transport transport = devices.get(i);
            if (transport.deviceType() == VirtioBlockDevice.DEVICE_TYPE) {
                try {
                    VirtioDevice device = new VirtioDevice(transport, memory, counters);
                    BlockDevice driver = new VirtioBlockDevice(device, memory, counters);
                    return new DiskStorage(driver, disk::await, disk::allocate, random);
                } catch (VirtioException unusable) {
                    log.line("disk: " + unusable.getMessage());
                } catch (StorageException unusable) {
                    log.line("disk: " + unusable.getMessage() + "; nothing was changed on it");
                }
                BareMachine.powerOff(UNUSABLE_DISK_STATUS);
            }
        }
        return null;
    }

    private Bytes allocate(int bytes) {
        return memory.allocate(bytes, BUFFER_ALIGNMENT);
    }

    /** The processor sleeps until the disk, or whatever else, interrupts. */
    private void await(BlockDevice device) {
        if (device.enableInterrupts()) {
            sleeper.sleepUntil(clock.nanos() + LONGEST_WAIT_NANOS);
        }
    }
}

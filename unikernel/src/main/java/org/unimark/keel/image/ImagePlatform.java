// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.image;

import java.util.List;
import org.unimark.keel.application.Application;
import org.unimark.keel.application.Platform;
import org.unimark.keel.buffer.BlockPool;
import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.cpu.Hypervisor;
import org.unimark.keel.cpu.LocalApic;
import org.unimark.keel.cpu.RealTimeClock;
import org.unimark.keel.cpu.TimeStampClock;
import org.unimark.keel.kernel.Clock;
import org.unimark.keel.kernel.Counters;
import org.unimark.keel.kernel.EventLoop;
import org.unimark.keel.kernel.Log;
import org.unimark.keel.kernel.Poller;
import org.unimark.keel.kernel.RandomSource;
import org.unimark.keel.kernel.Rare;
import org.unimark.keel.kernel.Timers;
import org.unimark.keel.machine.BareMachine;
import org.unimark.keel.machine.Heap;
import org.unimark.keel.memory.PhysicalMemory;
import org.unimark.keel.memory.RegionMemory;
import org.unimark.keel.memory.SealedFiles;
import org.unimark.keel.net.NetworkConfiguration;
import org.unimark.keel.net.NetworkStack;
import org.unimark.keel.net.socket.Network;
import org.unimark.keel.storage.DiskStorage;
import org.unimark.keel.storage.Storage;
import org.unimark.keel.virtio.Transport;
import org.unimark.keel.virtio.VirtioDevice;
import org.unimark.keel.virtio.VirtioException;
import org.unimark.keel.virtio.net.VirtioNetworkDevice;
import org.unimark.keel.virtio.transport.DeviceFinder;

/** The system that an image is: one processor, one memory, the devices it finds, and one event loop. */
@Rare
final class ImagePlatform implements Platform {
    /** Alignment of what applications allocate: a cache line. */
    private static final int ALLOCATION_ALIGNMENT = 64;

    private final SealedFiles files = new SealedFiles();
    private final Counters counters = new Counters();
    private final Log log = new SerialLog();
    private final PhysicalMemory memory = new RegionMemory();
    private final Clock clock;
    private final Timers timers;
    private final RandomSource random;
    /** Null on a machine without a network card. */
    private final NetworkStack stack;

    private final Network network;
    private final EventLoop loop;
    private final List<Transport> devices;
    private final Sleeper sleeper;
    /** Null before it is asked for, and on a machine without one. */
    private DiskStorage disk;

    private boolean diskSought;

    ImagePlatform() {
        LocalApic apic = new LocalApic(memory);
        Hypervisor hypervisor = new Hypervisor(memory);
        TimeStampClock ticks = new TimeStampClock(apic, hypervisor, BareMachine.entryTimeStamp());
        clock = new MachineClock(
                ticks, hypervisor.epochMillis() != 0 ? hypervisor.epochMillis() : RealTimeClock.epochMillis());
        String options = BootOptions.read(files);
        devices = new DeviceFinder(memory, apic, log).find(options);
        random = Seeds.generator(devices, memory, clock, counters, log);
        NetworkPlan plan = new NetworkPlan(memory);
        VirtioNetworkDevice card = findCard(devices, plan);
        ticks.calibrate();
        timers = new Timers(clock.nanos());
        sleeper = new Sleeper(ticks, counters);
        if (card == null) {
            log.line("no network card");
            stack = null;
            network = new AnnouncedNetwork(null, log);
            loop = new EventLoop(clock, timers, counters, sleeper);
        } else {
            stack = new NetworkStack(
                    card,
                    plan.stackMemory(),
                    NetworkConfiguration.parse(options),
                    plan.tcpParameters(),
                    timers,
                    random,
                    counters,
                    log);
            network = new AnnouncedNetwork(stack.network(), log);
            loop = new EventLoop(clock, timers, counters, sleeper, stack);
        }
    }

    /** The first network card that can be used, or null. */
    private VirtioNetworkDevice findCard(List<Transport> devices, NetworkPlan plan) {
        BlockPool pool = null;
        for (int i = 0; i < devices.size(); i++) {
            if (devices.get(i).deviceType() == VirtioNetworkDevice.DEVICE_TYPE) {
                pool = pool == null ? plan.receivePool() : pool;
                try {
                    VirtioDevice device = new VirtioDevice(devices.get(i), memory, counters);
                    return new VirtioNetworkDevice(device, pool, plan.queueSize(), random, counters);
                } catch (VirtioException unusable) {
                    log.line(unusable.getMessage());
                }
            }
        }
        return null;
    }

    /** Starts the application as soon as the network has an address, and serves until it ends the system. */
    void run(Application application) {
        if (stack == null) {
            application.start(this);
        } else {
            stack.start(() -> application.start(this), clock.nanos());
        }
        loop.run();
    }

    @Override
    public Network network() {
        return network;
    }

    @Override
    public Timers timers() {
        return timers;
    }

    @Override
    public Clock clock() {
        return clock;
    }

    @Override
    public Counters counters() {
        return counters;
    }

    @Override
    public RandomSource random() {
        return random;
    }

    @Override
    public Log log() {
        return log;
    }

    @Override
    public Bytes allocate(int bytes) {
        return memory.allocate(bytes, ALLOCATION_ALIGNMENT);
    }

    @Override
    public Bytes allocateUncleared(int bytes) {
        return memory.allocateUncleared(bytes, ALLOCATION_ALIGNMENT);
    }

    @Override
    public long availableBytes() {
        return memory.availableBytes();
    }

    @Override
    public Storage storage() {
        if (!diskSought) {
            diskSought = true;
            disk = ImageDisk.open(devices, memory, clock, sleeper, random, counters, log);
            if (disk != null) {
                loop.add(disk);
            }
        }
        return disk;
    }

    @Override
    public Bytes resource(String name) {
        return files.find(name);
    }

    @Override
    public void setPoller(Poller poller) {
        if (stack == null) {
            loop.add(poller);
        } else {
            stack.setApplication(poller);
        }
    }

    @Override
    public void serveNetwork() {
        if (stack != null) {
            stack.poll(clock.nanos());
        }
    }

    @Override
    public void exit(int status) {
        BareMachine.powerOff(status);
    }

    @Override
    public long heapAllocatedBytes() {
        return Heap.allocatedBytes();
    }

    @Override
    public String name() {
        return "image";
    }
}

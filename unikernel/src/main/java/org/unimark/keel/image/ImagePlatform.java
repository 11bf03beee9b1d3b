// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.image;

import java.util.List;
import org.unimark.keel.application.Platform;
import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.cpu.Hypervisor;
import org.unimark.keel.cpu.Idle;
import org.unimark.keel.cpu.LocalApic;
import org.unimark.keel.cpu.RealTimeClock;
import org.unimark.keel.cpu.TimeStampClock;
import org.unimark.keel.kernel.Clock;
import org.unimark.keel.kernel.Counters;
import org.unimark.keel.kernel.EventLoop;
import org.unimark.keel.kernel.Log;
import org.unimark.keel.kernel.RandomSource;
import org.unimark.keel.kernel.Timers;
import org.unimark.keel.machine.BareMachine;
import org.unimark.keel.machine.Mark;
import org.unimark.keel.memory.PhysicalMemory;
import org.unimark.keel.memory.RegionMemory;
import org.unimark.keel.memory.SealedFiles;
import org.unimark.keel.net.NetworkStack;
import org.unimark.keel.net.socket.Connection;
import org.unimark.keel.net.socket.ConnectionHandler;
import org.unimark.keel.net.socket.Network;
import org.unimark.keel.virtio.Transport;
import org.unimark.keel.virtio.transport.DeviceFinder;

/** The system that an image is: one processor, one memory, the devices it finds, and one event loop. */
final class ImagePlatform implements Platform, Network {
    /** Alignment of what applications allocate: a cache line. */
    private static final int ALLOCATION_ALIGNMENT = 64;

    private final SealedFiles files = new SealedFiles();
    private final Counters counters = new Counters();
    private final Log log = new SerialLog();
    private final PhysicalMemory memory = new RegionMemory();
    private final TimeStampClock ticks;
    private final Clock clock;
    private final Timers timers;
    private final RandomSource random;
    private final Network network;
    private final EventLoop loop;
    private boolean listening;

    ImagePlatform() {
        LocalApic apic = new LocalApic(memory);
        Hypervisor hypervisor = new Hypervisor(memory);
        ticks = new TimeStampClock(apic, hypervisor, BareMachine.entryTimeStamp());
        clock = new MachineClock(
                ticks, hypervisor.epochMillis() != 0 ? hypervisor.epochMillis() : RealTimeClock.epochMillis());
        String options = BootOptions.read(files);
        List<Transport> devices = new DeviceFinder(memory, apic, log).find(options);
        random = Seeds.generator(devices, memory, clock, counters, log);
        ticks.calibrate();
        timers = new Timers(clock.nanos());
        Idle idle = new Idle(ticks);
        NetworkStack stack = ImageNetwork.create(devices, options, memory, timers, random, counters, log);
        if (stack == null) {
            log.line("network: none");
            network = new NoNetwork();
            loop = new EventLoop(clock, timers, idle::sleepUntil);
        } else {
            network = stack.network();
            loop = new EventLoop(clock, timers, idle::sleepUntil, stack);
            stack.start(null, clock.nanos());
        }
    }

    /** Serves until the application ends the system. */
    void run() {
        loop.run();
    }

    @Override
    public Listener listen(int port, int backlog, Acceptor acceptor) {
        Listener listener = network.listen(port, backlog, acceptor);
        if (listener != null && !listening) {
            listening = true;
            log.line("listening on port " + port);
            Mark.pass(Mark.LISTENING);
        }
        return listener;
    }

    @Override
    public Connection connect(int address, int port, ConnectionHandler handler) {
        return network.connect(address, port, handler);
    }

    @Override
    public Network network() {
        return this;
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
    public Bytes resource(String name) {
        return files.find(name);
    }

    @Override
    public void exit(int status) {
        BareMachine.powerOff(status);
    }

    @Override
    public long heapAllocatedBytes() {
        return BareMachine.heapAllocatedBytes();
    }

    @Override
    public String name() {
        return "image";
    }
}

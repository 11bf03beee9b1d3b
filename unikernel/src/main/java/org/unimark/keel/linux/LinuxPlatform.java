// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.linux;

import org.unimark.keel.application.Platform;
import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Clock;
import org.unimark.keel.kernel.Counters;
import org.unimark.keel.kernel.EventLoop;
import org.unimark.keel.kernel.Log;
import org.unimark.keel.kernel.Poller;
import org.unimark.keel.kernel.RandomSource;
import org.unimark.keel.kernel.Timers;
import org.unimark.keel.machine.Heap;
import org.unimark.keel.machine.LinuxCalls;
import org.unimark.keel.machine.Mark;
import org.unimark.keel.memory.SealedFiles;
import org.unimark.keel.net.socket.Connection;
import org.unimark.keel.net.socket.ConnectionHandler;
import org.unimark.keel.net.socket.Network;
import org.unimark.keel.storage.DiskStorage;
import org.unimark.keel.storage.Storage;
import org.unimark.keel.storage.StorageException;

/** What an application gets when it runs as a Linux process. */
final class LinuxPlatform implements Platform, Network {
    /** The argument that names the file or block device that is the disk. */
    private static final String DISK_OPTION = "keel.disk";
    /** Exit status of a program whose disk cannot be used. */
    private static final int UNUSABLE_DISK_STATUS = 3;

    private final LinuxClock clock = new LinuxClock();
    private final Timers timers = new Timers(clock.nanos());
    private final Counters counters = new Counters();
    private final LinuxRandom random = new LinuxRandom();
    private final LinuxLog log = new LinuxLog();
    private final SealedFiles files = new SealedFiles();
    private final LinuxNetwork network = new LinuxNetwork(timers, clock, counters, this::terminated);
    private final EventLoop loop = new EventLoop(clock, timers, counters, network, network);
    private boolean listening;
    /** Null before it is asked for, and without one. */
    private DiskStorage disk;

    private boolean diskSought;

    /** Serves until somebody asks the process to end. */
    void run() {
        loop.run();
    }

    private void terminated() {
        exit(0);
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
        return Linux.allocate(bytes);
    }

    /** The kernel clears pages when they are touched first. */
    @Override
    public Bytes allocateUncleared(int bytes) {
        return Linux.allocate(bytes);
    }

    @Override
    public long availableBytes() {
        return Linux.availableBytes();
    }

    @Override
    public Storage storage() {
        if (!diskSought) {
            diskSought = true;
            String path = LinuxOptions.value(DISK_OPTION);
            disk = path == null ? null : openDisk(path);
        }
        return disk;
    }

    private DiskStorage openDisk(String path) {
        LinuxDisk device = LinuxDisk.open(path);
        String reason = path + " cannot be opened";
        if (device != null) {
            try {
                DiskStorage storage = new DiskStorage(device, nothing -> {}, Linux::allocate, random);
                loop.add(storage);
                return storage;
            } catch (StorageException unusable) {
                reason = unusable.getMessage() + "; nothing was changed on it";
            }
        }
        log.line("disk: " + reason);
        exit(UNUSABLE_DISK_STATUS);
        return null;
    }

    @Override
    public Bytes resource(String name) {
        return files.find(name);
    }

    @Override
    public void setPoller(Poller poller) {
        loop.add(poller);
    }

    @Override
    public void serveNetwork() {
        network.serve();
    }

    @Override
    public void exit(int status) {
        LinuxCalls.call(Linux.EXIT_GROUP, status);
    }

    @Override
    public long heapAllocatedBytes() {
        return Heap.allocatedBytes();
    }

    @Override
    public String name() {
        return "linux";
    }
}

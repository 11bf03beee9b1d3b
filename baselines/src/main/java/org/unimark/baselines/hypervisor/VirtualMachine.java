// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines.hypervisor;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.unimark.baselines.Instance;
import org.unimark.baselines.counter.InstructionCounter;
import org.unimark.baselines.net.RunNetwork;
import org.unimark.baselines.net.SystemAddress;
import org.unimark.baselines.process.Console;

/** A running QEMU, its port of the bridge and its counter. */
public final class VirtualMachine implements Instance {
    /** Of 50 machines that were killed at once on two processors, the last one took more than ten. */
    private static final int END_SECONDS = 60;

    private final Process process;
    private final SystemAddress system;
    private final int port;
    private final InstructionCounter counter;
    /** Null if it has none. */
    private final Path disk;

    private final Path console;
    private final long launchedNanos;
    private boolean closed;

    private VirtualMachine(
            Process process,
            SystemAddress system,
            int port,
            InstructionCounter counter,
            Path disk,
            Path console,
            long launchedNanos) {
        this.process = process;
        this.system = system;
        this.port = port;
        this.counter = counter;
        this.disk = disk;
        this.console = console;
        this.launchedNanos = launchedNanos;
    }

    /**
     * Executes {@code command}, which must open the tap of {@code system} that exists already.
     *
     * @param port that the application listens on
     * @param counter that the command attaches, or null; closed with the machine
     * @param disk that is deleted with the machine, or null
     * @param console where the guest's console and, after it, the hypervisor's own messages go
     */
    static VirtualMachine launch(
            List<String> command, SystemAddress system, int port, InstructionCounter counter, Path disk, Path console)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(ProcessBuilder.Redirect.appendTo(console.toFile()));
        long launchedNanos = System.nanoTime();
        return new VirtualMachine(builder.start(), system, port, counter, disk, console, launchedNanos);
    }

    @Override
    public InetSocketAddress address() {
        return system.socket(port);
    }

    @Override
    public long launchedNanos() {
        return launchedNanos;
    }

    @Override
    public boolean isAlive() {
        return process.isAlive();
    }

    /** Waits for the end of the hypervisor; returns its exit status, or -1 if it still runs. */
    public int awaitEnd(long seconds) throws InterruptedException {
        return process.waitFor(seconds, TimeUnit.SECONDS) ? process.exitValue() : -1;
    }

    @Override
    public String consoleTail() {
        return Console.tail(console);
    }

    @Override
    public InstructionCounter counter() {
        return counter;
    }

    @Override
    public long[] processIds() {
        return new long[] {process.pid()};
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        process.destroyForcibly();
        try {
            if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the hypervisor does not end although it was killed");
            }
            RunNetwork.remove(system);
            if (counter != null) {
                counter.close();
            }
            if (disk != null) {
                Files.deleteIfExists(disk);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new IllegalStateException("cannot remove what belonged to a virtual machine", e);
        }
    }
}

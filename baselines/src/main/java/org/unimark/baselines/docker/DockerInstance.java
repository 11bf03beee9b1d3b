// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines.docker;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.stream.LongStream;
import org.unimark.baselines.Instance;
import org.unimark.baselines.counter.InstructionCounter;
import org.unimark.baselines.net.RunNetwork;
import org.unimark.baselines.net.SystemAddress;
import org.unimark.baselines.process.Console;

/** A running container. */
final class DockerInstance implements Instance {
    private final AttachedContainer container;
    private final SystemAddress system;
    private final int port;
    private final Path console;
    private boolean closed;

    DockerInstance(AttachedContainer container, SystemAddress system, int port, Path console) {
        this.container = container;
        this.system = system;
        this.port = port;
        this.console = console;
    }

    @Override
    public InetSocketAddress address() {
        return system.socket(port);
    }

    @Override
    public long launchedNanos() {
        return container.createdNanos();
    }

    @Override
    public boolean isAlive() {
        return !closed && container.isRunning();
    }

    @Override
    public String consoleTail() {
        return Console.tail(console);
    }

    @Override
    public InstructionCounter counter() {
        return null;
    }

    @Override
    public long[] processIds() {
        return withDescendants(container.visibleProcessId());
    }

    /** The ids of the process {@code first} and of all below it; none if it is 0, which is one that cannot be seen. */
    static long[] withDescendants(long first) {
        if (first == 0) {
            return new long[0];
        }
        return ProcessHandle.of(first).stream()
                .flatMapToLong(process -> LongStream.concat(
                        LongStream.of(first), process.descendants().mapToLong(ProcessHandle::pid)))
                .toArray();
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        container.stop();
        disconnect(system);
    }

    /** Takes the port away of a container that has ended. */
    static void disconnect(SystemAddress system) {
        try {
            // Its end in the container's namespace took it away, or is about to.
            RunNetwork.remove(system);
        } catch (IOException e) {
            throw new IllegalStateException("cannot remove the port of a container", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

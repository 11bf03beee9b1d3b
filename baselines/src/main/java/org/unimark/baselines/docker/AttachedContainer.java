// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines.docker;

import com.github.dockerjava.api.command.InspectContainerResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.output.OutputFrame;
import org.testcontainers.containers.startupcheck.StartupCheckStrategy;
import org.testcontainers.containers.wait.strategy.AbstractWaitStrategy;
import org.testcontainers.utility.DockerImageName;
import org.unimark.baselines.net.NamespaceLauncher;
import org.unimark.baselines.net.RunNetwork;
import org.unimark.baselines.net.SystemAddress;
import org.unimark.baselines.server.ContainerImage;

/**
 * A container without a network of Docker's, connected to the run's bridge as soon as it has started: the same path as
 * that of a guest's tap. Readiness is nobody's business here: callers probe.
 */
final class AttachedContainer extends GenericContainer<AttachedContainer> {
    static final long MEBIBYTE = 1L << 20;

    private final SystemAddress address;
    private final boolean ownProcesses;
    private long createdNanos;
    private long processId;

    /**
     * Prepares a container.
     *
     * @param reference of an image that is present
     * @param ownProcesses whether process ids that the daemon reports are valid in the run's process namespace
     */
    AttachedContainer(
            String reference,
            ContainerImage image,
            SystemAddress address,
            int memoryMib,
            Path console,
            boolean ownProcesses) {
        super(DockerImageName.parse(reference));
        this.address = address;
        this.ownProcesses = ownProcesses;
        withImagePullPolicy(name -> false);
        withNetworkMode("none");
        withLabel("unimark.run", NamespaceLauncher.runIdentifier());
        withCommand(image.command().toArray(String[]::new));
        withCreateContainerCmdModifier(create -> {
            create.getHostConfig().withMemory(memoryMib * MEBIBYTE);
            create.withUser(Integer.toString(image.user()));
            createdNanos = System.nanoTime();
        });
        withStartupCheckStrategy(new NoStartupCheck());
        waitingFor(new NoWait());
        withLogConsumer(frame -> append(console, frame));
    }

    @Override
    protected void containerIsStarting(InspectContainerResponse inspection) {
        processId = inspection.getState().getPidLong();
        try {
            if (!Boolean.TRUE.equals(inspection.getState().getRunning()) || processId == 0) {
                throw new IOException("the container ended at once");
            }
            RunNetwork.addVirtualEthernet(address, networkNamespace(processId, ownProcesses));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a container was connected", e);
        }
    }

    /** {@link System#nanoTime} just before the request that creates the container. */
    long createdNanos() {
        return createdNanos;
    }

    /** The container's first process, or 0 if it cannot be seen from here. */
    long visibleProcessId() {
        return ownProcesses ? processId : 0;
    }

    /** Of the container whose first process has this id in the daemon's process namespace. */
    static Path networkNamespace(long processId, boolean ownProcesses) {
        Path processes = ownProcesses ? Path.of("/proc") : NamespaceLauncher.machineProcesses();
        return processes.resolve(processId + "/ns/net");
    }

    private static void append(Path console, OutputFrame frame) {
        byte[] bytes = frame.getBytes();
        if (bytes == null) {
            return;
        }
        try {
            Files.write(console, bytes, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class NoStartupCheck extends StartupCheckStrategy {
        @Override
        public StartupStatus checkStartupState(com.github.dockerjava.api.DockerClient client, String container) {
            return StartupStatus.SUCCESSFUL;
        }
    }

    private static final class NoWait extends AbstractWaitStrategy {
        @Override
        protected void waitUntilReady() {
            // Callers ask the server itself.
        }
    }
}

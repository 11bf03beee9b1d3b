// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.HostConfig;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.unimark.baselines.Instance;
import org.unimark.baselines.Stopped;
import org.unimark.baselines.counter.InstructionCounter;
import org.unimark.baselines.net.NamespaceLauncher;
import org.unimark.baselines.net.RunNetwork;
import org.unimark.baselines.net.SystemAddress;
import org.unimark.baselines.server.ContainerImage;

/** A container as {@code docker create} leaves it: with its file system, and without processes or a network. */
final class StoppedContainer implements Stopped {
    private static final int TAIL_LINES = 20;

    private final DockerClient client;
    private final SystemAddress address;
    private final int port;
    private final boolean ownProcesses;
    private final String container;

    /**
     * Creates it, as {@link AttachedContainer} would.
     *
     * @param ownProcesses whether process ids that the daemon reports are valid in the run's process namespace
     */
    StoppedContainer(
            DockerClient client,
            String reference,
            ContainerImage image,
            SystemAddress address,
            int port,
            long memoryBytes,
            boolean ownProcesses) {
        this.client = client;
        this.address = address;
        this.port = port;
        this.ownProcesses = ownProcesses;
        container = client.createContainerCmd(reference)
                .withHostConfig(
                        HostConfig.newHostConfig().withNetworkMode("none").withMemory(memoryBytes))
                .withLabels(Map.of("unimark.run", NamespaceLauncher.runIdentifier()))
                .withCmd(image.command())
                .withUser(Integer.toString(image.user()))
                .exec()
                .getId();
    }

    @Override
    public Instance start() throws IOException, InterruptedException {
        long startedNanos = System.nanoTime();
        client.startContainerCmd(container).exec();
        Life life = new Life(startedNanos);
        try {
            life.connect();
            return life;
        } catch (IOException | InterruptedException | RuntimeException e) {
            life.close();
            throw e;
        }
    }

    @Override
    public void close() {
        client.removeContainerCmd(container).withForce(true).exec();
    }

    /** From one start to the next stop. */
    private final class Life implements Instance {
        private final long startedNanos;
        private final long processId;
        private boolean closed;

        Life(long startedNanos) {
            this.startedNanos = startedNanos;
            Long process = state().getPidLong();
            this.processId = process == null ? 0 : process;
        }

        private InspectContainerResponse.ContainerState state() {
            return client.inspectContainerCmd(container).exec().getState();
        }

        void connect() throws IOException, InterruptedException {
            if (processId == 0) {
                throw new IOException("the container ended at once: " + consoleTail());
            }
            RunNetwork.addVirtualEthernet(address, AttachedContainer.networkNamespace(processId, ownProcesses));
        }

        @Override
        public InetSocketAddress address() {
            return address.socket(port);
        }

        @Override
        public long launchedNanos() {
            return startedNanos;
        }

        @Override
        public boolean isAlive() {
            return !closed && Boolean.TRUE.equals(state().getRunning());
        }

        @Override
        public String consoleTail() {
            StringBuilder text = new StringBuilder();
            ResultCallback.Adapter<Frame> lines = new ResultCallback.Adapter<>() {
                @Override
                public void onNext(Frame frame) {
                    text.append(new String(frame.getPayload(), StandardCharsets.UTF_8));
                }
            };
            try {
                client.logContainerCmd(container)
                        .withStdOut(true)
                        .withStdErr(true)
                        .withTail(TAIL_LINES)
                        .exec(lines)
                        .awaitCompletion();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return text.toString();
        }

        @Override
        public InstructionCounter counter() {
            return null;
        }

        @Override
        public long[] processIds() {
            return DockerInstance.withDescendants(ownProcesses ? processId : 0);
        }

        /** Stops the container and leaves it there. */
        @Override
        public void close() {
            if (closed) {
                return;
            }
            closed = true;
            try {
                client.killContainerCmd(container).exec();
            } catch (ConflictException ended) {
                // It stopped by itself.
            }
            client.waitContainerCmd(container).start().awaitStatusCode();
            DockerInstance.disconnect(address);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.NotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.Map;
import org.testcontainers.DockerClientFactory;
import org.unimark.baselines.Instance;
import org.unimark.baselines.Service;
import org.unimark.baselines.Stopped;
import org.unimark.baselines.SystemUnderTest;
import org.unimark.baselines.files.Digests;
import org.unimark.baselines.net.NamespaceLauncher;
import org.unimark.baselines.net.SystemAddress;
import org.unimark.baselines.server.ContainerImage;
import org.unimark.baselines.server.ServerImage;

/** A server in a Docker container on the host. */
public final class DockerSystem implements SystemUnderTest {
    private static final int DEFAULT_MEMORY_MIB = 256;

    private final ServerImage server;
    private final SystemAddress address;
    private final boolean mayStartDaemon;
    private ContainerImage image;
    private byte[] archive;
    private String reference;

    public DockerSystem(ServerImage server, SystemAddress address, boolean mayStartDaemon) {
        this.server = server;
        this.address = address;
        this.mayStartDaemon = mayStartDaemon;
    }

    @Override
    public String name() {
        return "docker-" + server.name();
    }

    @Override
    public String application() {
        return server.service().application();
    }

    @Override
    public String unavailable() {
        String reason = server.unavailable();
        return reason != null ? reason : DockerDaemon.unavailable(mayStartDaemon);
    }

    /** Builds the image's archive; inside the run's namespaces it is imported, too. */
    @Override
    public void prepare() throws IOException, InterruptedException {
        if (image == null) {
            image = server.build();
            archive = image.archive();
        }
        if (NamespaceLauncher.isInside() && reference == null) {
            DockerDaemon daemon = DockerDaemon.ensure(mayStartDaemon);
            // The run is part of the name, so that what is left of a run that was killed can be found and removed.
            String tag = Digests.sha256(archive).substring(0, 16);
            String name = NamespaceLauncher.runIdentifier() + "/" + server.name() + ":" + tag;
            DockerSocket.importImage(daemon.socket(), name, archive);
            reference = name;
        }
    }

    @Override
    public SystemUnderTest another(Service service, int host) {
        DockerSystem system = new DockerSystem(
                server.offering(service), host == 0 ? address : new SystemAddress(host), mayStartDaemon);
        if (service.equals(server.service())) {
            system.image = image;
            system.archive = archive;
            system.reference = reference;
        }
        return system;
    }

    @Override
    public Instance start(StartOptions options) throws IOException, InterruptedException {
        DockerDaemon daemon = ready();
        Files.write(options.consoleLog(), new byte[0]);
        int memoryMib = memoryMib(options);
        AttachedContainer container =
                new AttachedContainer(reference, image, address, memoryMib, options.consoleLog(), daemon.isPrivate());
        DockerInstance instance =
                new DockerInstance(container, address, server.service().port(), options.consoleLog());
        try {
            container.start();
        } catch (RuntimeException e) {
            instance.close();
            throw new IOException("the container of " + name() + " does not start: " + rootMessage(e), e);
        }
        return instance;
    }

    @Override
    public Stopped stopped(StartOptions options) throws IOException, InterruptedException {
        DockerDaemon daemon = ready();
        return new StoppedContainer(
                client(),
                reference,
                image,
                address,
                server.service().port(),
                memoryMib(options) * AttachedContainer.MEBIBYTE,
                daemon.isPrivate());
    }

    private DockerDaemon ready() throws IOException, InterruptedException {
        prepare();
        DockerDaemon daemon = DockerDaemon.ensure(mayStartDaemon);
        // Testcontainers would look for a missing image in registries, for minutes.
        if (!isPresent(reference)) {
            throw new IOException("the image " + reference + " is gone from the Docker daemon");
        }
        return daemon;
    }

    private static int memoryMib(StartOptions options) {
        return options.memoryMib() == 0 ? DEFAULT_MEMORY_MIB : options.memoryMib();
    }

    @Override
    public Footprint footprint() throws IOException {
        if (image == null) {
            throw new IllegalStateException("prepare comes first");
        }
        Map<String, Long> parts = new LinkedHashMap<>();
        parts.put("kernel of the host, in memory", HostKernel.bytes());
        parts.put("server and its libraries", image.executableBytes());
        long executed = parts.values().stream().mapToLong(Long::longValue).sum();
        return new Footprint(archive.length, executed, parts, Map.of("container.tar", Digests.sha256(archive)));
    }

    @Override
    public boolean countsInstructions() {
        return false;
    }

    private static boolean isPresent(String reference) {
        try {
            client().inspectImageCmd(reference).exec();
            return true;
        } catch (NotFoundException e) {
            return false;
        }
    }

    private static DockerClient client() {
        return DockerClientFactory.instance().client();
    }

    private static String rootMessage(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage());
    }
}

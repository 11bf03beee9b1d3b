// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines.catalogue;

import java.util.ArrayList;
import java.util.List;
import org.unimark.baselines.Cache;
import org.unimark.baselines.HttpSite;
import org.unimark.baselines.KvStore;
import org.unimark.baselines.Service;
import org.unimark.baselines.SqlBatch;
import org.unimark.baselines.SqlServer;
import org.unimark.baselines.SystemUnderTest;
import org.unimark.baselines.debian.PackageStore;
import org.unimark.baselines.docker.DockerSystem;
import org.unimark.baselines.guest.GuestSystem;
import org.unimark.baselines.hypervisor.Hypervisor;
import org.unimark.baselines.keel.KeelSystem;
import org.unimark.baselines.net.SystemAddress;
import org.unimark.baselines.server.NginxImage;
import org.unimark.baselines.server.PostgresImage;
import org.unimark.baselines.server.RedisImage;
import org.unimark.baselines.server.SameImage;
import org.unimark.baselines.server.ServerImage;
import org.unimark.baselines.server.SqliteImage;
import org.unimark.builder.qemu.Machine;

/** All systems under test, each with an address of its own; a new system is one line here. */
public final class Systems {
    private Systems() {}

    /**
     * The systems that offer {@code service}, the unikernel first.
     *
     * @param accelerator of the hypervisor: {@code tcg} or {@code kvm}
     * @param mayStartDocker whether a Docker daemon may be started for the run if none answers
     */
    public static List<SystemUnderTest> of(Service service, String accelerator, boolean mayStartDocker) {
        Hypervisor hypervisor = new Hypervisor(accelerator);
        PackageStore packages = new PackageStore(Cache.directory("packages"));
        List<SystemUnderTest> systems = new ArrayList<>();
        systems.add(new KeelSystem(service, hypervisor, Machine.Q35, new SystemAddress(10)));
        systems.add(new KeelSystem(service, hypervisor, Machine.MICROVM, new SystemAddress(11)));
        List<ServerImage> servers = new ArrayList<>();
        servers.add(new SameImage(service));
        servers.addAll(offTheShelf(service, packages));
        int host = 12;
        for (ServerImage server : servers) {
            systems.add(new GuestSystem(packages, server, hypervisor, new SystemAddress(host++)));
        }
        // Containers on the host have no disk of their own: what they keep would be on whatever Docker uses.
        if (service.port() != 0 && service.diskMebibytes() == 0) {
            for (ServerImage server : servers) {
                systems.add(new DockerSystem(server, new SystemAddress(host++), mayStartDocker));
            }
        }
        return List.copyOf(systems);
    }

    private static List<ServerImage> offTheShelf(Service service, PackageStore packages) {
        if (service instanceof HttpSite site) {
            return List.of(new NginxImage(packages, site));
        }
        if (service instanceof KvStore store) {
            return List.of(new RedisImage(packages, store));
        }
        if (service instanceof SqlBatch batch && batch.isForProgram()) {
            return List.of(new SqliteImage(packages, batch));
        }
        if (service instanceof SqlServer server && server.diskMebibytes() > 0) {
            return List.of(new PostgresImage(packages, server));
        }
        return List.of();
    }
}

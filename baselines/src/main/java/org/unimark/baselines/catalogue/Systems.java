// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines.catalogue;

import java.util.List;
import org.unimark.baselines.Cache;
import org.unimark.baselines.HttpSite;
import org.unimark.baselines.SystemUnderTest;
import org.unimark.baselines.debian.PackageStore;
import org.unimark.baselines.docker.DockerSystem;
import org.unimark.baselines.guest.GuestSystem;
import org.unimark.baselines.hypervisor.Hypervisor;
import org.unimark.baselines.keel.KeelSystem;
import org.unimark.baselines.net.SystemAddress;
import org.unimark.baselines.server.NginxImage;
import org.unimark.baselines.server.SameImage;
import org.unimark.baselines.server.ServerImage;
import org.unimark.builder.qemu.Machine;

/** All systems under test, each with an address of its own; a new system is one line here. */
public final class Systems {
    private Systems() {}

    /**
     * The systems that serve {@code site}, the unikernel first.
     *
     * @param accelerator of the hypervisor: {@code tcg} or {@code kvm}
     * @param mayStartDocker whether a Docker daemon may be started for the run if none answers
     */
    public static List<SystemUnderTest> http(HttpSite site, String accelerator, boolean mayStartDocker) {
        Hypervisor hypervisor = new Hypervisor(accelerator);
        PackageStore packages = new PackageStore(Cache.directory("packages"));
        ServerImage same = new SameImage(site);
        ServerImage nginx = new NginxImage(packages, site);
        return List.of(
                new KeelSystem(site, hypervisor, Machine.Q35, new SystemAddress(10)),
                new KeelSystem(site, hypervisor, Machine.MICROVM, new SystemAddress(11)),
                new GuestSystem(packages, same, hypervisor, new SystemAddress(12)),
                new GuestSystem(packages, nginx, hypervisor, new SystemAddress(13)),
                new DockerSystem(same, new SystemAddress(14), mayStartDocker),
                new DockerSystem(nginx, new SystemAddress(15), mayStartDocker));
    }
}

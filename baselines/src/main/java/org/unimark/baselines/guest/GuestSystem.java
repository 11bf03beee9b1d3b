// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines.guest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.unimark.baselines.Cache;
import org.unimark.baselines.Instance;
import org.unimark.baselines.Service;
import org.unimark.baselines.SystemUnderTest;
import org.unimark.baselines.code.CodeInventory;
import org.unimark.baselines.code.LinuxCode;
import org.unimark.baselines.debian.PackageStore;
import org.unimark.baselines.hypervisor.Hypervisor;
import org.unimark.baselines.net.NamespaceLauncher;
import org.unimark.baselines.net.SystemAddress;
import org.unimark.baselines.server.ContainerImage;
import org.unimark.baselines.server.ServerImage;
import org.unimark.builder.qemu.Machine;

/**
 * A server in a container in a Linux guest. Variant {@code mitigations=off} turns the kernel's mitigations of processor
 * errors off; otherwise they are as the distribution has them.
 */
public final class GuestSystem implements SystemUnderTest {
    /** Where QEMU's loader enters a compressed kernel: its 16-bit setup code (Documentation/arch/x86/boot.rst). */
    private static final long SETUP_ENTRY = 0x10200;

    private final PackageStore store;
    private final ServerImage server;
    private final Hypervisor hypervisor;
    private final SystemAddress address;
    private ContainerImage container;
    private GuestImage image;

    public GuestSystem(PackageStore store, ServerImage server, Hypervisor hypervisor, SystemAddress address) {
        this.store = store;
        this.server = server;
        this.hypervisor = hypervisor;
        this.address = address;
    }

    @Override
    public String name() {
        return "guest-" + server.name();
    }

    @Override
    public String application() {
        return server.service().application();
    }

    @Override
    public String unavailable() {
        String reason = Hypervisor.unavailable();
        if (reason == null) {
            reason = PackageStore.unavailable();
        }
        if (reason == null && server.service().diskMebibytes() > 0) {
            reason = DataDisk.unavailable();
        }
        return reason != null ? reason : server.unavailable();
    }

    @Override
    public void prepare() throws IOException, InterruptedException {
        if (image == null) {
            container = server.build();
            image = GuestImage.build(store, container, server.service().diskMebibytes() > 0, Cache.directory("guests"));
        }
    }

    @Override
    public SystemUnderTest another(Service service, int host) {
        GuestSystem system = new GuestSystem(
                store, server.offering(service), hypervisor, host == 0 ? address : new SystemAddress(host));
        if (service.equals(server.service())) {
            system.container = container;
            system.image = image;
        }
        return system;
    }

    @Override
    public Instance start(StartOptions options) throws IOException, InterruptedException {
        prepare();
        Hypervisor.Payload payload = new Hypervisor.Payload(
                Machine.Q35,
                "",
                image.kernel(),
                image.initialFiles(),
                commandLine(options.variant()),
                SETUP_ENTRY,
                disk());
        return hypervisor.start(payload, address, server.service().port(), options);
    }

    @Override
    public Footprint footprint() throws IOException {
        if (image == null) {
            throw new IllegalStateException("prepare comes first");
        }
        return image.footprint();
    }

    @Override
    public CodeInventory code() throws IOException, InterruptedException {
        CodeInventory code = LinuxCode.of(
                image.kernel(),
                image.initialFiles(),
                Files.readAllLines(image.manifest()),
                ContainerBundle.allowedSystemCalls().size());
        Path withSymbols = server.withSymbols();
        // The kernel and the guest's tools come without a table of lines: this is not a number of the whole system.
        return withSymbols == null ? code : code.withLines("source_lines_of_server", withSymbols);
    }

    @Override
    public boolean countsInstructions() {
        return hypervisor.countsInstructions();
    }

    private Path disk() throws IOException, InterruptedException {
        int mebibytes = server.service().diskMebibytes();
        return mebibytes == 0 ? null : DataDisk.create(NamespaceLauncher.runDirectory(), mebibytes, container);
    }

    private String commandLine(Map<String, String> variant) {
        // A panic reboots at once, which ends the hypervisor: a broken guest is seen without waiting for a deadline.
        // no_timer_check, tsc=reliable: on a busy machine emulated timers are late, and Linux would take them for
        // broken, or the cycle counter, and read its clock from a device from then on, which is an exit each time.
        String line =
                "console=ttyS0 quiet no_timer_check tsc=reliable panic=-1 unimark.address=" + address.ipWithPrefix()
                        + " unimark.gateway=" + SystemAddress.GATEWAY + " unimark.owner=" + container.user();
        String mitigations = variant.get("mitigations");
        return mitigations == null ? line : line + " mitigations=" + mitigations;
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines.keel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.unimark.baselines.Cache;
import org.unimark.baselines.Instance;
import org.unimark.baselines.Service;
import org.unimark.baselines.SystemUnderTest;
import org.unimark.baselines.code.CodeInventory;
import org.unimark.baselines.code.KeelCode;
import org.unimark.baselines.files.Digests;
import org.unimark.baselines.files.ElfFile;
import org.unimark.baselines.hypervisor.Hypervisor;
import org.unimark.baselines.net.NamespaceLauncher;
import org.unimark.baselines.net.SystemAddress;
import org.unimark.baselines.server.ApplicationBuild;
import org.unimark.baselines.server.KeelDisk;
import org.unimark.builder.BuildException;
import org.unimark.builder.BuiltImage;
import org.unimark.builder.Target;
import org.unimark.builder.qemu.Machine;

/** One of Keel's applications as a bootable image. */
public final class KeelSystem implements SystemUnderTest {
    private final Service service;
    private final Hypervisor hypervisor;
    private final Machine machine;
    private final SystemAddress address;
    private BuiltImage image;
    private long entryAddress;

    public KeelSystem(Service service, Hypervisor hypervisor, Machine machine, SystemAddress address) {
        this.service = service;
        this.hypervisor = hypervisor;
        this.machine = machine;
        this.address = address;
    }

    @Override
    public String name() {
        return machine == Machine.Q35 ? "keel" : "keel-microvm";
    }

    @Override
    public String application() {
        return service.application();
    }

    @Override
    public String unavailable() {
        String reason = Hypervisor.unavailable();
        return reason != null ? reason : ApplicationBuild.unavailable(service);
    }

    @Override
    public void prepare() throws IOException, InterruptedException {
        if (image != null) {
            return;
        }
        try {
            image = ApplicationBuild.of(service, Target.IMAGE, Cache.directory("builds"));
        } catch (BuildException e) {
            throw new IOException("the unikernel cannot be built: " + e.getMessage(), e);
        }
        entryAddress = ElfFile.of(Files.readAllBytes(image.elf())).entryAddress();
    }

    @Override
    public SystemUnderTest another(Service other, int host) {
        KeelSystem system = new KeelSystem(other, hypervisor, machine, host == 0 ? address : new SystemAddress(host));
        if (other.equals(service)) {
            system.image = image;
            system.entryAddress = entryAddress;
        }
        return system;
    }

    @Override
    public Instance start(StartOptions options) throws IOException, InterruptedException {
        prepare();
        Hypervisor.Payload payload = new Hypervisor.Payload(
                machine,
                "",
                image.elf(),
                null,
                "keel.ip=" + address.ipWithPrefix() + " keel.gateway=" + SystemAddress.GATEWAY,
                entryAddress,
                disk());
        return hypervisor.start(payload, address, service.port(), options);
    }

    private Path disk() throws IOException, InterruptedException {
        return service.diskMebibytes() == 0
                ? null
                : KeelDisk.create(NamespaceLauncher.runDirectory(), service.diskMebibytes());
    }

    /** The image is all that is deployed and, unpacked as it is in memory, all that is executed. */
    @Override
    public Footprint footprint() throws IOException {
        if (image == null) {
            throw new IllegalStateException("prepare comes first");
        }
        byte[] content = Files.readAllBytes(image.elf());
        return new Footprint(
                content.length,
                KeelCode.unpackedBytes(Files.readAllBytes(image.elfWithSymbols())),
                Map.of("image", (long) content.length),
                Map.of(image.elf().getFileName().toString(), Digests.sha256(content)));
    }

    @Override
    public CodeInventory code() throws IOException, InterruptedException {
        return KeelCode.of(image.elfWithSymbols(), image.elf());
    }

    @Override
    public boolean countsInstructions() {
        return hypervisor.countsInstructions();
    }
}

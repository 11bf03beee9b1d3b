// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines.keel;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import org.unimark.baselines.Cache;
import org.unimark.baselines.HttpSite;
import org.unimark.baselines.Instance;
import org.unimark.baselines.SystemUnderTest;
import org.unimark.baselines.code.CodeInventory;
import org.unimark.baselines.code.KeelCode;
import org.unimark.baselines.files.Digests;
import org.unimark.baselines.files.ElfFile;
import org.unimark.baselines.hypervisor.Hypervisor;
import org.unimark.baselines.net.SystemAddress;
import org.unimark.baselines.server.HttpBuild;
import org.unimark.baselines.server.ServerImage;
import org.unimark.builder.BuildException;
import org.unimark.builder.BuiltImage;
import org.unimark.builder.Target;
import org.unimark.builder.qemu.Machine;

/** Keel's HTTP application as a bootable image. */
public final class KeelSystem implements SystemUnderTest {
    private final HttpSite site;
    private final Hypervisor hypervisor;
    private final Machine machine;
    private final SystemAddress address;
    private BuiltImage image;
    private long entryAddress;

    public KeelSystem(HttpSite site, Hypervisor hypervisor, Machine machine, SystemAddress address) {
        this.site = site;
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
        return "http";
    }

    @Override
    public String unavailable() {
        String reason = Hypervisor.unavailable();
        return reason != null ? reason : HttpBuild.unavailable();
    }

    @Override
    public void prepare() throws IOException, InterruptedException {
        if (image != null) {
            return;
        }
        try {
            image = HttpBuild.of(site, Target.IMAGE, Cache.directory("builds"));
        } catch (BuildException e) {
            throw new IOException("the unikernel cannot be built: " + e.getMessage(), e);
        }
        entryAddress = ElfFile.of(Files.readAllBytes(image.elf())).entryAddress();
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
                entryAddress);
        return hypervisor.start(payload, address, ServerImage.PORT, options);
    }

    /** The image is all that is deployed, and all that is executed. */
    @Override
    public Footprint footprint() throws IOException {
        if (image == null) {
            throw new IllegalStateException("prepare comes first");
        }
        byte[] content = Files.readAllBytes(image.elf());
        return new Footprint(
                content.length,
                content.length,
                Map.of("image", (long) content.length),
                Map.of(image.elf().getFileName().toString(), Digests.sha256(content)));
    }

    @Override
    public CodeInventory code() throws IOException {
        return KeelCode.of(Files.readAllBytes(image.elfWithSymbols()), Files.readAllBytes(image.elf()));
    }

    @Override
    public boolean countsInstructions() {
        return hypervisor.countsInstructions();
    }
}

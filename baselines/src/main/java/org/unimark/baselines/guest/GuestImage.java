// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines.guest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.unimark.baselines.SystemUnderTest.Footprint;
import org.unimark.baselines.debian.LinuxKernel;
import org.unimark.baselines.debian.Package;
import org.unimark.baselines.debian.PackageFiles;
import org.unimark.baselines.debian.PackageStore;
import org.unimark.baselines.files.CpioArchive;
import org.unimark.baselines.files.Digests;
import org.unimark.baselines.files.FileTree;
import org.unimark.baselines.server.ContainerImage;

/**
 * What a Linux guest boots: kernel and initial root file system, the latter with busybox, the modules of the network
 * card, the OCI runtime crun and one container. Not compressed: under emulation, decompressing costs more time than
 * loading the larger file, and on hardware the two are equal.
 *
 * @param kernel as the distribution ships it
 * @param initialFiles cpio archive
 * @param manifest text that lists the packages with versions and digests
 * @param footprint of the whole
 */
record GuestImage(Path kernel, Path initialFiles, Path manifest, Footprint footprint) {
    private static final List<String> MODULES = List.of("virtio_pci", "virtio_net");
    /** The file system asks for its checksum by an alias that only modprobe resolves. */
    private static final List<String> MODULES_WITH_DISK =
            List.of("virtio_pci", "virtio_net", "virtio_blk", "crc32c_generic", "ext4");

    /** Builds it; the files lie in {@code directory}, under names that are digests of what is in them. */
    static GuestImage build(PackageStore store, ContainerImage container, boolean hasDisk, Path directory)
            throws IOException, InterruptedException {
        LinuxKernel kernel = LinuxKernel.fetch(store);
        PackageFiles runtime =
                new PackageFiles(store.fetch(List.of("crun", "busybox-static"), name -> name.startsWith("lib")));
        Map<String, byte[]> modules = kernel.modules(hasDisk ? MODULES_WITH_DISK : MODULES);
        FileTree system = system(runtime, modules, container.hasData());
        FileTree root = new FileTree().add("", system).add("container", ContainerBundle.of(container));
        byte[] archive = CpioArchive.of(root);

        Set<Package> packages = new LinkedHashSet<>(kernel.packages());
        packages.addAll(runtime.used());
        packages.addAll(container.packages());
        byte[] manifest = manifest(packages).getBytes(StandardCharsets.UTF_8);
        String name = container.name() + "-" + Digests.sha256(archive).substring(0, 16);
        return new GuestImage(
                kernel.image(),
                writeUnlessThere(directory.resolve(name + ".cpio"), archive),
                writeUnlessThere(directory.resolve(name + ".packages"), manifest),
                footprint(kernel, modules, system, container, archive));
    }

    private static FileTree system(PackageFiles runtime, Map<String, byte[]> modules, boolean hasData)
            throws IOException {
        FileTree tree = new FileTree();
        tree.executable("bin/busybox", runtime.read(runtime.programPath("busybox")));
        runtime.addProgram(tree, "usr/bin/crun", "crun");
        tree.executable("init", ContainerBundle.resource("init").getBytes(StandardCharsets.UTF_8));
        int order = 10;
        for (Map.Entry<String, byte[]> module : modules.entrySet()) {
            tree.file("lib/modules/" + order++ + "-" + module.getKey() + ".ko", module.getValue(), 0644);
        }
        for (String mountPoint : List.of("dev", "proc", "sys", "run/root", "tmp")) {
            tree.directory(mountPoint);
        }
        if (hasData) {
            tree.directory(ContainerImage.DATA);
        }
        return tree;
    }

    private static Footprint footprint(
            LinuxKernel kernel,
            Map<String, byte[]> modules,
            FileTree system,
            ContainerImage container,
            byte[] initialFiles)
            throws IOException {
        long moduleBytes =
                modules.values().stream().mapToLong(module -> module.length).sum();
        byte[] deployed = container.archive();
        Map<String, Long> parts = new LinkedHashMap<>();
        parts.put("kernel", kernel.decompressedBytes());
        parts.put("kernel modules", moduleBytes);
        // Modules are ELF files, too.
        parts.put("container runtime and tools", ContainerImage.executableBytes(system) - moduleBytes);
        parts.put("server and its libraries", container.executableBytes());
        long executed = parts.values().stream().mapToLong(Long::longValue).sum();
        parts.put("kernel as shipped, compressed", Files.size(kernel.image()));
        parts.put("initial root file system", (long) initialFiles.length);
        Map<String, String> digests = new LinkedHashMap<>();
        digests.put("vmlinuz", Digests.sha256(Files.readAllBytes(kernel.image())));
        digests.put("initial-files.cpio", Digests.sha256(initialFiles));
        digests.put("container.tar", Digests.sha256(deployed));
        return new Footprint(deployed.length, executed, parts, digests);
    }

    private static String manifest(Set<Package> packages) {
        StringBuilder lines = new StringBuilder();
        packages.stream()
                .sorted(Comparator.comparing(Package::name))
                .forEach(one -> lines.append(one.name())
                        .append(' ')
                        .append(one.version())
                        .append(" sha256:")
                        .append(one.sha256())
                        .append('\n'));
        return lines.toString();
    }

    private static Path writeUnlessThere(Path file, byte[] content) throws IOException {
        return Files.exists(file) ? file : Digests.writeAtomically(file, content);
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.unimark.baselines.Cache;
import org.unimark.baselines.Service;
import org.unimark.baselines.files.FileTree;
import org.unimark.builder.BuildException;
import org.unimark.builder.BuiltImage;
import org.unimark.builder.Target;

/**
 * The application that the unikernel runs, from the same sources, compilers, flags, content and configuration, as a
 * static Linux program: an image of one file.
 */
public final class SameImage implements ServerImage {
    private final Service service;

    public SameImage(Service service) {
        this.service = service;
    }

    @Override
    public String name() {
        return "same";
    }

    @Override
    public Service service() {
        return service;
    }

    @Override
    public ServerImage offering(Service other) {
        return new SameImage(other);
    }

    @Override
    public String unavailable() {
        return ApplicationBuild.unavailable(service);
    }

    @Override
    public ContainerImage build() throws IOException, InterruptedException {
        FileTree root =
                new FileTree().executable("server", Files.readAllBytes(program().elf()));
        for (String mountPoint : List.of("dev", "proc", "sys")) {
            root.directory(mountPoint);
        }
        List<String> command = new ArrayList<>(List.of("/server"));
        Path data = null;
        if (service.diskMebibytes() > 0) {
            root.directory(ContainerImage.DATA);
        }
        if (service.diskMebibytes() > 0 && !service.usesFilesOfLinux()) {
            command.add("keel.disk=" + KeelDisk.CONTAINER_PATH);
            // Half of the file system, which has a journal and tables of its own.
            data = KeelDisk.containerData(service.diskMebibytes() / 2);
        }
        return new ContainerImage(name(), root, command, List.of(), 0, data);
    }

    @Override
    public Path withSymbols() throws IOException {
        return program().elfWithSymbols();
    }

    private BuiltImage program() throws IOException {
        try {
            return ApplicationBuild.of(service, Target.LINUX, Cache.directory("builds"));
        } catch (BuildException e) {
            throw new IOException("the identical application cannot be built: " + e.getMessage(), e);
        }
    }
}

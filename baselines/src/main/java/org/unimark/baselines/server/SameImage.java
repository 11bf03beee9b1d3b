// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines.server;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.unimark.baselines.Cache;
import org.unimark.baselines.HttpSite;
import org.unimark.baselines.files.FileTree;
import org.unimark.builder.BuildException;
import org.unimark.builder.BuiltImage;
import org.unimark.builder.Target;

/**
 * The application that the unikernel runs, from the same sources, compilers, flags, content and configuration, as a
 * static Linux program: an image of one file.
 */
public final class SameImage implements ServerImage {
    private final HttpSite site;

    public SameImage(HttpSite site) {
        this.site = site;
    }

    @Override
    public String name() {
        return "same";
    }

    @Override
    public String unavailable() {
        return HttpBuild.unavailable();
    }

    @Override
    public ContainerImage build() throws IOException, InterruptedException {
        try {
            BuiltImage built = HttpBuild.of(site, Target.LINUX, Cache.directory("builds"));
            FileTree root = new FileTree().executable("server", Files.readAllBytes(built.elf()));
            for (String mountPoint : List.of("dev", "proc", "sys")) {
                root.directory(mountPoint);
            }
            return new ContainerImage(name(), root, List.of("/server"), List.of());
        } catch (BuildException e) {
            throw new IOException("the identical application cannot be built: " + e.getMessage(), e);
        }
    }
}

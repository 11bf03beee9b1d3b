// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines.server;

import java.io.IOException;
import java.util.List;
import org.unimark.baselines.HttpSite;
import org.unimark.baselines.Service;
import org.unimark.baselines.debian.Package;
import org.unimark.baselines.debian.PackageFiles;
import org.unimark.baselines.debian.PackageStore;
import org.unimark.baselines.files.FileTree;

/**
 * The distribution's nginx, tuned as its users would (nginx.conf beside this class says how and why). Its image has the
 * server, the libraries it loads and the content, and no shell: smaller than what is usually deployed.
 */
public final class NginxImage implements ServerImage {
    private final PackageStore store;
    private final HttpSite site;

    public NginxImage(PackageStore store, HttpSite site) {
        this.store = store;
        this.site = site;
    }

    @Override
    public String name() {
        return "nginx";
    }

    @Override
    public Service service() {
        return site;
    }

    @Override
    public ServerImage offering(Service other) {
        return new NginxImage(store, (HttpSite) other);
    }

    @Override
    public String unavailable() {
        return AnnounceProgram.unavailableWithPackages();
    }

    @Override
    public ContainerImage build() throws IOException, InterruptedException {
        List<Package> packages = store.fetch(
                List.of("nginx", "nginx-common"), name -> name.startsWith("lib") || name.startsWith("zlib"));
        PackageFiles files = new PackageFiles(packages);
        FileTree root = new FileTree();
        files.addProgram(root, "usr/sbin/nginx", "nginx");
        root.file("etc/nginx/mime.types", files.read("etc/nginx/mime.types"), 0644);
        root.text("etc/nginx/nginx.conf", Resources.text("nginx.conf"));
        root.text(
                "etc/passwd",
                "root:x:0:0:root:/root:/sbin/nologin\nwww-data:x:33:33:www-data:/var/www:/sbin/nologin\n");
        root.text("etc/group", "root:x:0:\nwww-data:x:33:\n");
        for (String directory : List.of("var/lib/nginx", "var/log/nginx", "run", "dev", "proc", "sys")) {
            root.directory(directory);
        }
        root.directory("tmp", 01777);
        root.addFromDisk("srv/www", site.root());
        root.executable("announce", AnnounceProgram.binary());
        // The announcer is the container's init, as with Docker's --init, and knows when nginx listens.
        return ContainerImage.of(name(), root, List.of("/announce", "/usr/sbin/nginx"), files.used());
    }
}

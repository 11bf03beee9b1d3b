// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines.server;

import java.io.IOException;
import java.util.List;
import org.unimark.baselines.KvStore;
import org.unimark.baselines.Service;
import org.unimark.baselines.debian.Package;
import org.unimark.baselines.debian.PackageFiles;
import org.unimark.baselines.debian.PackageStore;
import org.unimark.baselines.files.FileTree;

/** The distribution's Redis, tuned as its users would (redis.conf beside this class), with the libraries it loads. */
public final class RedisImage implements ServerImage {
    private final PackageStore store;
    private final KvStore service;

    public RedisImage(PackageStore store, KvStore service) {
        this.store = store;
        this.service = service;
    }

    @Override
    public String name() {
        return "redis";
    }

    @Override
    public Service service() {
        return service;
    }

    @Override
    public ServerImage offering(Service other) {
        return new RedisImage(store, (KvStore) other);
    }

    @Override
    public String unavailable() {
        return AnnounceProgram.unavailableWithPackages();
    }

    @Override
    public ContainerImage build() throws IOException, InterruptedException {
        List<Package> packages = store.fetch(List.of("redis-server", "redis-tools"), name -> name.startsWith("lib"));
        PackageFiles files = new PackageFiles(packages);
        FileTree root = new FileTree();
        // One program under several names; Debian's redis-server is a link to this one.
        files.addProgram(root, "usr/bin/redis-server", "redis-check-rdb");
        root.text("etc/redis/redis.conf", Resources.text("redis.conf") + persistence());
        root.text("etc/passwd", "root:x:0:0:root:/root:/sbin/nologin\n");
        for (String directory : List.of(ContainerImage.DATA, "dev", "proc", "sys")) {
            root.directory(directory);
        }
        root.directory("tmp", 01777);
        root.executable("announce", AnnounceProgram.binary());
        List<String> command = List.of("/announce", "--notified", "/usr/bin/redis-server", "/etc/redis/redis.conf");
        return ContainerImage.of(name(), root, command, files.used());
    }

    private String persistence() {
        return switch (service.persistence()) {
            case OFF -> "appendonly no\n";
            case EVERYSEC -> "appendonly yes\nappendfsync everysec\n";
            case ALWAYS -> "appendonly yes\nappendfsync always\n";
        };
    }
}

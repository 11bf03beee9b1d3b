// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines.server;

import java.io.IOException;
import java.util.List;
import org.unimark.baselines.Service;
import org.unimark.baselines.SqlBatch;
import org.unimark.baselines.debian.Package;
import org.unimark.baselines.debian.PackageFiles;
import org.unimark.baselines.debian.PackageStore;
import org.unimark.baselines.files.FileTree;

/** The distribution's program {@code sqlite3} with the libraries it loads, and a script for it. */
public final class SqliteImage implements ServerImage {
    private static final String SCRIPT = "script.sql";

    private final PackageStore store;
    private final SqlBatch service;

    public SqliteImage(PackageStore store, SqlBatch service) {
        this.store = store;
        this.service = service;
    }

    @Override
    public String name() {
        return "sqlite3";
    }

    @Override
    public Service service() {
        return service;
    }

    @Override
    public ServerImage offering(Service other) {
        return new SqliteImage(store, (SqlBatch) other);
    }

    @Override
    public String unavailable() {
        return AnnounceProgram.unavailableWithPackages();
    }

    @Override
    public ContainerImage build() throws IOException, InterruptedException {
        List<Package> packages =
                store.fetch(List.of("sqlite3"), name -> name.startsWith("lib") || name.startsWith("zlib"));
        PackageFiles files = new PackageFiles(packages);
        FileTree root = new FileTree();
        files.addProgram(root, "usr/bin/sqlite3", "sqlite3");
        root.text("etc/passwd", "root:x:0:0:root:/root:/sbin/nologin\n");
        for (String directory : List.of("dev", "proc", "sys")) {
            root.directory(directory);
        }
        if (service.diskMebibytes() > 0) {
            root.directory(ContainerImage.DATA);
        }
        root.directory("tmp", 01777);
        root.text(SCRIPT, service.programScript());
        // The only command that the script gives to a shell is to pass a mark.
        root.executable("bin/sh", AnnounceProgram.marking());
        List<String> command =
                List.of("/usr/bin/sqlite3", "-batch", "-bail", service.place().file(), ".read /" + SCRIPT);
        return ContainerImage.of(name(), root, command, files.used());
    }
}

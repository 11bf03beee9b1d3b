// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines.server;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.unimark.baselines.Cache;
import org.unimark.baselines.Service;
import org.unimark.baselines.SqlServer;
import org.unimark.baselines.debian.Package;
import org.unimark.baselines.debian.PackageFiles;
import org.unimark.baselines.debian.PackageStore;
import org.unimark.baselines.files.FileTree;

/**
 * The distribution's PostgreSQL, tuned as its users would (postgresql.conf beside this class), with the libraries it loads and
 * the files that it reads while it runs. It keeps its data on the disk, where a new cluster was put before.
 */
public final class PostgresImage implements ServerImage {
    /** What neither a shell nor root may be: the server refuses to run as root. */
    private static final int USER = 999;

    private static final List<String> VERSIONS =
            List.of("postgresql-17", "postgresql-16", "postgresql-15", "postgresql-14");

    private final PackageStore store;
    private final SqlServer service;

    public PostgresImage(PackageStore store, SqlServer service) {
        this.store = store;
        this.service = service;
    }

    @Override
    public String name() {
        return "postgres";
    }

    @Override
    public Service service() {
        return service;
    }

    @Override
    public ServerImage offering(Service other) {
        return new PostgresImage(store, (SqlServer) other);
    }

    @Override
    public String unavailable() {
        return AnnounceProgram.unavailableWithPackages();
    }

    @Override
    public ContainerImage build() throws IOException, InterruptedException {
        String version = store.firstKnown(VERSIONS);
        // Just-in-time compilation is off; its compiler is larger than everything else together.
        List<Package> packages = store.fetch(
                List.of(version, "tzdata"),
                name -> name.startsWith("lib") && !name.startsWith("libllvm") || name.equals("zlib1g"));
        PackageFiles files = new PackageFiles(packages);
        String release = version.substring(version.indexOf('-') + 1);
        String programs = "usr/lib/postgresql/" + release + "/bin/";
        FileTree root = new FileTree();
        files.addProgramFrom(root, programs + "postgres", programs + "postgres");
        addLoaded(root, files, release);
        root.text("etc/postgresql/postgresql.conf", Resources.text("postgresql.conf"));
        root.text("etc/postgresql/pg_hba.conf", "host all all all trust\n");
        root.text(
                "etc/passwd",
                "root:x:0:0:root:/root:/sbin/nologin\npostgres:x:" + USER + ":" + USER + "::/:/sbin/nologin\n");
        for (String directory : List.of(ContainerImage.DATA, "dev", "proc", "sys")) {
            root.directory(directory);
        }
        root.directory("tmp", 01777);
        root.executable("announce", AnnounceProgram.binary());
        Path data = PostgresCluster.of(files, root, release, Cache.directory("clusters"));
        List<String> command = List.of(
                "/announce",
                "--notified",
                "/" + programs + "postgres",
                "-D",
                "/" + ContainerImage.DATA + "/" + PostgresCluster.DIRECTORY,
                "-c",
                "config_file=/etc/postgresql/postgresql.conf");
        return new ContainerImage(name(), root, command, files.used(), USER, data);
    }

    /** What the server opens by itself: time zones and text search by name, languages and encodings as libraries. */
    private static void addLoaded(FileTree root, PackageFiles files, String release) throws IOException {
        for (String path : files.below("usr/share/postgresql/" + release)) {
            if (path.contains("/timezonesets/") || path.contains("/tsearch_data/")) {
                root.file(path, files.read(path), 0644);
            }
        }
        for (String path : files.below("usr/share/zoneinfo")) {
            if (!path.contains("/right/") && !path.contains("/posix/")) {
                root.file(path, files.read(path), 0644);
            }
        }
        for (String library : List.of("plpgsql.so", "dict_snowball.so")) {
            String path = "usr/lib/postgresql/" + release + "/lib/" + library;
            files.addProgramFrom(root, path, path);
        }
    }
}

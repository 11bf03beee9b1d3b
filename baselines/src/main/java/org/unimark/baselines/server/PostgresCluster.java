// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.unimark.baselines.debian.PackageFiles;
import org.unimark.baselines.files.Digests;
import org.unimark.baselines.files.FileTree;
import org.unimark.baselines.process.Command;

/** A new cluster of PostgreSQL with the database that clients ask for, made once with the distribution's own {@code initdb}. */
final class PostgresCluster {
    /** Its place on the disk. */
    static final String DIRECTORY = "cluster";

    private static final int TIMEOUT_SECONDS = 300;
    private static final String USER = "65534";
    private static final String LIBRARIES = "lib/x86_64-linux-gnu";

    private PostgresCluster() {}

    /** A directory that has nothing but {@link #DIRECTORY}. */
    static Path of(PackageFiles files, FileTree image, String release, Path cache)
            throws IOException, InterruptedException {
        String programs = "usr/lib/postgresql/" + release + "/bin/";
        FileTree tree = new FileTree().add("", image);
        files.addProgramFrom(tree, programs + "initdb", programs + "initdb");
        for (String path : files.below("usr/share/postgresql/" + release)) {
            tree.file(path, files.read(path), 0644);
        }
        for (String path : files.below("usr/lib/postgresql/" + release + "/lib")) {
            if (!path.contains("llvm") && !path.contains("/pgxs/")) {
                tree.file(path, files.read(path), 0755);
            }
        }
        Path cluster = cache.resolve(release + "-"
                + Digests.sha256(files.read(programs + "postgres")).substring(0, 16));
        if (!Files.exists(cluster)) {
            make(tree, programs, cluster);
        }
        return cluster;
    }

    private static void make(FileTree tree, String programs, Path cluster) throws IOException, InterruptedException {
        Files.createDirectories(cluster.getParent());
        Path work = Files.createTempDirectory("unimark-cluster");
        try {
            Path root = work.resolve("root");
            write(tree, root);
            Path made = Files.createDirectory(work.resolve("made"));
            List<String> prefix =
                    new ArrayList<>(List.of("env", "LC_ALL=C", "LD_LIBRARY_PATH=" + root.resolve(LIBRARIES)));
            if (System.getProperty("user.name").equals("root")) {
                // It refuses to be root: in a namespace of its own it is somebody else, with root's right to files.
                prefix.addAll(0, List.of("unshare", "--user", "--map-user=" + USER, "--map-group=" + USER));
            }
            Path data = made.resolve(DIRECTORY);
            String bin = root.resolve(programs).toString();
            run(
                    prefix,
                    bin + "/initdb",
                    "-D",
                    data.toString(),
                    "-U",
                    "unimark",
                    "--auth=trust",
                    "--no-locale",
                    "-E",
                    "UTF8");
            String create = "echo 'CREATE DATABASE unimark' | " + Command.quoted(bin + "/postgres") + " --single -D "
                    + Command.quoted(data.toString()) + " postgres";
            run(prefix, "sh", "-c", create);
            Command.run(
                    "cp",
                    "-a",
                    made.toString(),
                    cluster.resolveSibling(cluster.getFileName() + ".part").toString());
            Files.move(cluster.resolveSibling(cluster.getFileName() + ".part"), cluster);
        } finally {
            Command.run("rm", "-rf", work.toString());
        }
    }

    private static void run(List<String> prefix, String... command) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(prefix);
        all.addAll(List.of(command));
        Command.run(null, TIMEOUT_SECONDS, all);
    }

    private static void write(FileTree tree, Path root) throws IOException {
        Files.createDirectories(root);
        for (Map.Entry<String, FileTree.Node> entry : tree.nodes().entrySet()) {
            Path path = root.resolve(entry.getKey());
            if (entry.getValue() instanceof FileTree.Directory) {
                Files.createDirectories(path);
            } else if (entry.getValue() instanceof FileTree.RegularFile file) {
                Files.write(path, file.content());
                if (!path.toFile().setExecutable((file.permissions() & 0111) != 0, false)) {
                    throw new IOException("cannot make " + path + " executable");
                }
            }
        }
    }
}

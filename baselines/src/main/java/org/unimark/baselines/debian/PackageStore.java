// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines.debian;

import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.unimark.baselines.process.Command;

/**
 * Packages on disk, unpacked once for each version. Nothing is installed: {@code apt-get download} verifies and fetches,
 * {@code dpkg-deb} unpacks, and neither needs root.
 */
public final class PackageStore {
    private static final int DOWNLOAD_TIMEOUT_SECONDS = 300;
    private static final int UNPACK_TIMEOUT_SECONDS = 120;

    private final Path directory;
    private final PackageIndex index;

    /** Keeps packages in {@code directory}, which other processes may use at the same time. */
    public PackageStore(Path directory) {
        this.directory = directory;
        this.index = new PackageIndex(directory);
    }

    /** Why no packages can be fetched on this machine, or null. */
    public static String unavailable() {
        for (String program : List.of("apt-get", "apt-cache", "dpkg-deb")) {
            if (!Command.exists(program)) {
                return "Linux guests and containers are made of Debian packages, and there is no " + program
                        + " here; use Debian or Ubuntu.";
            }
        }
        return null;
    }

    /** Returns the first of {@code names} that exists; throws if none does. */
    public String firstKnown(List<String> names) throws IOException, InterruptedException {
        index.load(names);
        for (String name : names) {
            if (index.find(name) != null) {
                return name;
            }
        }
        throw new IOException("apt knows none of the packages " + names + "; run 'apt-get update'");
    }

    /** The names that {@code package} depends on directly. */
    public List<String> dependencies(String name) throws IOException, InterruptedException {
        return PackageIndex.dependencies(stanza(name));
    }

    /** Fetches {@code names} and, as far as {@code followed} says, what they depend on. */
    public List<Package> fetch(List<String> names, Predicate<String> followed)
            throws IOException, InterruptedException {
        Set<String> closure = new LinkedHashSet<>(names);
        List<String> level = names;
        while (!level.isEmpty()) {
            index.load(level);
            List<String> next = new ArrayList<>();
            for (String name : level) {
                for (String dependency : PackageIndex.dependencies(stanza(name))) {
                    if (followed.test(dependency) && closure.add(dependency)) {
                        next.add(dependency);
                    }
                }
            }
            level = next;
        }
        List<Package> packages = new ArrayList<>();
        for (String name : closure.stream().sorted().toList()) {
            packages.add(fetch(name));
        }
        return packages;
    }

    private Package fetch(String name) throws IOException, InterruptedException {
        Map<String, String> stanza = stanza(name);
        String version = stanza.get("Version");
        String sha256 = stanza.getOrDefault("SHA256", "");
        if (sha256.length() != 64) {
            throw new IOException("apt's index has no SHA-256 of " + name + " " + version + "; run 'apt-get update'");
        }
        String key = name + "_" + version.replace(':', '_') + "_" + sha256.substring(0, 12);
        Path root = directory.resolve(key);
        if (!Files.isDirectory(root)) {
            unpack(name + "=" + version, root);
        }
        return new Package(name, version, sha256, root);
    }

    private void unpack(String nameAndVersion, Path root) throws IOException, InterruptedException {
        Files.createDirectories(directory);
        Path work = Files.createTempDirectory(directory, "fetch");
        try {
            // The sandbox user could not write to a directory below a home directory.
            Command.run(
                    work,
                    DOWNLOAD_TIMEOUT_SECONDS,
                    List.of("apt-get", "-q", "-o", "APT::Sandbox::User=root", "download", nameAndVersion));
            Path archive = onlyFile(work);
            Path unpacked = work.resolve("root");
            Command.run(
                    work, UNPACK_TIMEOUT_SECONDS, List.of("dpkg-deb", "-x", archive.toString(), unpacked.toString()));
            moveUnlessThere(unpacked, root);
        } finally {
            deleteRecursively(work);
        }
    }

    private static void moveUnlessThere(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            throw e;
        } catch (FileAlreadyExistsException e) {
            return;
        } catch (FileSystemException e) {
            // Another process was quicker: a directory that is not empty is not replaced.
            if (!Files.isDirectory(to)) {
                throw e;
            }
        }
    }

    private Map<String, String> stanza(String name) throws IOException, InterruptedException {
        Map<String, String> stanza = index.find(name);
        if (stanza == null) {
            throw new IOException("apt knows no package " + name + "; run 'apt-get update'");
        }
        return stanza;
    }

    private static Path onlyFile(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".deb"))
                    .findFirst()
                    .orElseThrow(() -> new IOException("apt-get downloaded nothing"));
        }
    }

    private static void deleteRecursively(Path directory) throws IOException {
        List<Path> paths;
        try (Stream<Path> walk = Files.walk(directory)) {
            paths = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : paths) {
            Files.deleteIfExists(path);
        }
    }
}

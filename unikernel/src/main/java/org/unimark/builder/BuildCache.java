// SPDX-License-Identifier: Apache-2.0
package org.unimark.builder;

import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Results of earlier builds, one directory a content hash. An entry appears by one rename, so that builds that run at
 * the same time never see half of one. The entries used longest ago are deleted when there are too many.
 */
final class BuildCache {
    static final String ELF = "image.elf";
    static final String ELF_WITH_SYMBOLS = "image.symbols.elf";
    static final String REPORT = "report.txt";

    private static final int MAXIMUM_IMAGES = 64;
    private static final int MAXIMUM_PROGRAMS = 16;
    private static final String PROGRAMS = ".programs";

    private final Path directory;
    /** A file that every entry has. */
    private final String witness;

    private final int maximumEntries;

    /** Fills an empty directory with the files of an entry. */
    interface Filler {
        void fill(Path directory) throws BuildException, IOException;
    }

    /** A finished build. */
    record Entry(Path directory) {
        Path elf() {
            return directory.resolve(ELF);
        }

        Path elfWithSymbols() {
            return directory.resolve(ELF_WITH_SYMBOLS);
        }

        Path report() {
            return directory.resolve(REPORT);
        }
    }

    private BuildCache(Path directory, String witness, int maximumEntries) {
        this.directory = directory;
        this.witness = witness;
        this.maximumEntries = maximumEntries;
    }

    /** Compiled programs, to which resources are linked. */
    static BuildCache ofPrograms() {
        return new BuildCache(standardDirectory().resolve(PROGRAMS), NativeToolchain.PROGRAM_OBJECT, MAXIMUM_PROGRAMS);
    }

    static BuildCache ofImages() {
        return new BuildCache(standardDirectory(), REPORT, MAXIMUM_IMAGES);
    }

    /** In the user's cache directory (XDG base directories), or where the property {@code unimark.cache} says. */
    private static Path standardDirectory() {
        String property = System.getProperty("unimark.cache");
        if (property != null) {
            return Path.of(property);
        }
        String xdg = System.getenv("XDG_CACHE_HOME");
        Path base = xdg == null || xdg.isEmpty() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(xdg);
        return base.resolve("unimark").resolve("images");
    }

    /** Returns null if there is no such entry. */
    Entry find(String hash) throws IOException {
        Entry entry = new Entry(directory.resolve(hash));
        if (!Files.exists(entry.directory().resolve(witness))) {
            return null;
        }
        Files.setLastModifiedTime(entry.directory(), FileTime.from(Instant.now()));
        return entry;
    }

    Entry store(String hash, Filler filler) throws BuildException, IOException {
        Files.createDirectories(directory);
        Path temporary = Files.createTempDirectory(directory, ".building-");
        Path target = directory.resolve(hash);
        try {
            filler.fill(temporary);
            try {
                Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
            } catch (AtomicMoveNotSupportedException unsupported) {
                throw unsupported;
            } catch (FileSystemException taken) {
                // Somebody else finished the same build meanwhile; the two results are the same.
                if (find(hash) == null) {
                    throw taken;
                }
            }
        } finally {
            FileTrees.delete(temporary);
        }
        evict();
        return new Entry(target);
    }

    private void evict() throws IOException {
        List<Path> entries = new ArrayList<>();
        try (Stream<Path> children = Files.list(directory)) {
            children.filter(child -> !child.getFileName().toString().startsWith("."))
                    .forEach(entries::add);
        }
        if (entries.size() <= maximumEntries) {
            return;
        }
        entries.sort(Comparator.comparing(BuildCache::lastUse));
        for (Path oldest : entries.subList(0, entries.size() - maximumEntries)) {
            FileTrees.delete(oldest);
        }
    }

    private static FileTime lastUse(Path entry) {
        try {
            return Files.getLastModifiedTime(entry);
        } catch (IOException gone) {
            return FileTime.fromMillis(0);
        }
    }
}

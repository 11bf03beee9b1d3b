// SPDX-License-Identifier: Apache-2.0
package org.unimark.builder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** A library of C, off the shelf, that is linked into the applications that need it and into no others. */
enum NativeLibrary {
    /** docs/decisions/0014-sqlite.md says which and why. */
    SQLITE(
            "sqlite",
            List.of("/usr/lib/x86_64-linux-gnu/libsqlite3.a", "/usr/lib/libsqlite3.a", "/usr/lib64/libsqlite3.a"),
            "libsqlite3-dev",
            Set.of("org.unimark.keel.application.sqlite.SqlApplication"),
            "0x100000");

    private final String directory;
    private final List<String> places;
    private final String debianPackage;
    private final Set<String> applications;
    private final String stackBytes;

    NativeLibrary(
            String directory, List<String> places, String debianPackage, Set<String> applications, String stackBytes) {
        this.directory = directory;
        this.places = places;
        this.debianPackage = debianPackage;
        this.applications = applications;
        this.stackBytes = stackBytes;
    }

    /** What the application of that class needs. */
    static List<NativeLibrary> of(String mainClass) {
        return List.of(values()).stream()
                .filter(library -> library.applications.contains(mainClass))
                .toList();
    }

    /** The folder of native sources that goes with it, and the name of the C file there. */
    String directory() {
        return directory;
    }

    /** The size of an image's stack that its functions need. */
    String stackBytes() {
        return stackBytes;
    }

    /** Debian's, or the one that the property {@code unimark.library.NAME} names. */
    Path archive() throws BuildException {
        String property = System.getProperty("unimark.library." + directory);
        if (property != null) {
            return Path.of(property);
        }
        for (String place : places) {
            if (Files.exists(Path.of(place))) {
                return Path.of(place);
            }
        }
        throw new BuildException("this application needs the library " + directory
                + ", which is not on this machine; on Debian: apt-get install " + debianPackage);
    }

    /** What decides what it adds to a program. */
    byte[] identity() throws BuildException, IOException {
        return Files.readAllBytes(archive());
    }
}

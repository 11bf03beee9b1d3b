// SPDX-License-Identifier: Apache-2.0
package org.unimark.builder;

/** What an application is compiled to. */
public enum Target {
    /** A bootable unikernel: an ELF file with a PVH note. */
    IMAGE("image"),
    /** A static Linux program of the same application: the identical baseline. */
    LINUX("linux");

    private final String directory;

    Target(String directory) {
        this.directory = directory;
    }

    /** Name of the folder of native sources, and of the Keel package that wires the platform. */
    public String directory() {
        return directory;
    }

    String bootClass() {
        return "org.unimark.keel." + directory + ".Boot";
    }
}

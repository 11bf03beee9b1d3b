// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines;

import java.util.LinkedHashMap;
import java.util.Map;

/** The packages of the distribution that the systems under test need on the machine, for its set-up. */
public final class DebianPackages {
    private DebianPackages() {}

    /** What each is for, by the name of the package, in the order in which they matter. */
    public static Map<String, String> needed() {
        Map<String, String> packages = new LinkedHashMap<>();
        packages.put("qemu-system-x86", "runs the unikernel and the Linux guests");
        packages.put("gcc", "compiles the unikernel, and the counter of instructions for the QEMU that is here");
        packages.put("musl-tools", "the C library of the unikernel and of the identical application");
        packages.put("iproute2", "the private bridge that all systems are attached to");
        packages.put("util-linux", "the private namespaces of a run");
        packages.put("zstd", "unpacks the modules of some distributions' kernels");
        packages.put("xz-utils", "unpacks the modules of some distributions' kernels");
        packages.put("docker.io", "containers on the host's own kernel");
        return packages;
    }
}

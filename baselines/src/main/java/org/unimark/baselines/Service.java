// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines;

import java.io.IOException;
import java.util.Map;
import org.unimark.builder.Applications;
import org.unimark.builder.Target;

/** What is compared: one application with its content and configuration, the same for every system that offers it. */
public interface Service {
    /** {@code http}, {@code kv} or {@code sql}: names the application that Keel and the identical container run. */
    String application();

    /** Binary name of the class that is built for {@code target}, or null if Keel has none. */
    default String mainClass(Target target) {
        return Applications.named(application()).orElse(null);
    }

    /** Unique among the services that are in use together, as people read it. */
    String label();

    /** TCP port that it listens on, or 0 if it does its work by itself and tells the console. */
    int port();

    /** Files that are sealed into the identical application, by name. */
    Map<String, byte[]> resources() throws IOException;

    /** How a first correct answer is recognised; only for services that listen. */
    Probe probe() throws IOException;

    /** What is written when: recorded with every result, and the same for all systems. */
    String durability();

    /** Size of the disk that each start finds fresh, or 0 for none. */
    int diskMebibytes();

    /** Whether the identical application keeps what it keeps in files of Linux, and not in Keel's layout inside one. */
    default boolean usesFilesOfLinux() {
        return false;
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.builder;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Builds applications of the tests; a build that was done before comes from the cache. */
public final class Programs {
    private Programs() {}

    /** Builds an application whose class is among the tests. */
    public static BuiltImage build(Class<?> application, Target target) throws IOException, BuildException {
        return build(application.getName(), Map.of(), target);
    }

    public static BuiltImage build(String application, Map<String, byte[]> resources, Target target)
            throws IOException, BuildException {
        return ImageBuilder.build(new BuildRequest(
                application, List.of(testClasses()), resources, target, Path.of("target", "test-programs")));
    }

    /** Builds an application with one resource in {@code directory}; returns its ELF file. */
    public static Path elf(Class<?> application, String resource, String text, Target target, Path directory)
            throws IOException, BuildException {
        return elf(application, Map.of(resource, text.getBytes(StandardCharsets.US_ASCII)), target, directory);
    }

    public static Path elf(Class<?> application, Map<String, byte[]> resources, Target target, Path directory)
            throws IOException, BuildException {
        Path classes = classes(application);
        // What comes with Keel is found without being told, and is not built again when a test changes.
        List<Path> classpath = classes.equals(testClasses()) ? List.of(classes) : List.of();
        return ImageBuilder.build(new BuildRequest(application.getName(), classpath, resources, target, directory))
                .elf();
    }

    static Path testClasses() {
        return classes(Programs.class);
    }

    private static Path classes(Class<?> from) {
        try {
            return Path.of(
                    from.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}

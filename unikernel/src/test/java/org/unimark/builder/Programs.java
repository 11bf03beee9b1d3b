// SPDX-License-Identifier: Apache-2.0
package org.unimark.builder;

import java.io.IOException;
import java.net.URISyntaxException;
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

    static Path testClasses() {
        try {
            return Path.of(Programs.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}

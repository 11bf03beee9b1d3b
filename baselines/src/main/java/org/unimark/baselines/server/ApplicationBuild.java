// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.unimark.baselines.Service;
import org.unimark.baselines.files.Digests;
import org.unimark.baselines.process.Command;
import org.unimark.builder.BuildException;
import org.unimark.builder.BuildRequest;
import org.unimark.builder.BuiltImage;
import org.unimark.builder.ImageBuilder;
import org.unimark.builder.Target;

/** Builds one of Keel's applications with what a service seals into it, for one target or the other. */
public final class ApplicationBuild {
    private ApplicationBuild() {}

    /** Why nothing can be built, in a sentence that says what to install, or null. */
    public static String unavailable(Service service) {
        for (String program : List.of("gcc", "musl-gcc")) {
            if (!Command.exists(program)) {
                return "There is no " + program + "; install the packages gcc and musl-tools.";
            }
        }
        return service.mainClass(Target.IMAGE) != null
                ? null
                : "Keel has no application " + service.application() + ".";
    }

    /** Builds, or takes what was built before of the same; the result lies in a directory of its own below {@code output}. */
    public static BuiltImage of(Service service, Target target, Path output) throws IOException, BuildException {
        Map<String, byte[]> resources = service.resources();
        String mainClass = service.mainClass(target);
        if (mainClass == null) {
            throw new BuildException("there is no application " + service.application());
        }
        // Several services may be in use at once, and the same for several targets.
        StringBuilder key = new StringBuilder(service.application() + target);
        resources.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(entry -> key.append(entry.getKey()).append(Digests.sha256(entry.getValue())));
        String directory = Digests.sha256(key.toString().getBytes(StandardCharsets.UTF_8));
        return ImageBuilder.build(new BuildRequest(
                service.application(),
                mainClass,
                List.of(),
                resources,
                target,
                output.resolve(directory.substring(0, 16))));
    }
}

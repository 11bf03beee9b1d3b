// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.unimark.baselines.HttpSite;
import org.unimark.baselines.files.Digests;
import org.unimark.baselines.process.Command;
import org.unimark.builder.Applications;
import org.unimark.builder.BuildException;
import org.unimark.builder.BuildRequest;
import org.unimark.builder.BuiltImage;
import org.unimark.builder.ImageBuilder;
import org.unimark.builder.Target;
import org.unimark.builder.http.SiteCompiler;

/** Builds Keel's HTTP application with a site, for one target or the other. */
public final class HttpBuild {
    private static final String APPLICATION = "http";

    private HttpBuild() {}

    /** Why nothing can be built, in a sentence that says what to install, or null. */
    public static String unavailable() {
        for (String program : List.of("gcc", "musl-gcc")) {
            if (!Command.exists(program)) {
                return "There is no " + program + "; install the packages gcc and musl-tools.";
            }
        }
        return null;
    }

    /** Builds, or takes what was built before of the same; the result lies in a directory of its own below {@code output}. */
    public static BuiltImage of(HttpSite site, Target target, Path output) throws IOException, BuildException {
        Map<String, byte[]> resources = SiteCompiler.compile(site.root(), site.configuration());
        String mainClass = Applications.named(APPLICATION)
                .orElseThrow(() -> new IllegalStateException("there is no application " + APPLICATION));
        // Several sites may be in use at once.
        StringBuilder key = new StringBuilder();
        resources.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(entry -> key.append(entry.getKey()).append(Digests.sha256(entry.getValue())));
        String directory = Digests.sha256(key.toString().getBytes(StandardCharsets.UTF_8));
        return ImageBuilder.build(new BuildRequest(
                APPLICATION, mainClass, List.of(), resources, target, output.resolve(directory.substring(0, 16))));
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.unimark.builder.http.SiteCompiler;

/**
 * What every HTTP server under test serves.
 *
 * @param root directory of the content
 * @param configuration of the identical application, or null for its defaults
 */
public record HttpSite(Path root, Path configuration) implements Service {
    private static final String HOST = "unimark.test";
    private static final String INDEX = "index.html";

    @Override
    public String application() {
        return "http";
    }

    @Override
    public String label() {
        return root.getFileName().toString();
    }

    @Override
    public int port() {
        return 80;
    }

    @Override
    public Map<String, byte[]> resources() throws IOException {
        return SiteCompiler.compile(root, configuration);
    }

    /** Asks for the index, or for the first file where there is none. */
    @Override
    public Probe probe() throws IOException {
        Path file = root.resolve(INDEX);
        if (Files.exists(file)) {
            return new HttpAnswer(HOST, "/", Files.readAllBytes(file));
        }
        try (Stream<Path> walk = Files.walk(root)) {
            file = walk.filter(Files::isRegularFile)
                    .sorted()
                    .findFirst()
                    .orElseThrow(() -> new IOException("no content in " + root));
        }
        return new HttpAnswer(HOST, "/" + root.relativize(file), Files.readAllBytes(file));
    }

    @Override
    public String durability() {
        return "none: read only";
    }

    @Override
    public int diskMebibytes() {
        return 0;
    }
}

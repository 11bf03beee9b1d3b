// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.boot;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.unimark.builder.BuildRequest;
import org.unimark.builder.ImageBuilder;
import org.unimark.builder.Target;

/** Builds the image of {@link PropertyImage}, or takes it from the cache. */
final class PropertyImages {
    private PropertyImages() {}

    static Path build(Path directory) throws Exception {
        Path tests = Path.of(PropertyImage.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        Map<String, byte[]> resources = Map.of("note", "sealed".getBytes(StandardCharsets.US_ASCII));
        BuildRequest request =
                new BuildRequest(PropertyImage.class.getName(), List.of(tests), resources, Target.IMAGE, directory);
        return ImageBuilder.build(request).elf();
    }
}

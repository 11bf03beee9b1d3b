// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.boot;

import java.nio.file.Path;
import org.unimark.builder.Programs;
import org.unimark.builder.Target;

/** Builds the image of {@link PropertyImage}, or takes it from the cache. */
final class PropertyImages {
    private PropertyImages() {}

    static Path build(Path directory) throws Exception {
        return Programs.elf(PropertyImage.class, "note", "sealed", Target.IMAGE, directory);
    }
}

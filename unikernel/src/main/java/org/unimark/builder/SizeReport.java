// SPDX-License-Identifier: Apache-2.0
package org.unimark.builder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where the bytes of an image come from. */
final class SizeReport {
    private SizeReport() {}

    static String of(Path stripped, Path linked, Path archive) throws IOException {
        return "stripped image: " + Files.size(stripped) + " bytes, of which sealed files: " + Files.size(archive)
                + " bytes\n";
    }
}

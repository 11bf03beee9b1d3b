// SPDX-License-Identifier: Apache-2.0
package org.unimark.analysis.report;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;

/** Links from pages in one directory to files below another, that work when the pages are opened from a disk. */
final class Links {
    private final Path from;
    private final Path root;

    Links(Path from, Path root) throws IOException {
        // A link that goes up goes up from the real place, not from that of a symbolic link.
        this.from = from.toRealPath();
        this.root = root.toRealPath();
    }

    /** To the file of that name below the root, or to the root itself, with a slash, if the name is empty. */
    String to(String name) {
        String path = from.relativize(root.resolve(name)).toString();
        String directory = name.isEmpty() && !path.isEmpty() ? path + "/" : path;
        try {
            return new URI(null, null, directory, null).getRawPath();
        } catch (URISyntaxException e) {
            throw new IllegalStateException("every path can be written as one of a URI", e);
        }
    }
}

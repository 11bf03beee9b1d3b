// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines;

import java.nio.file.Path;

/** Where things that can be made again are kept between runs: {@code UNIMARK_CACHE}, else {@code ~/.cache/unimark}. */
public final class Cache {
    private Cache() {}

    /** The part of the cache called {@code name}; it may not exist yet. */
    public static Path directory(String name) {
        String chosen = System.getenv("UNIMARK_CACHE");
        Path root = chosen != null && !chosen.isBlank()
                ? Path.of(chosen)
                : Path.of(System.getProperty("user.home"), ".cache", "unimark");
        return root.toAbsolutePath().resolve(name);
    }
}

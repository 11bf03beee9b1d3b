// SPDX-License-Identifier: Apache-2.0
package org.unimark.builder;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unimark.builder.http.SiteCompiler;

/** How large images may be. */
@Tag("boot")
class ImageSizeTest {
    private static final long LIMIT_BYTES = 300 << 10;
    private static final long STORE_LIMIT_BYTES = 350_000;
    /** With Debian's library of SQLite, which is compiled with much that is not used here. */
    private static final long DATABASE_LIMIT_BYTES = 1_600_000;

    @TempDir
    Path directory;

    @Test
    void aWebServerWithOnePageFitsIn300Kilobytes() throws Exception {
        Path site = Files.createDirectory(directory.resolve("site"));
        Files.writeString(site.resolve("index.html"), "<p>One page.</p>".repeat(38));
        BuiltImage image = ImageBuilder.build(new BuildRequest(
                "http",
                Applications.named("http").orElseThrow(),
                List.of(),
                SiteCompiler.compile(site, null),
                Target.IMAGE,
                directory));
        assertThat(image.bytes()).as(image.report()).isLessThanOrEqualTo(LIMIT_BYTES);
    }

    @Test
    void theStoreOfKeysFitsIn350Kilobytes() throws Exception {
        assertFits("kv", STORE_LIMIT_BYTES);
    }

    @Test
    void theDatabaseFitsIn1600Kilobytes() throws Exception {
        assertFits("sql", DATABASE_LIMIT_BYTES);
    }

    private void assertFits(String application, long limitBytes) throws Exception {
        BuiltImage image = ImageBuilder.build(new BuildRequest(
                application,
                Applications.named(application).orElseThrow(),
                List.of(),
                Map.of(),
                Target.IMAGE,
                directory));
        assertThat(image.bytes()).as(image.report()).isLessThanOrEqualTo(limitBytes);
    }
}

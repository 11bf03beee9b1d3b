// SPDX-License-Identifier: Apache-2.0
package org.unimark.builder;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unimark.keel.application.Application;
import org.unimark.keel.application.Platform;

/** A changed resource is linked with the program that was compiled before. */
@Tag("boot")
public class ProgramCacheTest {
    private static final String PROPERTY = "unimark.cache";

    @TempDir
    Path directory;

    private String before;

    @BeforeEach
    void useAnEmptyCache() {
        before = System.setProperty(PROPERTY, directory.resolve("cache").toString());
    }

    @AfterEach
    void useTheOrdinaryCache() {
        if (before == null) {
            System.clearProperty(PROPERTY);
        } else {
            System.setProperty(PROPERTY, before);
        }
    }

    /** As small as an application can be. */
    public static final class Quiet implements Application {
        @Override
        public void start(Platform platform) {
            platform.exit(0);
        }
    }

    private BuiltImage build(Target target, String text) throws Exception {
        return ImageBuilder.build(new BuildRequest(
                "quiet",
                Quiet.class.getName(),
                List.of(Programs.testClasses()),
                Map.of("text", text.getBytes(StandardCharsets.US_ASCII)),
                target,
                Files.createTempDirectory(directory, "out")));
    }

    private static byte[] with(byte[] image, String old, String replacement) {
        String text = new String(image, StandardCharsets.ISO_8859_1);
        assertThat(text).containsOnlyOnce(old);
        return text.replace(old, replacement).getBytes(StandardCharsets.ISO_8859_1);
    }

    @Test
    void onlyTheResourcesAreOthers() throws Exception {
        for (Target target : Target.values()) {
            BuiltImage first = build(target, "text 11111");
            BuiltImage second = build(target, "text 22222");
            assertThat(second.cached()).isFalse();
            assertThat(second.hash()).isNotEqualTo(first.hash());
            // An image that was compiled anew would have its symbols in another order.
            byte[] expected = with(Files.readAllBytes(first.elfWithSymbols()), "text 11111", "text 22222");
            assertThat(Files.readAllBytes(second.elfWithSymbols())).isEqualTo(expected);
            assertThat(build(target, "text 11111").cached()).isTrue();
        }
        try (var programs = Files.list(directory.resolve("cache").resolve(".programs"))) {
            assertThat(programs).hasSize(Target.values().length);
        }
    }
}

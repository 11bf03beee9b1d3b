// SPDX-License-Identifier: Apache-2.0
package org.unimark.builder;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unimark.keel.application.Application;
import org.unimark.keel.application.Platform;

/** What would not work in an image fails when it is built, with who wants it and what to do instead. */
@Tag("boot")
public class RefusalTest {
    @TempDir
    Path directory;

    /** Depends on the identity of equal strings. */
    public static final class Interning implements Application {
        @Override
        public void start(Platform platform) {
            String name = "port " + platform.clock().nanos();
            platform.log().line(name.intern());
        }
    }

    @Test
    void refusesToIntern() throws Exception {
        assertThatThrownBy(() -> Programs.elf(Interning.class, Map.of(), Target.IMAGE, directory))
                .isInstanceOf(BuildException.class)
                .hasMessageContaining("String.intern")
                .hasMessageContaining("equals")
                .hasMessageContaining("Interning.start")
                .hasMessageContaining("RefusalTest.java:");
    }
}

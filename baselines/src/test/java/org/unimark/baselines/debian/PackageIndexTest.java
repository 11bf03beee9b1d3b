// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines.debian;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class PackageIndexTest {
    @Test
    void takesNamesWithoutVersionsAndTheFirstAlternative() {
        Map<String, String> stanza = Map.of(
                "Pre-Depends", "init-system-helpers (>= 1.54~)",
                "Depends", "libc6 (>= 2.34), debconf (>= 0.5) | debconf-2.0, python3:any, perl");

        assertThat(PackageIndex.dependencies(stanza))
                .containsExactly("init-system-helpers", "libc6", "debconf", "python3", "perl");
    }

    @Test
    void knowsPackagesWithoutDependencies() {
        assertThat(PackageIndex.dependencies(Map.of("Package", "base-files"))).isEmpty();
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.unimark.baselines.HttpSite;
import org.unimark.baselines.SystemUnderTest.Footprint;

/** Two builds of the same inputs, by objects that know nothing of each other, are the same bytes. */
@Tag("machine")
class ReproducibleImagesTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"guest-nginx", "guest-same", "docker-nginx", "keel"})
    void buildsTheSameTwice(String system) throws Exception {
        HttpSite site = SystemsTest.makeSite(directory);

        Footprint one = SystemsTest.prepared(site, system).footprint();
        Footprint other = SystemsTest.prepared(site, system).footprint();

        assertThat(one.sha256()).isNotEmpty().isEqualTo(other.sha256());
        assertThat(one.deployedBytes()).isEqualTo(other.deployedBytes());
    }
}

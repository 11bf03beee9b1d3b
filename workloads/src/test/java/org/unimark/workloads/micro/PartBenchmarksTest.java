// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.micro;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Benchmark;
import org.unimark.baselines.Operations;

class PartBenchmarksTest {
    @Test
    void everyPartThatAnImageCountsIsTimed() {
        assertThat(Arrays.stream(PartBenchmarks.class.getMethods())
                        .filter(method -> method.isAnnotationPresent(Benchmark.class))
                        .map(java.lang.reflect.Method::getName))
                .containsExactlyInAnyOrderElementsOf(Operations.PARTS.operations());
    }

    /** Without its list, which the compiler's annotation processing writes, JMH finds nothing to do. */
    @Test
    void theListOfBenchmarksWasGenerated() throws IOException {
        try (InputStream list = PartBenchmarks.class.getResourceAsStream("/META-INF/BenchmarkList")) {
            assertThat(new String(list.readAllBytes(), StandardCharsets.UTF_8))
                    .contains(Operations.PARTS.operations())
                    .contains(PartBenchmarks.class.getName());
        }
    }
}

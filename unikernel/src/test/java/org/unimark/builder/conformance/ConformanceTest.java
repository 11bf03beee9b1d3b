// SPDX-License-Identifier: Apache-2.0
package org.unimark.builder.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.unimark.builder.Programs;
import org.unimark.builder.RunningProgram;
import org.unimark.builder.Target;
import org.unimark.keel.kernel.Log;

@Tag("boot")
class ConformanceTest {
    @Test
    void compiledCodeComputesWhatTheJvmComputes() throws Exception {
        List<String> expected = new ArrayList<>();
        Conformance.run(Log.of(expected::add));
        try (RunningProgram program = new RunningProgram(
                Programs.build(Conformance.class, Target.LINUX).elf())) {
            assertThat(program.remainingLines()).isEqualTo(expected);
            assertThat(program.exitStatus()).isZero();
        }
    }
}

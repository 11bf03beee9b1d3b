// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Only a server that is ready, with the row that was written, is one that works. */
class SqlServerTest {
    private static final String CONNECTED = "R\0\0\0\u0008\0\0\0\0Z\0\0\0\u0005I";
    private static final String ROW = "D\0\0\0\u000f\0\u0001\0\0\0\u0005ready";
    private static final String END = "Z\0\0\0\u0005I";

    private static Probe.Verdict judge(String answer) {
        byte[] bytes = answer.getBytes(StandardCharsets.ISO_8859_1);
        return new SqlServer(SqlBatch.Place.MEMORY).probe().judge(Arrays.copyOf(bytes, 1000), bytes.length);
    }

    @Test
    void theRowThatWasWrittenIsTheAnswer() {
        String answer = CONNECTED + ROW + END;
        assertThat(judge(answer)).isEqualTo(Probe.Verdict.CORRECT);
        for (int length = 0; length < answer.length(); length++) {
            assertThat(judge(answer.substring(0, length))).isEqualTo(Probe.Verdict.PARTIAL);
        }
    }

    @Test
    void everythingElseIsWrong() {
        assertThat(judge(CONNECTED + END)).isEqualTo(Probe.Verdict.WRONG);
        assertThat(judge(CONNECTED + ROW + ROW + END)).isEqualTo(Probe.Verdict.WRONG);
        assertThat(judge(CONNECTED + ROW.replace("ready", "Ready") + END)).isEqualTo(Probe.Verdict.WRONG);
        assertThat(judge(CONNECTED + "E\0\0\0\u0005\0")).isEqualTo(Probe.Verdict.WRONG);
        assertThat(judge(CONNECTED + ROW + END + "N")).isEqualTo(Probe.Verdict.WRONG);
        assertThat(judge("HTTP/1.1 400")).isNotEqualTo(Probe.Verdict.CORRECT);
    }
}

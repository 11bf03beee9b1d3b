// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** An answer is correct when its last byte is there, and wrong at its first wrong byte. */
class ProbeTest {
    private static Probe.Verdict judge(Probe probe, String received) {
        byte[] bytes = received.getBytes(StandardCharsets.US_ASCII);
        return probe.judge(bytes, bytes.length);
    }

    private static void acceptsExactly(Probe probe, String answer) {
        for (int length = 0; length < answer.length(); length++) {
            assertThat(judge(probe, answer.substring(0, length))).isEqualTo(Probe.Verdict.PARTIAL);
        }
        assertThat(judge(probe, answer)).isEqualTo(Probe.Verdict.CORRECT);
        assertThat(judge(probe, answer + "x")).isEqualTo(Probe.Verdict.WRONG);
    }

    @Test
    void aStoreIsAskedToWriteReadAndForget() {
        Probe probe = new KvStore(KvStore.Persistence.OFF).probe();
        acceptsExactly(probe, "+OK\r\n$5\r\nready\r\n:1\r\n");
        assertThat(judge(probe, "-LOADING")).isEqualTo(Probe.Verdict.WRONG);
        assertThat(judge(probe, "+OK\r\n$-1")).isEqualTo(Probe.Verdict.WRONG);
    }

    @Test
    void aPageIsComparedByteForByte() {
        Probe probe = new HttpAnswer("test", "/", "body".getBytes(StandardCharsets.US_ASCII));
        acceptsExactly(probe, "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nDate: now\r\n\r\nbody");
        assertThat(judge(probe, "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbady"))
                .isEqualTo(Probe.Verdict.WRONG);
        assertThat(judge(probe, "HTTP/1.1 404 No\r\nContent-Length: 4\r\n\r\nbody"))
                .isEqualTo(Probe.Verdict.WRONG);
        assertThat(judge(probe, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nbody"))
                .isEqualTo(Probe.Verdict.WRONG);
        assertThat(judge(probe, "HTTP/1.1 200 OK\r\n\r\nbody")).isEqualTo(Probe.Verdict.WRONG);
    }
}

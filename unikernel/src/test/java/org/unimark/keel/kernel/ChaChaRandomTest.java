// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ChaChaRandomTest {
    /** RFC 8439, A.1, test vector 1: zero key, nonce and counter; bytes 32 to 63 of the block. */
    @Test
    void givesOutTheSecondHalfOfTheBlock() {
        ChaChaRandom random = new ChaChaRandom(0, 0, 0, 0);
        assertThat(random.nextLong()).isEqualTo(Long.reverseBytes(0xda41597c5157488dL));
        assertThat(random.nextLong()).isEqualTo(Long.reverseBytes(0x7724e03fb8d84a37L));
        assertThat(random.nextLong()).isEqualTo(Long.reverseBytes(0x6a43b8f41518a11cL));
        assertThat(random.nextLong()).isEqualTo(Long.reverseBytes(0xc387b669b2ee6586L));
    }

    @Test
    void neverRepeatsItselfAndDependsOnAllOfTheSeed() {
        Set<Long> seen = new HashSet<>();
        for (int bit = 0; bit < 4; bit++) {
            ChaChaRandom random =
                    new ChaChaRandom(bit == 0 ? 1 : 0, bit == 1 ? 1 : 0, bit == 2 ? 1 : 0, bit == 3 ? 1 : 0);
            for (int i = 0; i < 1000; i++) {
                assertThat(seen.add(random.nextLong())).isTrue();
            }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.builder;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class PackingTest {
    /** What {@code keel_unpack} in start.c does. */
    private static byte[] unpack(byte[] packed) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int at = 0;
        while (true) {
            int token = packed[at++] & 0xff;
            int count = token >> 4;
            for (int more = count == 15 ? 255 : 0; more == 255; count += more) {
                more = packed[at++] & 0xff;
            }
            out.write(packed, at, count);
            at += count;
            int distance = packed[at] & 0xff | (packed[at + 1] & 0xff) << 8;
            if (distance == 0) {
                assertThat(at + 2).isEqualTo(packed.length);
                return out.toByteArray();
            }
            at += 2;
            count = (token & 15) + 4;
            for (int more = (token & 15) == 15 ? 255 : 0; more == 255; count += more) {
                more = packed[at++] & 0xff;
            }
            for (int i = 0; i < count; i++) {
                out.write(out.toByteArray()[out.size() - distance]);
            }
        }
    }

    @Property(tries = 300)
    void unpacksToWhatWasPacked(@ForAll byte[] bytes, @ForAll byte[] again) {
        byte[] all = Arrays.copyOf(bytes, bytes.length + again.length + bytes.length);
        System.arraycopy(again, 0, all, bytes.length, again.length);
        System.arraycopy(bytes, 0, all, bytes.length + again.length, bytes.length);
        assertThat(unpack(Packing.pack(all))).isEqualTo(all);
    }

    @Test
    void countsOfEveryLengthComeBack() {
        for (int zeros : new int[] {0, 1, 3, 4, 18, 19, 20, 272, 273, 274, 275, 600}) {
            byte[] all = new byte[700];
            for (int i = zeros; i < all.length; i++) {
                all[i] = (byte) (i * i * 31 >> 3);
            }
            assertThat(unpack(Packing.pack(all))).isEqualTo(all);
        }
    }

    @Test
    void packsRepetitions() {
        byte[] zeros = new byte[2_000];
        assertThat(Packing.pack(zeros)).hasSizeLessThan(20);
    }
}

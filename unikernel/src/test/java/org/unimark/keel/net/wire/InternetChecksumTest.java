// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.wire;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterTry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.simulation.Arena;

class InternetChecksumTest {
    private final Arena arena = new Arena();

    @AfterEach
    @AfterTry
    void giveMemoryBack() {
        arena.close();
    }

    /** RFC 1071 in its own words: 16-bit words, end-around carry. */
    private static int plain(byte[] data) {
        int sum = 0;
        for (int i = 0; i < data.length; i += 2) {
            sum += (data[i] & 0xff) << 8 | (i + 1 < data.length ? data[i + 1] & 0xff : 0);
            sum = (sum & 0xffff) + (sum >> 16);
        }
        return ~sum & 0xffff;
    }

    @Test
    void agreesWithTheExampleOfTheStandard() {
        byte[] example = {0x00, 0x01, (byte) 0xf2, 0x03, (byte) 0xf4, (byte) 0xf5, (byte) 0xf6, (byte) 0xf7};
        long sum = InternetChecksum.sum(arena.copyOf(example), 0, 8);
        assertThat(InternetChecksum.fold(sum)).isEqualTo(0xddf2);
    }

    @Property
    void agreesWithThePlainLoop(@ForAll @Size(max = 200) byte[] data, @ForAll @IntRange(max = 7) int shift) {
        Bytes bytes = arena.allocate(data.length + 8);
        bytes.copyFrom(shift, data, 0, data.length);
        int checksum = InternetChecksum.finish(InternetChecksum.sum(bytes, shift, data.length));
        assertThat(checksum).isEqualTo(plain(data));
    }

    @Property
    void partsAddUpWhereverTheyAreCut(@ForAll @Size(min = 2, max = 200) byte[] data, @ForAll int cut) {
        int at = Math.floorMod(cut, data.length + 1);
        Bytes bytes = arena.copyOf(data);
        long tail = at % 2 == 0
                ? InternetChecksum.sum(bytes, at, data.length - at)
                : InternetChecksum.sumOdd(bytes, at, data.length - at);
        assertThat(InternetChecksum.finish(InternetChecksum.sum(bytes, 0, at) + tail))
                .isEqualTo(plain(data));
    }

    @Property
    void anUpdateEqualsANewComputation(
            @ForAll @Size(min = 8, max = 40) byte[] data, @ForAll @IntRange(max = 0xffff) int after) {
        data[0] = 1;
        Bytes bytes = arena.copyOf(data);
        int before = bytes.u16(4);
        int checksum = InternetChecksum.finish(InternetChecksum.sum(bytes, 0, data.length));
        bytes.put16(4, after);
        assertThat(InternetChecksum.update(checksum, before, after))
                .isEqualTo(InternetChecksum.finish(InternetChecksum.sum(bytes, 0, data.length)));
    }

    @Test
    void survivesTheLargestSums() {
        byte[] ones = new byte[65_535];
        java.util.Arrays.fill(ones, (byte) 0xff);
        long sum = InternetChecksum.sum(arena.copyOf(ones), 0, ones.length)
                + InternetChecksum.pseudoHeader(-1, -1, 255, 65_535);
        assertThat(InternetChecksum.fold(sum)).isBetween(1, 0xffff);
        assertThat(InternetChecksum.fold(Long.MAX_VALUE)).isEqualTo((int) (Long.MAX_VALUE % 0xffff));
        assertThat(InternetChecksum.fold(0)).isZero();
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.simulation.Arena;

class TcpOptionsTest {
    private final Arena arena = new Arena();
    private final TcpOptions options = new TcpOptions();

    @AfterEach
    void giveMemoryBack() {
        arena.close();
    }

    private boolean parse(int... octets) {
        byte[] content = new byte[octets.length];
        for (int i = 0; i < octets.length; i++) {
            content[i] = (byte) octets[i];
        }
        Bytes bytes = arena.copyOf(content);
        return options.parse(bytes, 0, content.length);
    }

    @Test
    void skipsWhatItDoesNotKnow() {
        assertThat(parse(1, 254, 5, 9, 9, 9, 2, 4, 5, 0xb4)).isTrue();
        assertThat(options.maximumSegmentSize).isEqualTo(1460);
    }

    @Test
    void stopsAtTheEnd() {
        assertThat(parse(0, 2, 4, 5, 0xb4)).isTrue();
        assertThat(options.maximumSegmentSize).isZero();
    }

    @Test
    void refusesLengthsThatDoNotFit() {
        assertThat(parse(2)).isFalse();
        assertThat(parse(2, 0)).isFalse();
        assertThat(parse(2, 1)).isFalse();
        assertThat(parse(2, 4, 5)).isFalse();
        assertThat(parse(2, 3, 5)).isFalse();
        assertThat(parse(3, 4, 5, 5)).isFalse();
        assertThat(parse(4, 3, 5)).isFalse();
        assertThat(parse(8, 9, 0, 0, 0, 0, 0, 0, 0)).isFalse();
        assertThat(parse(5, 9, 0, 0, 0, 0, 0, 0, 0)).isFalse();
        assertThat(parse(5, 2)).isFalse();
    }

    @Test
    void forgetsTheSegmentBefore() {
        assertThat(parse(2, 4, 5, 0xb4, 4, 2, 3, 3, 7, 1)).isTrue();
        assertThat(options.windowScale).isEqualTo(7);
        assertThat(parse(1, 1, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2)).isTrue();
        assertThat(options.maximumSegmentSize).isZero();
        assertThat(options.windowScale).isEqualTo(TcpOptions.ABSENT);
        assertThat(options.sackPermitted).isFalse();
        assertThat(options.timestampValue).isEqualTo(1);
        assertThat(options.timestampEcho).isEqualTo(2);
    }
}

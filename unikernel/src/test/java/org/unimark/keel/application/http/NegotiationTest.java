// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.unimark.keel.simulation.Arena;

class NegotiationTest {
    private static boolean prefersGzip(String value) {
        try (Arena arena = new Arena()) {
            byte[] raw = value.getBytes(StandardCharsets.ISO_8859_1);
            return Negotiation.prefersGzip(arena.copyOf(raw), 0, raw.length);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gzip",
                "GZip",
                "x-gzip",
                "gzip, deflate, br",
                "deflate , gzip",
                "*",
                "gzip;q=0.001",
                "gzip ; q=1.000",
                "gzip;Q=0.5",
                "br;q=1, gzip;q=0.8, *;q=0.1",
                "identity;q=0.5, *;q=0.6",
                "identity;q=0, gzip;q=0.1",
                "gzip;q=0.5, identity;q=0.5"
            })
    void takesGzip(String value) {
        assertThat(prefersGzip(value)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "identity",
                "br",
                "gzip;q=0",
                "gzip;q=0.000",
                "*;q=0",
                "*, gzip;q=0",
                "gzip;q=0.5, identity;q=0.6",
                "gzipped",
                "gzip;q=",
                "gzip;q=2",
                "gzip;q=0.5000",
                "gzip;q=x",
                "gzip;level=9",
                "gzip br",
                "gzip;q=0x1"
            })
    void doesNotSendGzip(String value) {
        assertThat(prefersGzip(value)).isFalse();
    }

    @Property
    void neverThrows(@ForAll String value) {
        assertThat(prefersGzip(value)).isIn(true, false);
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.simulation.Arena;

/** The searches by eight bytes find what a search by one byte finds. */
class ScanTest {
    private static final String TOKENS =
            "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

    @Provide
    Arbitrary<byte[]> texts() {
        Arbitrary<Byte> mostlyTokens = Arbitraries.frequencyOf(
                Tuple.of(20, Arbitraries.of(bytes(TOKENS))),
                Tuple.of(1, Arbitraries.of(bytes("\t\r\n :\u0000\u007f\u0080\u00ff\u001f"))),
                Tuple.of(1, Arbitraries.bytes()));
        return mostlyTokens.array(byte[].class).ofMaxSize(60);
    }

    private static Byte[] bytes(String text) {
        byte[] raw = text.getBytes(StandardCharsets.ISO_8859_1);
        Byte[] boxed = new Byte[raw.length];
        for (int i = 0; i < raw.length; i++) {
            boxed[i] = raw[i];
        }
        return boxed;
    }

    @Property
    void findsTheEndOfATokenAnywhere(@ForAll("texts") byte[] text, @ForAll @IntRange(max = 8) int from) {
        int start = Math.min(from, text.length);
        int expected = start;
        while (expected < text.length && TOKENS.indexOf(text[expected] & 0xff) >= 0) {
            expected++;
        }
        try (Arena arena = new Arena()) {
            Bytes bytes = arena.copyOf(text);
            assertThat(Scan.tokenEnd(bytes, start, text.length)).isEqualTo(expected);
        }
    }

    @Property
    void findsTheFirstControlCharacter(@ForAll("texts") byte[] text, @ForAll @IntRange(max = 8) int from) {
        int start = Math.min(from, text.length);
        int expected = start;
        while (expected < text.length && ((text[expected] & 0xff) >= ' ' || text[expected] == '\t')) {
            expected++;
        }
        try (Arena arena = new Arena()) {
            Bytes bytes = arena.copyOf(text);
            assertThat(Scan.controlPosition(bytes, start, text.length)).isEqualTo(expected);
        }
    }

    @Property
    void findsTheEndOfAHost(@ForAll("texts") byte[] text, @ForAll @IntRange(max = 8) int from) {
        int start = Math.min(from, text.length);
        int expected = start;
        while (expected < text.length && Scan.isHost(text[expected] & 0xff)) {
            expected++;
        }
        try (Arena arena = new Arena()) {
            Bytes bytes = arena.copyOf(text);
            assertThat(Scan.hostEnd(bytes, start, text.length)).isEqualTo(expected);
        }
    }

    @Property
    void findsWhatIsSmallInSixtyFourBytes(@ForAll byte[] text, @ForAll @IntRange(min = 1, max = 255) int limit) {
        long expected = 0;
        for (int i = 0; i < Math.min(64, text.length); i++) {
            expected |= (text[i] & 0xff) < limit ? 1L << i : 0;
        }
        try (Arena arena = new Arena()) {
            assertThat(arena.copyOf(text).bitsBelow(0, limit)).isEqualTo(expected);
        }
    }

    @Test
    void knowsTheTokenCharacters() {
        for (int value = 0; value < 256; value++) {
            assertThat(Scan.isToken(value)).as("%d", value).isEqualTo(TOKENS.indexOf(value) >= 0);
        }
    }

    @Test
    void findsElementsOfLists() {
        assertThat(listContains("close", "close")).isTrue();
        assertThat(listContains(" a,\tCLOSE ,b", "close")).isTrue();
        assertThat(listContains("closed, enclose", "close")).isFalse();
        assertThat(listContains(",,", "close")).isFalse();
        assertThat(listContains("", "close")).isFalse();
    }

    private static boolean listContains(String list, String element) {
        try (Arena arena = new Arena()) {
            Bytes bytes = arena.copyOf(list.getBytes(StandardCharsets.US_ASCII));
            return Scan.listContains(bytes, 0, list.length(), element);
        }
    }
}

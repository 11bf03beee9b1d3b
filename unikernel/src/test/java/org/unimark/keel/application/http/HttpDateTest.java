// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.simulation.Arena;

class HttpDateTest {
    private static final long RFC_EXAMPLE = 784_111_777;
    private static final long NOW = 1_795_410_017;
    private static final long LAST_OF_9999 = 253_402_300_799L;

    private static String format(String pattern, long seconds) {
        return DateTimeFormatter.ofPattern(pattern, Locale.US)
                .withZone(ZoneOffset.UTC)
                .format(Instant.ofEpochSecond(seconds));
    }

    private static long parse(String text) {
        try (Arena arena = new Arena()) {
            Bytes bytes = arena.copyOf(text.getBytes(StandardCharsets.ISO_8859_1));
            return HttpDate.parse(bytes, 0, text.length(), NOW);
        }
    }

    @Property
    void formatsAsTheJdkDoes(@ForAll @LongRange(min = 0, max = LAST_OF_9999) long seconds) {
        try (Arena arena = new Arena()) {
            Bytes out = arena.allocate(HttpDate.LENGTH);
            HttpDate.format(seconds, out, 0);
            assertThat(new String(Arena.toArray(out, 0, HttpDate.LENGTH), StandardCharsets.US_ASCII))
                    .isEqualTo(format("EEE, dd MMM yyyy HH:mm:ss 'GMT'", seconds));
        }
    }

    @Property
    void readsBackWhatItWrote(@ForAll @LongRange(min = 0, max = LAST_OF_9999) long seconds) {
        assertThat(parse(format("EEE, dd MMM yyyy HH:mm:ss 'GMT'", seconds))).isEqualTo(seconds);
        assertThat(parse(format("EEE MMM ppd HH:mm:ss yyyy", seconds))).isEqualTo(seconds);
    }

    /** From 1977 to 2076, as seen from 2026. */
    @Property
    void readsTwoDigitYears(@ForAll @LongRange(min = 220_924_800L, max = 3_376_684_799L) long seconds) {
        assertThat(parse(format("EEEE, dd-MMM-yy HH:mm:ss 'GMT'", seconds))).isEqualTo(seconds);
    }

    @Property
    void neverThrows(@ForAll String text) {
        assertThat(parse(text)).isGreaterThanOrEqualTo(HttpDate.INVALID);
    }

    @Test
    void readsTheThreeFormsOfTheStandard() {
        assertThat(parse("Sun, 06 Nov 1994 08:49:37 GMT")).isEqualTo(RFC_EXAMPLE);
        assertThat(parse("Sunday, 06-Nov-94 08:49:37 GMT")).isEqualTo(RFC_EXAMPLE);
        assertThat(parse("Sun Nov  6 08:49:37 1994")).isEqualTo(RFC_EXAMPLE);
        assertThat(parse("Sat, 31 Dec 2016 23:59:60 GMT")).isEqualTo(1_483_228_799);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Sun",
                "Sun, 06 Nov 1994 08:49:37 CET",
                "Sun, 06 Nov 1994 24:49:37 GMT",
                "Sun, 06 Nov 1994 08:60:37 GMT",
                "Sun, 06 Nov 1994 08:49:61 GMT",
                "Sun, 31 Nov 1994 08:49:37 GMT",
                "Wed, 29 Feb 2023 08:49:37 GMT",
                "Sun, 00 Nov 1994 08:49:37 GMT",
                "Sun, 06 Non 1994 08:49:37 GMT",
                "Xyz, 06 Nov 1994 08:49:37 GMT",
                "Sun, 06 Nov 19x4 08:49:37 GMT",
                "Sun, 06-Nov-1994 08:49:37 GMT",
                "Sunday, 06-Nov-94 08:49:37 CET",
                "Sunny, 06-Nov-94 08:49:37 GMT",
                "Sun Nov 36 08:49:37 1994"
            })
    void refusesWhatIsNoDate(String text) {
        assertThat(parse(text)).isEqualTo(HttpDate.INVALID);
    }
}

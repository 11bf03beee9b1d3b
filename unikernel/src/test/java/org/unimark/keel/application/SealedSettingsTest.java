// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.unimark.keel.simulation.Arena;

class SealedSettingsTest {
    private final Arena arena = new Arena();

    @AfterEach
    void free() {
        arena.close();
    }

    private SealedSettings settings(String text) {
        return new SealedSettings("x.properties", arena.copyOf(text.getBytes(StandardCharsets.US_ASCII)), new String[] {
            "port", "size", "authentication"
        });
    }

    @Test
    void readsLinesWithSpacesAndComments() {
        SealedSettings settings = settings("# a = b\n\n port = 80 \r\nsize=3K\nauthentication=a=b");
        assertThat(settings.number("port", 1, 1, 65_535)).isEqualTo(80);
        assertThat(settings.number("size", 1, 1, 4096)).isEqualTo(3072);
        assertThat(settings.text("authentication", "")).isEqualTo("a=b");
        assertThat(new SealedSettings("x.properties", null, new String[0]).number("port", 7, 1, 9))
                .isEqualTo(7);
    }

    /** A misspelt name of the one that asks for passwords must not leave everybody in. */
    @Test
    void refusesWhatItDoesNotKnowWithItsLine() {
        assertThatThrownBy(() -> settings("port=1\nauthentification=scram-sha-256\n"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("x.properties, line 2: there is no setting 'authentification'");
        assertThatThrownBy(() -> settings("port 80"))
                .hasMessageContaining("line 1")
                .hasMessageContaining("'='");
        assertThatThrownBy(() -> settings("port=1\nport=2")).hasMessageContaining("line 2: 'port' is set twice");
        assertThatThrownBy(() ->
                        settings("authentication=scram").isFirst("authentication", "trust", "scram-sha-256", true))
                .hasMessage("x.properties: authentication must be trust or scram-sha-256");
    }

    @ParameterizedTest
    @CsvSource({"''", "x", "-1", "0", "101", "1M", "1K", "9223372036854775807", "99999999999999999999", "1 0", "K"})
    void refusesNumbersOutOfRange(String text) {
        assertThatThrownBy(() -> settings("size=" + text).number("size", 1, 1, 100))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("x.properties: size must be a number from 1 to 100");
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.sql.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.simulation.Arena;

class DecimalsTest {
    private static final Arena ARENA = new Arena();
    private static final Bytes TEXT = ARENA.allocate(4096);
    private static final Bytes BINARY = ARENA.allocate(4096);

    @AfterAll
    static void free() {
        ARENA.close();
    }

    private static int binary(String text) {
        TEXT.putAscii(0, text);
        return Decimals.put(BINARY, 0, TEXT, 0, text.length());
    }

    private static String thereAndBack(String text) {
        int end = Decimals.putText(TEXT, 0, BINARY, 0, binary(text));
        return end < 0 ? "none" : new String(Arena.toArray(TEXT, 0, end), StandardCharsets.US_ASCII);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "-0",
                "1",
                "+1",
                "-1",
                "9999",
                "10000",
                "10001",
                "0.1",
                ".5",
                "5.",
                "007",
                "0.0001",
                "0.00010",
                "1e15",
                "1E+15",
                "-1.5e3",
                "1.5e-3",
                "12345.678e2",
                "12345.678e-9",
                "1e-324",
                "1.7976931348623157e308",
                "0e5",
                "0.00e-3",
                "100000000000000000000",
                "123456789012345678901234567890.123456789"
            })
    void areTheSameNumbers(String text) {
        assertThat(thereAndBack(text)).isEqualTo(new BigDecimal(text).toPlainString());
    }

    @Test
    void soAreAllRealNumbers() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            double value = Double.longBitsToDouble(random.nextLong());
            if (!Double.isFinite(value)) {
                continue;
            }
            String text = Double.toString(value);
            assertThat(thereAndBack(text))
                    .as("seed %d: %s", seed, text)
                    .isEqualTo(new BigDecimal(text).toPlainString());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-",
                ".",
                "e5",
                "1e",
                "1e+",
                "1ee5",
                "1e5.",
                "1.2.3",
                "1x",
                "Infinity",
                "NaN",
                "1e99999",
                "1e999999"
            })
    void whatIsNoNumberIsNone(String text) {
        assertThat(binary(text)).isNegative();
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.simulation.Arena;

/** Texts of floating-point numbers against Java's exact arithmetic. */
class FloatTextTest {
    private static final long SEED = 20261126;

    private final Arena arena = new Arena();
    private final Bytes text = arena.allocate(2048);
    private final FloatText floats = new FloatText();

    @AfterEach
    void free() {
        arena.close();
    }

    private boolean parse(String number) {
        text.putAscii(0, number);
        return floats.parseDouble(text, 0, number.length());
    }

    private String format(double value) {
        int length = floats.format(value, text, 0);
        return new String(Arena.toArray(text, 0, length), StandardCharsets.ISO_8859_1);
    }

    @Test
    void formatsAsPrintfDoes() {
        assertThat(format(3.1)).isEqualTo("3.1000000000000001");
        assertThat(format(0.1)).isEqualTo("0.10000000000000001");
        assertThat(format(1e300)).isEqualTo("1.0000000000000001e+300");
        assertThat(format(1e17)).isEqualTo("1e+17");
        assertThat(format(12345678901234567.0)).isEqualTo("12345678901234568");
        assertThat(format(0.0001)).isEqualTo("0.0001");
        assertThat(format(0.00001)).isEqualTo("1.0000000000000001e-05");
        assertThat(format(5e-324)).isEqualTo("4.9406564584124654e-324");
        assertThat(format(-0.0)).isEqualTo("-0");
        assertThat(format(1.5)).isEqualTo("1.5");
        assertThat(format(1e22)).isEqualTo("1e+22");
        assertThat(format(9.9999999999999999e22)).isEqualTo("9.9999999999999992e+22");
    }

    private String shortest(double value) {
        int length = floats.formatShortest(value, text, 0);
        return new String(Arena.toArray(text, 0, length), StandardCharsets.ISO_8859_1);
    }

    @Test
    void writesTheFewestDigitsAsPostgresqlDoes() {
        assertThat(shortest(0.1)).isEqualTo("0.1");
        assertThat(shortest(1e300)).isEqualTo("1e+300");
        assertThat(shortest(1234567890123456.0)).isEqualTo("1.234567890123456e+15");
        assertThat(shortest(123456789012345.0)).isEqualTo("123456789012345");
        assertThat(shortest(0.00001)).isEqualTo("1e-05");
        assertThat(shortest(5e-324)).isEqualTo("5e-324");
        assertThat(shortest(-2.2250738585072011e-308)).isEqualTo("-2.225073858507201e-308");
        assertThat(shortest(0.1 + 0.2)).isEqualTo("0.30000000000000004");
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < 20_000; i++) {
            double value = Double.longBitsToDouble(random.nextLong());
            if (!Double.isNaN(value) && !Double.isInfinite(value)) {
                BigDecimal written = new BigDecimal(shortest(value));
                assertThat(written.doubleValue()).isEqualTo(value);
                MathContext fewer =
                        new MathContext(Math.max(1, written.stripTrailingZeros().precision() - 1));
                boolean couldBeShorter = written.stripTrailingZeros().precision() > 1
                        && new BigDecimal(value).round(fewer).doubleValue() == value;
                assertThat(couldBeShorter).as(written.toString()).isFalse();
            }
        }
    }

    @Test
    void readsEveryDoubleBack() {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < 20_000; i++) {
            double value = Double.longBitsToDouble(random.nextLong());
            if (Double.isNaN(value) || Double.isInfinite(value)) {
                continue;
            }
            String written = format(value);
            assertThat(new BigDecimal(written)
                            .compareTo(new BigDecimal(value).round(new MathContext(17, RoundingMode.HALF_EVEN))))
                    .as(written)
                    .isZero();
            assertThat(parse(written)).as(written).isTrue();
            assertThat(floats.value()).as(written).isEqualTo(value);
        }
    }

    @Test
    void readsWhatLiesNearAHalf() {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < 3000; i++) {
            double value = Math.abs(Double.longBitsToDouble(random.nextLong()));
            if (Double.isNaN(value) || Double.isInfinite(value) || value > 1e308 || value < 1e-300) {
                continue;
            }
            BigDecimal half = new BigDecimal(value)
                    .add(new BigDecimal(Math.nextUp(value)))
                    .divide(BigDecimal.valueOf(2));
            for (String number : new String[] {
                half.toString(),
                half + "1",
                half.round(new MathContext(20, RoundingMode.DOWN)).toString()
            }) {
                // What was appended must be a digit of the fraction.
                String plain =
                        half.toString().contains("E") || !half.toString().contains(".") ? half.toString() : number;
                assertThat(parse(plain)).as(plain).isTrue();
                assertThat(floats.value()).as(plain).isEqualTo(Double.parseDouble(plain));
            }
        }
    }

    @Test
    void refusesWhatIsNoNumber() {
        for (String number :
                new String[] {"", "-", ".", "e5", "1e", "1e+", " 1", "1 ", "nan", "1e400", "1e-400", "0x", "1.2.3"}) {
            assertThat(parse(number)).as(number).isFalse();
        }
        for (String number :
                new String[] {"1.", ".5", "+5", "-0", "inf", "-Infinity", "0x10", "1E5", "0e99999", "1e-320"}) {
            assertThat(parse(number)).as(number).isTrue();
        }
    }
}

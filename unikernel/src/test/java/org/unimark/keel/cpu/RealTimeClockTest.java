// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.unimark.keel.machine.SimulatedDevices;

class RealTimeClockTest {
    /** Seconds, minutes, hours, day, month, year and the two status registers. */
    private static final class Chip implements SimulatedDevices.Model {
        private final int[] registers = new int[128];
        private int index;
        private int updates;

        Chip(int year, int month, int day, int hour, int minute, int second, int mode) {
            registers[0] = second;
            registers[2] = minute;
            registers[4] = hour;
            registers[7] = day;
            registers[8] = month;
            registers[9] = year;
            registers[11] = mode;
            SimulatedDevices.mapPorts(0x70, 2, this);
        }

        @Override
        public long read(long offset, int bytes) {
            if (index == 10) {
                return updates-- > 0 ? 0xa6 : 0x26;
            }
            return registers[index];
        }

        @Override
        public void write(long offset, int bytes, long value) {
            index = (int) value;
        }
    }

    @BeforeEach
    @AfterEach
    void reset() {
        SimulatedDevices.reset();
    }

    @ParameterizedTest
    @CsvSource({
        "6, 0x26, 0x11, 0x23, 0x17, 0x58, 0x59, 2, 2026-11-23T17:58:59Z",
        "0, 26, 2, 28, 23, 0, 1, 6, 2026-02-28T23:00:01Z",
        "0, 28, 2, 29, 0x8c, 0, 1, 4, 2028-02-29T12:00:01Z",
        "0, 26, 1, 1, 12, 30, 0, 4, 2026-01-01T00:30:00Z",
    })
    void readsAllFormats(
            int updates, String y, String mo, String d, String h, String mi, String s, int mode, Instant is) {
        Chip chip = new Chip(
                Integer.decode(y),
                Integer.decode(mo),
                Integer.decode(d),
                Integer.decode(h),
                Integer.decode(mi),
                Integer.decode(s),
                mode);
        chip.updates = updates;
        assertThat(Instant.ofEpochMilli(RealTimeClock.epochMillis())).isEqualTo(is);
    }

    @Test
    void missesQuietly() {
        assertThat(RealTimeClock.epochMillis()).isZero();
    }

    @Property
    void countsDaysLikeTheCalendar(@ForAll @IntRange(min = 10_957, max = 47_000) int days) {
        LocalDate date = LocalDate.ofEpochDay(days);
        assertThat(RealTimeClock.daysSince1970(date.getYear(), date.getMonthValue(), date.getDayOfMonth()))
                .isEqualTo(days);
    }
}

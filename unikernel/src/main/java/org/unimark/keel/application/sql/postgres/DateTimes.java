// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.sql.postgres;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Rare;

/** Dates and times as SQLite keeps them (ISO 8601 texts, UTC), and as PostgreSQL sends them in binary (from 2000-01-01 on). */
@Rare
final class DateTimes {
    static final long INVALID = Long.MIN_VALUE;
    /** Longest text: date, time with six decimals, zone. */
    static final int MAXIMUM_BYTES = 40;

    private static final long MICROS_PER_SECOND = 1_000_000L;
    private static final long MICROS_PER_DAY = 86_400L * MICROS_PER_SECOND;
    /** Days from 1970-01-01 to 2000-01-01. */
    private static final int EPOCH_DAYS = 10_957;
    /** Days in 400 years and from 0000-03-01 to 1970-01-01: Howard Hinnant, chrono-compatible low-level date algorithms. */
    private static final int DAYS_PER_ERA = 146_097;

    private static final int DAYS_TO_1970 = 719_468;

    private int at;

    /** Days since 2000-01-01 of the date at {@code from}, or {@link #INVALID}; leaves the position behind it. */
    private long date(Bytes text, int from, int end) {
        at = from;
        int year = digits(text, end, 4);
        boolean isDate = year >= 0 && skip(text, end, '-');
        int month = isDate ? digits(text, end, 2) : -1;
        isDate = month >= 1 && month <= 12 && skip(text, end, '-');
        int day = isDate ? digits(text, end, 2) : -1;
        if (day < 1 || day > 31) {
            return INVALID;
        }
        int shifted = month <= 2 ? year - 1 : year;
        int era = shifted / 400;
        int yearOfEra = shifted - era * 400;
        int dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
        int dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
        return (long) era * DAYS_PER_ERA + dayOfEra - DAYS_TO_1970 - EPOCH_DAYS;
    }

    /** Microseconds since midnight, zone included; may be negative then. */
    private long time(Bytes text, int end) {
        int hour = digits(text, end, 2);
        if (hour < 0 || !skip(text, end, ':')) {
            return INVALID;
        }
        int minute = digits(text, end, 2);
        int second = skip(text, end, ':') ? digits(text, end, 2) : 0;
        if (hour > 24 || minute < 0 || minute > 59 || second < 0 || second > 60) {
            return INVALID;
        }
        long micros = ((hour * 60L + minute) * 60 + second) * MICROS_PER_SECOND + fraction(text, end);
        return micros + zone(text, end);
    }

    private long fraction(Bytes text, int end) {
        if (!skip(text, end, '.')) {
            return 0;
        }
        long unit = MICROS_PER_SECOND / 10;
        long micros = 0;
        while (at < end && Ascii.isDigit(text.u8(at))) {
            micros += unit * (text.u8(at++) - '0');
            unit /= 10;
        }
        return micros;
    }

    private long zone(Bytes text, int end) {
        if (at == end || skip(text, end, 'Z')) {
            return 0;
        }
        int sign = text.u8(at) == '-' ? 1 : text.u8(at) == '+' ? -1 : 0;
        if (sign == 0) {
            return 0;
        }
        at++;
        int hours = digits(text, end, 2);
        int minutes = skip(text, end, ':') ? digits(text, end, 2) : 0;
        return sign * (Math.max(hours, 0) * 60L + Math.max(minutes, 0)) * 60 * MICROS_PER_SECOND;
    }

    private int digits(Bytes text, int end, int count) {
        int value = 0;
        for (int i = 0; i < count; i++) {
            if (at == end || !Ascii.isDigit(text.u8(at))) {
                return -1;
            }
            value = value * 10 + text.u8(at++) - '0';
        }
        return value;
    }

    private boolean skip(Bytes text, int end, int character) {
        if (at < end && text.u8(at) == character) {
            at++;
            return true;
        }
        return false;
    }

    /** Days since 2000-01-01, whatever time of the day follows. */
    long parseDate(Bytes text, int from, int length) {
        return date(text, from, from + length);
    }

    /** Microseconds since midnight. */
    long parseTime(Bytes text, int from, int length) {
        at = from;
        long micros = time(text, from + length);
        return at == from + length ? micros : INVALID;
    }

    /** Microseconds since 2000-01-01. */
    long parseTimestamp(Bytes text, int from, int length) {
        int end = from + length;
        long days = date(text, from, end);
        if (days == INVALID) {
            return INVALID;
        }
        long micros = 0;
        if (skip(text, end, ' ') || skip(text, end, 'T')) {
            micros = time(text, end);
        }
        return micros == INVALID || at != end ? INVALID : days * MICROS_PER_DAY + micros;
    }

    /** Puts YYYY-MM-DD and returns the position behind it. */
    static int putDate(Bytes out, int at, long days) {
        long shifted = days + EPOCH_DAYS + DAYS_TO_1970;
        long era = Math.floorDiv(shifted, DAYS_PER_ERA);
        int dayOfEra = (int) (shifted - era * DAYS_PER_ERA);
        int yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
        int dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        int shiftedMonth = (5 * dayOfYear + 2) / 153;
        int day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1;
        int month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
        long year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
        int end = at;
        if (year > 9999 || year < 0) {
            end = Numbers.put(out, at, year);
        } else {
            end = pair(out, pair(out, at, (int) year / 100), (int) year % 100);
        }
        out.put8(end, '-');
        end = pair(out, end + 1, month);
        out.put8(end, '-');
        return pair(out, end + 1, day);
    }

    /** Puts HH:MM:SS, with decimals if there are any. */
    static int putTime(Bytes out, int at, long micros) {
        int seconds = (int) (micros / MICROS_PER_SECOND);
        int end = pair(out, at, seconds / 3600);
        out.put8(end, ':');
        end = pair(out, end + 1, seconds / 60 % 60);
        out.put8(end, ':');
        end = pair(out, end + 1, seconds % 60);
        long rest = micros % MICROS_PER_SECOND;
        if (rest != 0) {
            out.put8(end++, '.');
            for (long unit = MICROS_PER_SECOND / 10; rest != 0; unit /= 10) {
                out.put8(end++, '0' + (int) (rest / unit));
                rest %= unit;
            }
        }
        return end;
    }

    static int putTimestamp(Bytes out, int at, long micros) {
        long days = Math.floorDiv(micros, MICROS_PER_DAY);
        int end = putDate(out, at, days);
        out.put8(end, ' ');
        return putTime(out, end + 1, micros - days * MICROS_PER_DAY);
    }

    private static int pair(Bytes out, int at, int value) {
        out.put8(at, '0' + value / 10);
        out.put8(at + 1, '0' + value % 10);
        return at + 2;
    }
}

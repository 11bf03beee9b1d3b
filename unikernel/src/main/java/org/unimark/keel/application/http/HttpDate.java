// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.http;

import org.unimark.keel.buffer.Bytes;

/** HTTP's notion of time: seconds since 1970, written as RFC 9110 section 5.6.7 wants and read in its three forms. */
public final class HttpDate {
    /** What {@link #parse} returns for what is no date. */
    public static final long INVALID = Long.MIN_VALUE;

    /** The length of {@code Sun, 06 Nov 1994 08:49:37 GMT}. */
    public static final int LENGTH = 29;

    private static final String DAYS = "SunMonTueWedThuFriSat";
    private static final String MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";
    private static final int SECONDS_PER_DAY = 86_400;
    /** Days from 0000-03-01 to 1970-01-01 in the proleptic Gregorian calendar. */
    private static final int EPOCH_DAYS = 719_468;

    private static final int DAYS_PER_ERA = 146_097;

    private HttpDate() {}

    /** Writes the {@link #LENGTH} bytes of an IMF-fixdate to {@code at}; for the years 1970 to 9999. */
    public static void format(long epochSeconds, Bytes out, int at) {
        int days = (int) Math.floorDiv(epochSeconds, SECONDS_PER_DAY);
        int second = Math.floorMod(epochSeconds, SECONDS_PER_DAY);
        long date = civil(days);
        putName(out, at, DAYS, Math.floorMod(days + 4, 7));
        out.put8(at + 3, ',');
        out.put8(at + 4, ' ');
        putTwo(out, at + 5, day(date));
        out.put8(at + 7, ' ');
        putName(out, at + 8, MONTHS, month(date) - 1);
        out.put8(at + 11, ' ');
        putTwo(out, at + 12, year(date) / 100);
        putTwo(out, at + 14, year(date) % 100);
        out.put8(at + 16, ' ');
        putTime(out, at + 17, second);
        out.putAscii(at + 25, " GMT");
    }

    /** Writes {@code [23/Nov/2026:05:00:17 +0000]}, 28 bytes, as access logs want it. */
    static void formatLog(long epochSeconds, Bytes out, int at) {
        int days = (int) Math.floorDiv(epochSeconds, SECONDS_PER_DAY);
        long date = civil(days);
        out.put8(at, '[');
        putTwo(out, at + 1, day(date));
        out.put8(at + 3, '/');
        putName(out, at + 4, MONTHS, month(date) - 1);
        out.put8(at + 7, '/');
        putTwo(out, at + 8, year(date) / 100);
        putTwo(out, at + 10, year(date) % 100);
        out.put8(at + 12, ':');
        putTime(out, at + 13, Math.floorMod(epochSeconds, SECONDS_PER_DAY));
        out.putAscii(at + 21, " +0000]");
    }

    /**
     * Reads a date in one of the three forms.
     *
     * @param nowSeconds decides the century of a two-digit year: at most 50 years ahead
     * @return seconds since 1970, or {@link #INVALID}
     */
    public static long parse(Bytes in, int at, int length, long nowSeconds) {
        if (length == LENGTH && in.u8(at + 3) == ',') {
            return parseFixed(in, at);
        }
        if (length == 24 && in.u8(at + 3) == ' ') {
            return parseAsctime(in, at);
        }
        return parseRfc850(in, at, length, nowSeconds);
    }

    /** {@code Sun, 06 Nov 1994 08:49:37 GMT}. */
    private static long parseFixed(Bytes in, int at) {
        if (find(DAYS, in, at) < 0
                || in.u8(at + 4) != ' '
                || in.u8(at + 7) != ' '
                || in.u8(at + 11) != ' '
                || in.u8(at + 16) != ' '
                || !endsInGmt(in, at + 25)) {
            return INVALID;
        }
        int century = two(in, at + 12);
        int year = two(in, at + 14);
        return seconds(
                century < 0 || year < 0 ? -1 : century * 100 + year,
                find(MONTHS, in, at + 8) + 1,
                two(in, at + 5),
                time(in, at + 17));
    }

    /** {@code Sun Nov  6 08:49:37 1994}. */
    private static long parseAsctime(Bytes in, int at) {
        if (find(DAYS, in, at) < 0 || in.u8(at + 7) != ' ' || in.u8(at + 10) != ' ' || in.u8(at + 19) != ' ') {
            return INVALID;
        }
        int day = in.u8(at + 8) == ' ' ? digit(in.u8(at + 9)) : two(in, at + 8);
        int century = two(in, at + 20);
        int year = two(in, at + 22);
        return seconds(
                century < 0 || year < 0 ? -1 : century * 100 + year,
                find(MONTHS, in, at + 4) + 1,
                day,
                time(in, at + 11));
    }

    /** {@code Sunday, 06-Nov-94 08:49:37 GMT}. */
    private static long parseRfc850(Bytes in, int at, int length, long nowSeconds) {
        int comma = 0;
        while (comma < length && in.u8(at + comma) != ',') {
            comma++;
        }
        int from = at + comma + 2;
        if (comma < 6 || comma > 9 || length - comma != 24 || !isLongDay(in, at, comma)) {
            return INVALID;
        }
        if (in.u8(from - 1) != ' '
                || in.u8(from + 2) != '-'
                || in.u8(from + 6) != '-'
                || in.u8(from + 9) != ' '
                || !endsInGmt(in, from + 18)) {
            return INVALID;
        }
        int year = two(in, from + 7);
        int current = year(civil((int) Math.floorDiv(nowSeconds, SECONDS_PER_DAY)));
        if (year >= 0) {
            year += current - current % 100;
            year = year > current + 50 ? year - 100 : year;
        }
        return seconds(year, find(MONTHS, in, from + 3) + 1, two(in, from), time(in, from + 10));
    }

    /** The first three letters and "day" at the end; no server needs to know the letters in between. */
    private static boolean isLongDay(Bytes in, int at, int length) {
        return find(DAYS, in, at) >= 0
                && in.u8(at + length - 3) == 'd'
                && in.u8(at + length - 2) == 'a'
                && in.u8(at + length - 1) == 'y';
    }

    private static boolean endsInGmt(Bytes in, int at) {
        return in.u8(at) == ' ' && in.u8(at + 1) == 'G' && in.u8(at + 2) == 'M' && in.u8(at + 3) == 'T';
    }

    /** Number of the three-letter name at {@code at}, or -1. */
    private static int find(String names, Bytes in, int at) {
        for (int i = 0; i < names.length(); i += 3) {
            if (in.u8(at) == names.charAt(i)
                    && in.u8(at + 1) == names.charAt(i + 1)
                    && in.u8(at + 2) == names.charAt(i + 2)) {
                return i / 3;
            }
        }
        return -1;
    }

    /** Seconds since midnight of {@code 08:49:37}, or -1. A leap second counts as the second before. */
    private static int time(Bytes in, int at) {
        int hour = two(in, at);
        int minute = two(in, at + 3);
        int second = two(in, at + 6);
        if (in.u8(at + 2) != ':' || in.u8(at + 5) != ':') {
            return -1;
        }
        if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) {
            return -1;
        }
        return hour * 3600 + minute * 60 + Math.min(second, 59);
    }

    private static long seconds(int year, int month, int day, int secondOfDay) {
        if (year < 0 || month < 1 || day < 1 || day > daysIn(month, year) || secondOfDay < 0) {
            return INVALID;
        }
        return days(year, month, day) * (long) SECONDS_PER_DAY + secondOfDay;
    }

    private static int daysIn(int month, int year) {
        if (month == 2) {
            return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28;
        }
        return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
    }

    /** Days since 1970-01-01; years are counted from March, so that the leap day is the last. */
    private static int days(int year, int month, int day) {
        int shifted = month <= 2 ? year - 1 : year;
        int era = Math.floorDiv(shifted, 400);
        int yearOfEra = shifted - era * 400;
        int dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
        int dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
        return era * DAYS_PER_ERA + dayOfEra - EPOCH_DAYS;
    }

    /** The inverse of {@link #days}, packed: see {@link #year}, {@link #month}, {@link #day}. */
    private static long civil(int days) {
        int shifted = days + EPOCH_DAYS;
        int era = Math.floorDiv(shifted, DAYS_PER_ERA);
        int dayOfEra = shifted - era * DAYS_PER_ERA;
        int yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
        int dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        int shiftedMonth = (5 * dayOfYear + 2) / 153;
        int day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1;
        int month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
        int year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
        return (long) year << 16 | month << 8 | day;
    }

    private static int year(long civil) {
        return (int) (civil >> 16);
    }

    private static int month(long civil) {
        return (int) (civil >> 8) & 0xff;
    }

    private static int day(long civil) {
        return (int) civil & 0xff;
    }

    private static void putTime(Bytes out, int at, int second) {
        putTwo(out, at, second / 3600);
        out.put8(at + 2, ':');
        putTwo(out, at + 3, second / 60 % 60);
        out.put8(at + 5, ':');
        putTwo(out, at + 6, second % 60);
    }

    private static void putTwo(Bytes out, int at, int value) {
        out.put8(at, '0' + value / 10);
        out.put8(at + 1, '0' + value % 10);
    }

    private static void putName(Bytes out, int at, String names, int number) {
        for (int i = 0; i < 3; i++) {
            out.put8(at + i, names.charAt(3 * number + i));
        }
    }

    private static int two(Bytes in, int at) {
        int tens = digit(in.u8(at));
        int ones = digit(in.u8(at + 1));
        return tens < 0 || ones < 0 ? -1 : tens * 10 + ones;
    }

    private static int digit(int value) {
        return value >= '0' && value <= '9' ? value - '0' : -1;
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.cpu;

import org.unimark.keel.machine.Cpu;
import org.unimark.keel.machine.Ports;

/** The battery-backed clock of a PC (Motorola MC146818), taken to run in UTC. */
public final class RealTimeClock {
    private static final int INDEX = 0x70;
    private static final int DATA = 0x71;
    private static final int SECONDS = 0x00;
    private static final int MINUTES = 0x02;
    private static final int HOURS = 0x04;
    private static final int DAY = 0x07;
    private static final int MONTH = 0x08;
    private static final int YEAR = 0x09;
    private static final int STATUS_A = 0x0a;
    private static final int STATUS_B = 0x0b;
    private static final int UPDATE_IN_PROGRESS = 0x80;
    private static final int BINARY = 0x04;
    private static final int HOURS_24 = 0x02;
    private static final int AFTERNOON = 0x80;
    /** An update takes 2 ms; reading the status takes a microsecond or more. */
    private static final int LONGEST_WAIT = 4000;

    private RealTimeClock() {}

    /** Milliseconds since 1970, right to a second; 0 if the machine has no such clock. */
    public static long epochMillis() {
        int mode = read(STATUS_B);
        if (mode == 0xff) {
            return 0;
        }
        for (int i = 0; i < LONGEST_WAIT && (read(STATUS_A) & UPDATE_IN_PROGRESS) != 0; i++) {
            Cpu.pause();
        }
        int hour = read(HOURS);
        boolean afternoon = (mode & HOURS_24) == 0 && (hour & AFTERNOON) != 0;
        hour = binary(mode, hour & ~AFTERNOON);
        if ((mode & HOURS_24) == 0) {
            hour = hour % 12 + (afternoon ? 12 : 0);
        }
        long days = daysSince1970(2000 + value(mode, YEAR), value(mode, MONTH), value(mode, DAY));
        long seconds = ((days * 24 + hour) * 60 + value(mode, MINUTES)) * 60 + value(mode, SECONDS);
        return seconds * 1000;
    }

    private static int read(int register) {
        Ports.out8(INDEX, register);
        return Ports.in8(DATA);
    }

    private static int value(int mode, int register) {
        return binary(mode, read(register));
    }

    private static int binary(int mode, int value) {
        return (mode & BINARY) != 0 ? value : (value >> 4) * 10 + (value & 15);
    }

    /** Gregorian calendar, year 2000 and later. */
    static long daysSince1970(int year, int month, int day) {
        // Years that begin in March have their leap day at the end.
        int shiftedYear = month > 2 ? year : year - 1;
        int shiftedMonth = month > 2 ? month - 3 : month + 9;
        int leapDays = shiftedYear / 4 - shiftedYear / 100 + shiftedYear / 400;
        return 365L * shiftedYear + leapDays + (153 * shiftedMonth + 2) / 5 + day - 1 - 719_468;
    }
}

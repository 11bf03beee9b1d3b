// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import org.unimark.keel.kernel.Rare;
import org.unimark.keel.text.Numbers;

/** Reads times of expiry, in all the ways in which they can be given. */
@Rare
final class ExpireTimes {
    /** Kinds of options: seconds or milliseconds, from now or since 1970. */
    static final int EX = 0;

    static final int PX = 1;
    static final int EXAT = 2;
    static final int PXAT = 3;
    static final int NONE = -1;

    private final Keyspace keyspace;
    private final Numbers numbers;
    private long epochMillis;

    ExpireTimes(Keyspace keyspace, Numbers numbers) {
        this.keyspace = keyspace;
        this.numbers = numbers;
    }

    /** What was read last. */
    long epochMillis() {
        return epochMillis;
    }

    /** Which option word {@code index} is, or {@link #NONE}. */
    static int kind(Arguments arguments, int index) {
        if (arguments.is(index, "ex")) {
            return EX;
        }
        if (arguments.is(index, "px")) {
            return PX;
        }
        if (arguments.is(index, "exat")) {
            return EXAT;
        }
        return arguments.is(index, "pxat") ? PXAT : NONE;
    }

    /** Reads word {@code index}; composes the error if it is no time in the future. */
    boolean read(Arguments arguments, int index, int kind, String command, Reply reply) {
        if (!arguments.number(index, numbers)) {
            reply.error(DataCommands.NOT_AN_INTEGER);
            return false;
        }
        if (numbers.value() <= 0 || !convert(numbers.value(), kind)) {
            invalid(command, reply);
            return false;
        }
        return true;
    }

    /** Makes an absolute time of {@code value}; false if there is none that fits. */
    boolean convert(long value, int kind) {
        long millis = value;
        if (kind == EX || kind == EXAT) {
            if (value > Long.MAX_VALUE / 1000 || value < Long.MIN_VALUE / 1000) {
                return false;
            }
            millis = value * 1000;
        }
        if (kind == EX || kind == PX) {
            long now = keyspace.nowMillis();
            if (millis > Long.MAX_VALUE - now) {
                return false;
            }
            millis += now;
        }
        epochMillis = millis;
        return true;
    }

    static void invalid(String command, Reply reply) {
        reply.beginError("ERR invalid expire time in '");
        reply.raw(command);
        reply.raw("' command");
        reply.endError();
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.http;

import org.unimark.keel.buffer.Bytes;

/** The value of Date, written anew once a second and not once a request. */
final class DateStamp {
    private final Bytes text;
    private long epochSeconds = -1;
    private int version;

    /** @param memory holds {@link HttpDate#LENGTH} bytes */
    DateStamp(Bytes memory) {
        this.text = memory;
    }

    /** Sets the time; returns whether the text changed. */
    boolean set(long seconds) {
        if (seconds == epochSeconds) {
            return false;
        }
        epochSeconds = seconds;
        version++;
        HttpDate.format(seconds, text, 0);
        return true;
    }

    long epochSeconds() {
        return epochSeconds;
    }

    /** Another number for every other text; never 0. */
    int version() {
        return version;
    }

    void copyTo(Bytes target, int at) {
        target.copyFrom(at, text, 0, HttpDate.LENGTH);
    }
}

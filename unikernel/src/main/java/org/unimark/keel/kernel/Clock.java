// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.kernel;

/** Where time comes from: the machine's counters in an image, the system's on Linux, a variable in tests. */
public interface Clock {
    /** Nanoseconds since boot; never goes backwards. */
    long nanos();

    /** Milliseconds since 1970-01-01T00:00Z. */
    long epochMillis();
}

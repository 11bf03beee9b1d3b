// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.kernel;

/** One cause of one effect, counted since boot. Names read {@code layer.what_happened}, for instance {@code tcp.resets_sent}. */
public final class Counter {
    private final String name;
    private long value;
    /** The next one in the same bucket of {@link Counters}. */
    Counter next;

    Counter(String name) {
        this.name = name;
    }

    public void increment() {
        value++;
    }

    public void add(long amount) {
        value += amount;
    }

    public String name() {
        return name;
    }

    public long value() {
        return value;
    }
}

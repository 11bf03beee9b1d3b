// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.kernel;

import java.util.ArrayList;
import java.util.List;

/** All counters of one system, in the order of their creation; the metrics page prints them. */
public final class Counters {
    private static final int BUCKETS = 64;

    private final List<Counter> counters = new ArrayList<>();
    /** Chains through {@link Counter#next}: a system has hundreds of counters, and boots in a few milliseconds. */
    private final Counter[] buckets = new Counter[BUCKETS];

    /** Returns the counter of that name, made at the first call; for constructors, not for the data path. */
    public Counter counter(String name) {
        int bucket = name.hashCode() & (BUCKETS - 1);
        for (Counter counter = buckets[bucket]; counter != null; counter = counter.next) {
            if (counter.name().equals(name)) {
                return counter;
            }
        }
        Counter counter = new Counter(name);
        counter.next = buckets[bucket];
        buckets[bucket] = counter;
        counters.add(counter);
        return counter;
    }

    public int size() {
        return counters.size();
    }

    public Counter get(int index) {
        return counters.get(index);
    }
}

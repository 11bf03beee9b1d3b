// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.kernel;

import java.util.ArrayList;
import java.util.List;

/** All counters of one system, in the order of their creation; the metrics page prints them. */
public final class Counters {
    private final List<Counter> counters = new ArrayList<>();

    /** Returns the counter of that name, made at the first call; for constructors, not for the data path. */
    public Counter counter(String name) {
        for (Counter counter : counters) {
            if (counter.name().equals(name)) {
                return counter;
            }
        }
        Counter counter = new Counter(name);
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

// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.virtio.model;

import java.util.HashMap;
import java.util.Map;
import org.unimark.keel.cpu.Interrupts;

/** Counts interrupts as they come. */
public final class SimulatedInterrupts implements Interrupts {
    public static final long MESSAGE_ADDRESS = 0xfee0_0000L;
    private static final int FIRST_VECTOR = 0x20;

    private final Map<Integer, Integer> counts = new HashMap<>();
    private final Map<Integer, Integer> routes = new HashMap<>();
    private int next = FIRST_VECTOR;
    private int total;

    @Override
    public int allocateVector() {
        return next++;
    }

    @Override
    public int count(int vector) {
        return counts.getOrDefault(vector, 0);
    }

    /** Interrupts of all vectors. */
    public int total() {
        return total;
    }

    @Override
    public long messageAddress() {
        return MESSAGE_ADDRESS;
    }

    @Override
    public int messageData(int vector) {
        return 0x4000 | vector;
    }

    @Override
    public void routeGsi(int gsi, int vector, boolean levelTriggered) {
        if (levelTriggered) {
            throw new AssertionError("the model knows edges only");
        }
        routes.put(gsi, vector);
    }

    void message(long address, int data) {
        if (address != MESSAGE_ADDRESS || (data & ~0xff) != 0x4000) {
            throw new AssertionError("a message to nowhere: " + Long.toHexString(address));
        }
        raise(data & 0xff);
    }

    void edge(int gsi) {
        Integer vector = routes.get(gsi);
        if (vector != null) {
            raise(vector);
        }
    }

    private void raise(int vector) {
        counts.merge(vector, 1, Integer::sum);
        total++;
    }
}

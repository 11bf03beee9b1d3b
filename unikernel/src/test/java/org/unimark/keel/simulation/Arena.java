// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.simulation;

import java.util.ArrayList;
import java.util.List;
import org.unimark.keel.buffer.BlockPool;
import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.machine.SimulatedMemory;
import org.unimark.keel.net.device.TransmitPool;

/** Simulated memory that is given back when the test is over. */
public final class Arena implements AutoCloseable {
    private final List<Long> regions = new ArrayList<>();

    public Bytes allocate(int bytes) {
        long address = SimulatedMemory.allocate(bytes);
        regions.add(address);
        return new Bytes(address, bytes);
    }

    public Bytes copyOf(byte[] content) {
        Bytes bytes = allocate(Math.max(1, content.length));
        bytes.copyFrom(0, content, 0, content.length);
        return new Bytes().wrap(bytes, 0, content.length);
    }

    public BlockPool blocks(int count, int blockBytes) {
        return new BlockPool(allocate(count * blockBytes), blockBytes);
    }

    public TransmitPool transmitFrames(int count) {
        return new TransmitPool(allocate(count * TransmitPool.FRAME_BYTES));
    }

    /** The bytes as an array of their own. */
    public static byte[] toArray(Bytes bytes, int at, int length) {
        byte[] array = new byte[length];
        bytes.copyTo(at, array, 0, length);
        return array;
    }

    @Override
    public void close() {
        regions.forEach(SimulatedMemory::free);
        regions.clear();
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.linux;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.RandomSource;
import org.unimark.keel.machine.LinuxCalls;

/** The kernel's random generator, asked for as many numbers at once as it gives without being interruptible. */
final class LinuxRandom implements RandomSource {
    private static final int BATCH_BYTES = 256;

    private final Bytes batch = Linux.allocate(BATCH_BYTES);
    private int used = BATCH_BYTES;

    @Override
    public long nextLong() {
        if (used == BATCH_BYTES) {
            if (LinuxCalls.call(Linux.GETRANDOM, Linux.address(batch), BATCH_BYTES, 0) != BATCH_BYTES) {
                Linux.fail("no random numbers");
            }
            used = 0;
        }
        long result = batch.i64Little(used);
        batch.put64Little(used, 0);
        used += Long.BYTES;
        return result;
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.tcp;

import org.unimark.keel.buffer.Block;

/** How many of the device's blocks all connections together keep: the device needs the others to go on receiving. */
final class RetentionLimit {
    private final int limit;
    private int retained;

    RetentionLimit(int limit) {
        this.limit = limit;
    }

    /** Takes a reference for a queue; false if the queues have enough. */
    boolean retain(Block block) {
        if (retained == limit) {
            return false;
        }
        retained++;
        block.retain();
        return true;
    }

    /** Gives back what {@link #retain} took. */
    void release(Block block) {
        retained--;
        block.release();
    }

    int retained() {
        return retained;
    }
}

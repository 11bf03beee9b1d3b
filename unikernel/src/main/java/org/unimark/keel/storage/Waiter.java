// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.storage;

import org.unimark.keel.storage.device.BlockDevice;

/** How a call that returns when it is done waits meanwhile: by sleep in an image, by a jump of virtual time in tests. */
public interface Waiter {
    /** Returns when {@code device} may have completed something, or earlier; it had nothing when last polled. */
    void await(BlockDevice device);
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.storage;

import org.unimark.keel.buffer.Bytes;

/** Where storage takes its buffers from, once, when a disk, a log or the first extent is opened. */
public interface MemorySource {
    /** Zeroed memory that devices can reach, aligned to at least 512 bytes. */
    Bytes allocate(int bytes);
}

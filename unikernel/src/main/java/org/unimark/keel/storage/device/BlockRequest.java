// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.storage.device;

import org.unimark.keel.buffer.Bytes;

/** One operation of a disk, filled in by its owner and reused: nothing is allocated for a request. */
public abstract class BlockRequest {
    /** What is to be done. */
    public enum Operation {
        READ,
        WRITE,
        /** Makes every write durable that completed before this was submitted. */
        FLUSH,
        DISCARD,
        WRITE_ZEROES
    }

    /** How it ended. */
    public enum Status {
        OK,
        /** The device failed at {@link BlockRequest#sector}, or somewhere behind it. */
        IO_ERROR,
        /** The device does not offer the operation. */
        UNSUPPORTED
    }

    public static final int MAXIMUM_SEGMENTS = 64;

    public Operation operation;
    /** First sector. */
    public long sector;
    /** Sectors of a discard or of zeros; data operations take the sum of their segments. */
    public long sectorCount;
    /** Segments in use, each a whole number of sectors; none for operations without data. */
    public int segmentCount;

    public final Bytes[] segments = new Bytes[MAXIMUM_SEGMENTS];
    public Status status;

    /** The device is done with the request and its segments, and {@link #status} says how; may submit again. */
    public abstract void completed();
}

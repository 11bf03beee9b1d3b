// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.storage;

import org.unimark.keel.buffer.Bytes;

/**
 * An append-only log of records, checksummed, whose torn tail is cut when it is opened. Appending copies into a buffer;
 * {@link #sync} makes everything appended durable, one flush for all who ask meanwhile (group commit). A rewrite replaces
 * the whole log by a shorter one with the same meaning, atomically: after a crash either the old or the new is there,
 * with everything that was appended and synced meanwhile.
 */
public interface RecordLog {
    /** Longest record in bytes. */
    int MAXIMUM_RECORD_BYTES = 1 << 20;

    /** Hears of records in order; the view is valid during the call only. */
    interface Visitor {
        void record(Bytes data, int offset, int length);
    }

    /** Hears of the end of {@link #sync} or of a rewrite; on a failure the log accepts nothing any more. */
    interface Outcome {
        /** {@code failure} is null if all went well. */
        void done(StorageException failure);
    }

    /** Presents all records since the last rewrite; before the first append, returns when done. */
    void replay(Visitor visitor) throws StorageException;

    /** Bytes of torn tail that were cut when the log was opened. */
    long tornBytes();

    /** Queues a record; false if the buffer is full (ask again after the next outcome) or the log is. */
    boolean append(Bytes data, int offset, int length);

    /** Calls {@code outcome} when everything appended so far is durable; never inside this call. */
    void sync(Outcome outcome);

    /** Whether a record of {@code length} more bytes fits without a rewrite. */
    boolean fits(int length);

    /** Bytes of records since the last rewrite, and what may be had. */
    long length();

    long capacity();

    /**
     * Begins a new log next to the old one: what {@link #appendRewritten} takes, followed by everything that
     * {@link #append} takes from now on. False if one is in progress, or the log failed.
     */
    boolean beginRewrite();

    /** Queues a record of the new log; false if the buffer is full now. */
    boolean appendRewritten(Bytes data, int offset, int length);

    /** Makes the new log the log. */
    void commitRewrite(Outcome outcome);

    /** Gives the new log up. */
    void abandonRewrite();
}

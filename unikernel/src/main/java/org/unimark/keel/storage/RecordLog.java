// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.storage;

import org.unimark.keel.buffer.Bytes;

/**
 * An append-only log of records, checksummed. First {@link #replay} is called, which reads it and cuts its torn tail.
 * Appending copies into a buffer; {@link #sync} makes everything appended durable, one flush for all who ask meanwhile
 * (group commit). A rewrite replaces the whole log by a shorter one with the same meaning, atomically: after a crash either
 * the old or the new is there, with everything that was appended and synced meanwhile.
 */
public interface RecordLog {
    /** Longest record in bytes. */
    int MAXIMUM_RECORD_BYTES = 1 << 20;

    /** How many calls of {@link #sync} may wait for their outcomes at once; a power of two. */
    int MAXIMUM_SYNCS = 256;

    /** Hears of records in order; the view is valid during the call only. */
    interface Visitor {
        void record(Bytes data, int offset, int length);
    }

    /**
     * Hears of the end of {@link #sync} or of a rewrite, from the event loop. After a failed sync the log accepts nothing
     * any more, and every later sync fails as well; a failed rewrite leaves the old log as it is.
     */
    interface Outcome {
        /** {@code failure} is null if all went well. */
        void done(StorageException failure);
    }

    /**
     * Presents all records of the log and returns when done; has to be called before anything is appended.
     *
     * @throws StorageException if the log is damaged (a torn tail is no damage), or the disk fails
     */
    void replay(Visitor visitor) throws StorageException;

    /** Bytes of torn tail that the replay has cut, as far as they could be recognised. */
    long tornBytes();

    /** Queues a record; false if the buffer is full (see {@link #whenRoom}) or the log is. */
    boolean append(Bytes data, int offset, int length);

    /**
     * Sets who hears, from the event loop, that there is room in the buffer for the record that was refused last, or that
     * the log has failed meanwhile; once for each time that one was refused.
     */
    void whenRoom(Runnable listener);

    /**
     * Calls {@code outcome} when everything appended so far is durable; never inside this call.
     *
     * @throws IllegalStateException if {@link #MAXIMUM_SYNCS} of them wait already
     */
    void sync(Outcome outcome);

    /** Whether a record of {@code length} more bytes fits without a rewrite. */
    boolean fits(int length);

    /** Bytes of records since the last rewrite, and what may be had. */
    long length();

    long capacity();

    /**
     * Begins a new log next to the old one: what {@link #appendRewritten} and {@link #append} take from now on, in the order
     * of these calls. A record that says all about a key as it is now may so be followed, but not be preceded, by changes
     * of that key that count. False if a rewrite is in progress or still ending, or the log failed.
     */
    boolean beginRewrite();

    /**
     * Queues a record of the new log only; false if the buffer is full now, see {@link #whenRoom}. Once the new log has run out of space it takes
     * and forgets everything, and the commit tells.
     */
    boolean appendRewritten(Bytes data, int offset, int length);

    /** Makes the new log the log as soon as it is durable; appending and syncing may go on meanwhile. */
    void commitRewrite(Outcome outcome);

    /** Gives a new log up that is not yet committed. */
    void abandonRewrite();
}

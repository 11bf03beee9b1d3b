// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.storage.device;

/** A disk. One owner, one thread; nothing here blocks or allocates after construction. */
public interface BlockDevice {
    int SECTOR_BYTES = 512;

    /** Size in sectors of {@link #SECTOR_BYTES}. */
    long sectors();

    /** What requests must be multiples of, in position and length: 512 to 4096 bytes. */
    int blockBytes();

    boolean isReadOnly();

    /** How many segments a request may have; one that is longer than {@link #segmentBytes} counts as several. */
    default int maximumSegments() {
        return BlockRequest.MAXIMUM_SEGMENTS;
    }

    /** A multiple of 4096. */
    default int segmentBytes() {
        return 1 << 30;
    }

    /** Whether {@code operation} is offered; reading and, unless read-only, writing always are. */
    boolean supports(BlockRequest.Operation operation);

    /**
     * Queues a request. True: the device holds it until it calls {@link BlockRequest#completed}. False: the queue is full and
     * the caller keeps it. Requests complete in any order; only a flush makes completed writes durable.
     */
    boolean submit(BlockRequest request);

    /** Tells the other side about everything submitted since the last call: once a batch, it is the expensive part. */
    void flush();

    /** Completes requests, each by its {@link BlockRequest#completed}, and returns how many. */
    int poll();

    /** Asks for an interrupt at the next completion; false if one is already waiting (then no interrupt will come). */
    boolean enableInterrupts();
}

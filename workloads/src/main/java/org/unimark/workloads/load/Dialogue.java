// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.load;

import java.nio.ByteBuffer;

/**
 * One connection's side of a protocol: writes requests, reads the answers however they are cut into pieces, and checks
 * each of them against its request. Allocates nothing after construction.
 */
public interface Dialogue {
    /** What {@link #next} found. */
    enum Found {
        /** Read more first. */
        PARTIAL,
        /** The correct answer to the oldest request, which is consumed. */
        CORRECT,
        MALFORMED,
        WRONG_STATUS,
        WRONG_LENGTH,
        WRONG_BODY
    }

    /** Bytes that may be waiting to be sent: all requests that fit the pipeline, and what comes before them. */
    int outputBytes();

    /** Forgets everything: a new connection is being made. Writes what opens it, if anything. */
    void open(ByteBuffer out);

    /** Writes one request. */
    void ask(ByteBuffer out);

    /** Where the next bytes from the network belong. */
    ByteBuffer input();

    /** Looks at what was received; may write the next step of a request that takes several. */
    Found next(ByteBuffer out);

    /** Whether a part of an answer is there. */
    boolean isInsideAnswer();

    /** Whether the server announced that it closes the connection after the last answer. */
    boolean isClosing();
}

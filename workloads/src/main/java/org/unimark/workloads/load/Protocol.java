// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.load;

/** What is asked of a server, over and over, and what it must answer. */
public interface Protocol {
    /**
     * The conversation of one connection; what belongs to the server's state only, such as which key comes next, may be
     * shared between them.
     *
     * @param number of the connection, from 0 on
     * @param pipeline requests that may be outstanding
     */
    Dialogue dialogue(int number, int pipeline);

    /** Whether the server is asked to close the connection after each answer. */
    boolean closes();

    /** Bytes of payload in an answer, 0 where that is of no interest. */
    long bodyBytes();
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.load;

/** Why a request got no correct answer. */
public enum LoadError {
    /** The connection was refused or could not be made. */
    CONNECT,
    /** The peer reset the connection, or writing failed. */
    RESET,
    /** The peer closed before the response was complete. */
    CLOSED_EARLY,
    /** No status line, no length, or a header beyond all bounds. */
    MALFORMED,
    WRONG_STATUS,
    WRONG_LENGTH,
    WRONG_BODY,
    /** No complete response within the time limit of a request. */
    TIMEOUT,
    /** Due in an open loop, but no connection came free before the run ended. */
    UNSERVED
}

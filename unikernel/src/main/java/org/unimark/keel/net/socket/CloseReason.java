// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.socket;

/** Why a connection ended. */
public enum CloseReason {
    /** Both sides finished, or this side called {@link Connection#close} and the peer followed. */
    FINISHED,
    /** The peer reset it. */
    RESET,
    /** This side called {@link Connection#abort}. */
    ABORTED,
    /** The peer stopped answering. */
    TIMED_OUT,
    /** The peer or a router refused it. */
    UNREACHABLE,
    /** Memory for it ran out. */
    NO_MEMORY
}

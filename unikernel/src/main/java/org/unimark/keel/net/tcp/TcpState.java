// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.tcp;

/** The states of RFC 9293, 3.3.2. A connection is never in LISTEN here: {@link TcpListener} stands for that. */
enum TcpState {
    CLOSED,
    LISTEN,
    SYN_SENT,
    SYN_RECEIVED,
    ESTABLISHED,
    FIN_WAIT_1,
    FIN_WAIT_2,
    CLOSE_WAIT,
    CLOSING,
    LAST_ACK,
    TIME_WAIT
}

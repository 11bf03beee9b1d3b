// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import org.unimark.keel.kernel.Rare;

/** What {@code INFO} tells about the server as a whole; {@code CONFIG RESETSTAT} sets it back. */
@Rare
final class Statistics {
    long connections;
    long rejectedConnections;
    long commands;
    long inputBytes;
    long outputBytes;
    long queryLimitDisconnections;
    long outputLimitDisconnections;
    long unknownCommands;

    void reset() {
        connections = 0;
        rejectedConnections = 0;
        commands = 0;
        inputBytes = 0;
        outputBytes = 0;
        queryLimitDisconnections = 0;
        outputLimitDisconnections = 0;
        unknownCommands = 0;
    }
}

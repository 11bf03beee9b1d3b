// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.ipv4;

import org.unimark.keel.buffer.Block;

/** Tells the sender of a packet that it failed; decides itself whether it may (RFC 1122, 3.2.2). */
public interface ErrorReporter {
    /**
     * Reports the packet {@code block.bytes[header, header + length)}.
     *
     * @param type and {@code code} as in ICMP
     */
    void report(Block block, int header, int length, int type, int code, long nowNanos);
}

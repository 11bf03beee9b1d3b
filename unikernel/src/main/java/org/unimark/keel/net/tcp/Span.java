// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.tcp;

import org.unimark.keel.buffer.Block;

/** One piece of a send queue: bytes at an address, kept alive by a block unless they are constants. */
final class Span {
    long address;
    int length;
    /** Null for constants. */
    Block block;

    Span next;
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.part;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.net.wire.InternetChecksum;

/** The Internet checksum of a full segment's payload, 1,460 bytes. */
public final class ChecksumPart implements Part {
    private static final int PAYLOAD_BYTES = 1460;

    private final Bytes payload;
    private int changes;

    public ChecksumPart(Allocator allocator) {
        payload = allocator.allocate(PAYLOAD_BYTES);
        for (int i = 0; i < PAYLOAD_BYTES; i++) {
            payload.put8(i, i * 7);
        }
    }

    @Override
    public long run() {
        payload.put32Little(0, changes++);
        return InternetChecksum.finish(InternetChecksum.sum(payload, 0, PAYLOAD_BYTES));
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.virtio.net;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.machine.Memory;
import org.unimark.keel.net.device.TransmitFrame;

/**
 * What precedes every packet in both directions (virtio 1.2, 5.1.6), little-endian:
 *
 * <pre>
 * 0 flags u8 | 1 gso_type u8 | 2 hdr_len u16 | 4 gso_size u16 | 6 csum_start u16 | 8 csum_offset u16 | 10 num_buffers u16
 * </pre>
 */
final class PacketHeader {
    static final int BYTES = 12;

    private static final int FLAGS = 0;
    private static final int NUM_BUFFERS = 10;
    /** The checksum is partial (the packet never left the host) or was verified by the device: both are as good as right. */
    private static final int CHECKSUM_IS_GOOD = 1 | 2;

    private static final long NEEDS_CHECKSUM = 1;
    private static final long GSO_TCPV4 = 1L << 8;
    private static final int HEADER_LENGTH_SHIFT = 16;
    private static final int SEGMENT_SHIFT = 32;
    private static final int CHECKSUM_START_SHIFT = 48;
    private static final int SECOND_WORD = 8;

    private PacketHeader() {}

    static boolean vouchesForChecksum(Bytes packet) {
        return (packet.u8(FLAGS) & CHECKSUM_IS_GOOD) != 0;
    }

    /** Buffers over which the packet is spread; meaningful if mergeable buffers were negotiated. */
    static int buffers(Bytes packet) {
        return packet.u16Little(NUM_BUFFERS);
    }

    /** Writes the header of {@code frame} to {@code address}, where {@link #BYTES} bytes are free. */
    static void write(TransmitFrame frame, long address) {
        if (frame.checksumStart < 0) {
            Memory.putLong(address, 0);
            Memory.putInt(address + SECOND_WORD, 0);
            return;
        }
        long word = NEEDS_CHECKSUM | (long) frame.checksumStart << CHECKSUM_START_SHIFT;
        if (frame.segmentBytes > 0) {
            word |= GSO_TCPV4
                    | (long) frame.headLength << HEADER_LENGTH_SHIFT
                    | (long) frame.segmentBytes << SEGMENT_SHIFT;
        }
        Memory.putLong(address, word);
        Memory.putInt(address + SECOND_WORD, frame.checksumOffset);
    }
}

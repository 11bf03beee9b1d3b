// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.wire;

import org.unimark.keel.buffer.Bytes;

/**
 * The options of one TCP header (RFC 9293, 3.1; RFC 7323; RFC 2018), read into fields that are used again for the next
 * segment, and the writers of each option. Unknown options are skipped; a length that does not fit ends the reading.
 */
public final class TcpOptions {
    /** Bytes of an aligned timestamps option: two no-operations in front. */
    public static final int TIMESTAMPS_BYTES = 12;
    /** Bytes of a maximum segment size option. */
    public static final int MAXIMUM_SEGMENT_SIZE_BYTES = 4;
    /** Bytes of a window scale option with a no-operation in front. */
    public static final int WINDOW_SCALE_BYTES = 4;
    /** Bytes of a SACK-permitted option with two no-operations in front. */
    public static final int SACK_PERMITTED_BYTES = 4;
    /** Most blocks that fit into one header. */
    public static final int MAXIMUM_SACK_BLOCKS = 4;
    /** Window scale of an option that was not there. */
    public static final int ABSENT = -1;

    private static final int END = 0;
    private static final int NO_OPERATION = 1;
    private static final int MAXIMUM_SEGMENT_SIZE = 2;
    private static final int WINDOW_SCALE = 3;
    private static final int SACK_PERMITTED = 4;
    private static final int SACK = 5;
    private static final int TIMESTAMPS = 8;
    private static final int TIMESTAMPS_LENGTH = 10;
    private static final int ALIGNED_TIMESTAMPS =
            NO_OPERATION << 24 | NO_OPERATION << 16 | TIMESTAMPS << 8 | TIMESTAMPS_LENGTH;

    /** In bytes; 0 if the option was not there. */
    public int maximumSegmentSize;
    /** Shift count as sent (RFC 7323 bids to use at most 14), or {@link #ABSENT}. */
    public int windowScale;

    public boolean sackPermitted;
    /** Whether {@link #timestampValue} and {@link #timestampEcho} were there. */
    public boolean hasTimestamps;

    public int timestampValue;
    public int timestampEcho;
    /** How many of {@link #sackLeft} and {@link #sackRight} are meaningful, 0 to 4. */
    public int sackBlocks;

    /** First sequence number of each block. */
    public final int[] sackLeft = new int[MAXIMUM_SACK_BLOCKS];
    /** Sequence number behind the last of each block. */
    public final int[] sackRight = new int[MAXIMUM_SACK_BLOCKS];

    public void clear() {
        maximumSegmentSize = 0;
        windowScale = ABSENT;
        sackPermitted = false;
        hasTimestamps = false;
        timestampValue = 0;
        timestampEcho = 0;
        sackBlocks = 0;
    }

    /** Reads the options in {@code bytes[at, end)}; returns false if they are malformed (what came before is kept). */
    public boolean parse(Bytes bytes, int at, int end) {
        clear();
        // Nearly every segment of an established connection carries exactly this (RFC 7323, appendix A).
        if (end - at == TIMESTAMPS_BYTES && bytes.i32(at) == ALIGNED_TIMESTAMPS) {
            takeTimestamps(bytes, at + 4);
            return true;
        }
        int position = at;
        while (position < end) {
            int kind = bytes.u8(position);
            if (kind == END) {
                return true;
            }
            if (kind == NO_OPERATION) {
                position++;
                continue;
            }
            if (position + 2 > end) {
                return false;
            }
            int length = bytes.u8(position + 1);
            if (length < 2 || position + length > end || !take(kind, bytes, position + 2, length)) {
                return false;
            }
            position += length;
        }
        return true;
    }

    private boolean take(int kind, Bytes bytes, int value, int length) {
        switch (kind) {
            case MAXIMUM_SEGMENT_SIZE:
                if (length != 4) {
                    return false;
                }
                maximumSegmentSize = bytes.u16(value);
                return true;
            case WINDOW_SCALE:
                if (length != 3) {
                    return false;
                }
                windowScale = bytes.u8(value);
                return true;
            case SACK_PERMITTED:
                sackPermitted = length == 2;
                return sackPermitted;
            case TIMESTAMPS:
                if (length != TIMESTAMPS_LENGTH) {
                    return false;
                }
                takeTimestamps(bytes, value);
                return true;
            case SACK:
                return takeSack(bytes, value, length - 2);
            default:
                return true;
        }
    }

    private void takeTimestamps(Bytes bytes, int value) {
        hasTimestamps = true;
        timestampValue = bytes.i32(value);
        timestampEcho = bytes.i32(value + 4);
    }

    private boolean takeSack(Bytes bytes, int value, int length) {
        if (length == 0 || (length & 7) != 0 || length >> 3 > MAXIMUM_SACK_BLOCKS) {
            return false;
        }
        sackBlocks = length >> 3;
        for (int i = 0; i < sackBlocks; i++) {
            sackLeft[i] = bytes.i32(value + 8 * i);
            sackRight[i] = bytes.i32(value + 8 * i + 4);
        }
        return true;
    }

    /** Writes {@link #MAXIMUM_SEGMENT_SIZE_BYTES} bytes and returns the position behind them. */
    public static int putMaximumSegmentSize(Bytes bytes, int at, int segmentBytes) {
        bytes.put32(at, MAXIMUM_SEGMENT_SIZE << 24 | MAXIMUM_SEGMENT_SIZE_BYTES << 16 | segmentBytes & 0xffff);
        return at + MAXIMUM_SEGMENT_SIZE_BYTES;
    }

    /** Writes {@link #WINDOW_SCALE_BYTES} bytes and returns the position behind them. */
    public static int putWindowScale(Bytes bytes, int at, int shift) {
        bytes.put32(at, NO_OPERATION << 24 | WINDOW_SCALE << 16 | 3 << 8 | shift & 0xff);
        return at + WINDOW_SCALE_BYTES;
    }

    /** Writes {@link #SACK_PERMITTED_BYTES} bytes and returns the position behind them. */
    public static int putSackPermitted(Bytes bytes, int at) {
        bytes.put32(at, NO_OPERATION << 24 | NO_OPERATION << 16 | SACK_PERMITTED << 8 | 2);
        return at + SACK_PERMITTED_BYTES;
    }

    /** Writes {@link #TIMESTAMPS_BYTES} bytes and returns the position behind them. */
    public static int putTimestamps(Bytes bytes, int at, int value, int echo) {
        bytes.put32(at, ALIGNED_TIMESTAMPS);
        bytes.put64(at + 4, (long) value << 32 | echo & 0xffffffffL);
        return at + TIMESTAMPS_BYTES;
    }

    /** Writes the head of a SACK option for {@code blocks} blocks and returns where the first of them belongs. */
    public static int putSackHead(Bytes bytes, int at, int blocks) {
        bytes.put32(at, NO_OPERATION << 24 | NO_OPERATION << 16 | SACK << 8 | 2 + 8 * blocks);
        return at + 4;
    }

    /** Writes one block and returns the position behind it. */
    public static int putSackBlock(Bytes bytes, int at, int left, int right) {
        bytes.put64(at, (long) left << 32 | right & 0xffffffffL);
        return at + 8;
    }
}

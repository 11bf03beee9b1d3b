// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.ipv4;

import org.unimark.keel.buffer.Block;
import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Timer;
import org.unimark.keel.net.wire.Ipv4View;

/** One datagram of which pieces have arrived. */
final class Datagram extends Timer {
    /** Pieces that are held; a datagram in more is dropped. */
    static final int MAXIMUM_FRAGMENTS = 12;
    /** Length while the last piece is missing. */
    static final int UNKNOWN = -1;

    enum Outcome {
        HELD,
        DUPLICATE,
        OVERLAPPING,
        MALFORMED,
        TOO_MANY
    }

    private final Reassembly owner;
    private final Block[] blocks = new Block[MAXIMUM_FRAGMENTS];
    private final int[] headers = new int[MAXIMUM_FRAGMENTS];
    /** Where each piece's payload belongs in the whole, in bytes. */
    private final int[] starts = new int[MAXIMUM_FRAGMENTS];

    private final int[] ends = new int[MAXIMUM_FRAGMENTS];
    private int fragments;
    private int heldBytes;

    boolean isUsed;
    /** Its pieces contradicted each other: whatever else arrives of it is dropped, until it times out (RFC 5722). */
    boolean isPoisoned;

    int source;
    int destination;
    int identification;
    int protocol;
    long begunNanos;
    /** Of the whole payload in bytes, or {@link #UNKNOWN}. */
    private int length;

    Datagram(Reassembly owner) {
        this.owner = owner;
    }

    void begin(Bytes bytes, int at, long nowNanos) {
        isUsed = true;
        isPoisoned = false;
        source = Ipv4View.source(bytes, at);
        destination = Ipv4View.destination(bytes, at);
        identification = Ipv4View.identification(bytes, at);
        protocol = Ipv4View.protocol(bytes, at);
        begunNanos = nowNanos;
        length = UNKNOWN;
        heldBytes = 0;
    }

    boolean matches(Bytes bytes, int at) {
        return isUsed
                && identification == Ipv4View.identification(bytes, at)
                && source == Ipv4View.source(bytes, at)
                && destination == Ipv4View.destination(bytes, at)
                && protocol == Ipv4View.protocol(bytes, at);
    }

    /** Keeps a piece by reference, unless it contradicts what is held. */
    Outcome add(Block block, int at, int headerLength) {
        int fragment = Ipv4View.fragment(block.bytes, at);
        int start = (fragment & Ipv4View.OFFSET_MASK) << 3;
        int end = start + Ipv4View.totalLength(block.bytes, at) - headerLength;
        boolean isLast = (fragment & Ipv4View.MORE_FRAGMENTS) == 0;
        if (end == start || !isLast && (end & 7) != 0 || end > Reassembly.MAXIMUM_PAYLOAD_BYTES) {
            return Outcome.MALFORMED;
        }
        if (isLast ? length != UNKNOWN && length != end : length != UNKNOWN && end > length) {
            return Outcome.OVERLAPPING;
        }
        for (int i = 0; i < fragments; i++) {
            if (starts[i] == start && ends[i] == end) {
                return Outcome.DUPLICATE;
            }
            if (start < ends[i] && starts[i] < end || isLast && ends[i] > end) {
                return Outcome.OVERLAPPING;
            }
        }
        if (fragments == MAXIMUM_FRAGMENTS) {
            return Outcome.TOO_MANY;
        }
        blocks[fragments] = block.retain();
        headers[fragments] = at;
        starts[fragments] = start;
        ends[fragments] = end;
        fragments++;
        heldBytes += end - start;
        length = isLast ? end : length;
        return Outcome.HELD;
    }

    /** All pieces are there: they do not overlap, so that counting bytes is enough. */
    boolean isComplete() {
        return heldBytes == length;
    }

    /** Writes header and payload to the start of {@code whole}. */
    void assemble(Block whole) {
        int headerBytes = Ipv4View.HEADER_BYTES;
        for (int i = 0; i < fragments; i++) {
            Bytes bytes = blocks[i].bytes;
            int headerLength = (bytes.u8(headers[i]) & 0xf) << 2;
            int payload = headers[i] + headerLength;
            whole.bytes.copyFrom(headerBytes + starts[i], bytes, payload, ends[i] - starts[i]);
            if (starts[i] == 0) {
                int lives = Ipv4View.timeToLive(bytes, headers[i]) << 8 | protocol;
                Ipv4View.put(whole.bytes, 0, headerBytes + length, identification, 0, lives, source, destination);
            }
        }
        whole.start = 0;
        whole.end = headerBytes + length;
    }

    /** Index of the piece that has the transport header, or -1. */
    private int first() {
        for (int i = 0; i < fragments; i++) {
            if (starts[i] == 0) {
                return i;
            }
        }
        return -1;
    }

    /** Sends the error that RFC 1122, 3.3.2 asks for: only if the first piece is there to be quoted. */
    void report(ErrorReporter errors, int type, int code, long nowNanos) {
        int first = first();
        if (first >= 0) {
            int quoted = Ipv4View.totalLength(blocks[first].bytes, headers[first]);
            errors.report(blocks[first], headers[first], quoted, type, code, nowNanos);
        }
    }

    /** Lets go of all pieces and returns how many they were. */
    int dropFragments() {
        int dropped = fragments;
        for (int i = 0; i < fragments; i++) {
            blocks[i].release();
            blocks[i] = null;
        }
        fragments = 0;
        return dropped;
    }

    @Override
    protected void expired(long nowNanos) {
        owner.expired(this, nowNanos);
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.http;

import org.unimark.keel.application.Platform;
import org.unimark.keel.buffer.Bytes;

/** What the connections of one server share: the site, the current date and pools of bounded size. */
final class Resources {
    /** Heads that wait for a slow peer or for the end of a request's body, at most. */
    static final int MAXIMUM_BUFFERS = 1024;

    static final int RANGE_SETS = 64;
    /** Free buffers that there are after {@link #grow}. */
    private static final int BUFFERS_AHEAD = 16;

    final Site site;
    final DateStamp date;
    final HeadCache heads;
    final Multipart multipart;

    /** Ends of heads by what they say about the connection: the constants of {@link Response}. */
    final Bytes[] headEnds = new Bytes[3];

    /** For a head that is composed and written in one go. */
    final HeadBuffer scratch;

    private final Platform platform;
    private HeadBuffer freeBuffers;
    private int freeBufferCount;
    private int buffers;
    private RangeSet freeRangeSets;

    Resources(Platform platform, Site site) {
        this.platform = platform;
        this.site = site;
        date = new DateStamp(platform.allocate(HttpDate.LENGTH));
        heads = new HeadCache(platform.allocate(HeadCache.bytesNeeded()), site, date);
        multipart = new Multipart(site, platform.random().nextLong());
        headEnds[Response.PERSISTENT] = ascii("\r\n");
        headEnds[Response.CLOSE] = ascii("Connection: close\r\n\r\n");
        headEnds[Response.KEEP_ALIVE] = ascii("Connection: keep-alive\r\n\r\n");
        scratch = new HeadBuffer(platform.allocate(HeadBuffer.CAPACITY));
        int maximumRanges = site.setting(Setting.MAX_RANGES);
        for (int i = 0; i < RANGE_SETS; i++) {
            release(new RangeSet(maximumRanges));
        }
        grow();
    }

    private Bytes ascii(String text) {
        Bytes bytes = platform.allocate(text.length());
        bytes.putAscii(0, text);
        return bytes;
    }

    /**
     * Sees to it that some buffers are free, unless there are too many already. Called for each new connection and each
     * second, so that the way of a response never allocates.
     */
    void grow() {
        while (freeBufferCount < BUFFERS_AHEAD && buffers < MAXIMUM_BUFFERS) {
            release(new HeadBuffer(platform.allocate(HeadBuffer.CAPACITY)));
            buffers++;
        }
    }

    /** Returns null when all are in use. */
    HeadBuffer takeBuffer() {
        HeadBuffer buffer = freeBuffers;
        if (buffer != null) {
            freeBuffers = buffer.next;
            freeBufferCount--;
            buffer.clear();
        }
        return buffer;
    }

    void release(HeadBuffer buffer) {
        buffer.next = freeBuffers;
        freeBuffers = buffer;
        freeBufferCount++;
    }

    /** Returns null when all are in use. */
    RangeSet takeRanges() {
        RangeSet ranges = freeRangeSets;
        if (ranges != null) {
            freeRangeSets = ranges.next;
        }
        return ranges;
    }

    void release(RangeSet ranges) {
        ranges.next = freeRangeSets;
        freeRangeSets = ranges;
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.http;

import org.unimark.keel.application.Platform;

/** What the connections of one server share: the site, the current date and pools of bounded size. */
final class Resources {
    /** Heads that wait for a slow peer or for the end of a request's body, at most. */
    static final int MAXIMUM_BUFFERS = 1024;

    static final int MAXIMUM_RANGE_SETS = 256;
    private static final int BUFFERS_AT_ONCE = 16;

    final Site site;
    final DateStamp date;
    final HeadCache heads;
    final Multipart multipart;

    /** For a head that is composed and written in one go. */
    final HeadBuffer scratch;

    private final Platform platform;
    private final int maximumRanges;
    private HeadBuffer freeBuffers;
    private int buffers;
    private RangeSet freeRangeSets;
    private int rangeSets;

    Resources(Platform platform, Site site) {
        this.platform = platform;
        this.site = site;
        date = new DateStamp(platform.allocate(HttpDate.LENGTH));
        heads = new HeadCache(platform.allocate(HeadCache.bytesNeeded()), site, date);
        multipart = new Multipart(site, platform.random().nextLong());
        scratch = new HeadBuffer(platform.allocate(HeadBuffer.CAPACITY));
        maximumRanges = site.setting(Setting.MAX_RANGES);
    }

    /** Returns null when all are in use. */
    HeadBuffer takeBuffer() {
        if (freeBuffers == null && buffers < MAXIMUM_BUFFERS) {
            for (int i = 0; i < BUFFERS_AT_ONCE; i++) {
                release(new HeadBuffer(platform.allocate(HeadBuffer.CAPACITY)));
            }
            buffers += BUFFERS_AT_ONCE;
        }
        HeadBuffer buffer = freeBuffers;
        if (buffer != null) {
            freeBuffers = buffer.next;
            buffer.clear();
        }
        return buffer;
    }

    void release(HeadBuffer buffer) {
        buffer.next = freeBuffers;
        freeBuffers = buffer;
    }

    /** Returns null when all are in use. */
    RangeSet takeRanges() {
        RangeSet ranges = freeRangeSets;
        if (ranges != null) {
            freeRangeSets = ranges.next;
        } else if (rangeSets < MAXIMUM_RANGE_SETS) {
            rangeSets++;
            ranges = new RangeSet(maximumRanges);
        }
        return ranges;
    }

    void release(RangeSet ranges) {
        ranges.next = freeRangeSets;
        freeRangeSets = ranges;
    }
}

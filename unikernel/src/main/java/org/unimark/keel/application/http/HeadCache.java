// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.http;

import org.unimark.keel.buffer.Bytes;

/**
 * Ready heads with the current Date: the heads of a site are read-only, so the popular ones live here a second time and
 * get their date when they are first sent in a second. Directly mapped; a miss costs one copy.
 */
final class HeadCache {
    private static final int SLOTS = 64;
    private static final int SLOT_BYTES = 1024;
    /** A slot: date version and response, then the head. */
    private static final int HEAD = 8;

    private final Bytes memory;
    private final Site site;
    private final DateStamp date;

    HeadCache(Bytes memory, Site site, DateStamp date) {
        this.memory = memory;
        this.site = site;
        this.date = date;
    }

    static int bytesNeeded() {
        return SLOTS * SLOT_BYTES;
    }

    Bytes memory() {
        return memory;
    }

    /** Returns where in {@link #memory} the head of the response begins; valid until the next call. */
    int head(int response) {
        int slot = (response & (SLOTS - 1)) * SLOT_BYTES;
        long wanted = (long) date.version() << 32 | response;
        if (memory.i64Little(slot) != wanted) {
            refresh(slot, wanted, response);
        }
        return slot + HEAD;
    }

    private void refresh(int slot, long wanted, int response) {
        memory.copyFrom(
                slot + HEAD,
                site.bytes(),
                site.responseField(response, SiteFormat.RESPONSE_HEAD_AT),
                site.responseField(response, SiteFormat.RESPONSE_HEAD_LENGTH));
        date.copyTo(memory, slot + HEAD + site.responseField(response, SiteFormat.RESPONSE_DATE_AT));
        memory.put64Little(slot, wanted);
    }
}

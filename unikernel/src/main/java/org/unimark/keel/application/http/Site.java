// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.http;

import org.unimark.keel.buffer.Bytes;

/** A compiled site, read where it lies. Entries and responses are numbers; see {@link SiteFormat} for the layout. */
final class Site {
    private final Bytes bytes;
    private final int slots;
    private final int slotCount;
    private final int entries;
    private final int responses;
    private final int settings;

    /** Response for each status code from 400 to 599, or {@link SiteFormat#NONE}. */
    private final int[] errors = new int[200];

    /**
     * @param bytes the resource
     * @throws IllegalArgumentException if it is not a compiled site
     */
    Site(Bytes bytes) {
        this.bytes = bytes;
        if (bytes.length() < SiteFormat.HEADER_BYTES || bytes.i32Little(SiteFormat.HEADER_MAGIC) != SiteFormat.MAGIC) {
            throw new IllegalArgumentException("resource " + SiteFormat.RESOURCE + " is not a compiled site");
        }
        slots = bytes.i32Little(SiteFormat.HEADER_SLOTS);
        slotCount = bytes.i32Little(SiteFormat.HEADER_SLOT_COUNT);
        entries = bytes.i32Little(SiteFormat.HEADER_ENTRIES);
        responses = bytes.i32Little(SiteFormat.HEADER_RESPONSES);
        settings = bytes.i32Little(SiteFormat.HEADER_SETTINGS);
        readErrors();
    }

    private void readErrors() {
        for (int i = 0; i < errors.length; i++) {
            errors[i] = SiteFormat.NONE;
        }
        int at = bytes.i32Little(SiteFormat.HEADER_ERRORS);
        for (int i = bytes.i32Little(SiteFormat.HEADER_ERROR_COUNT); i > 0; i--) {
            int status = bytes.i32Little(at + SiteFormat.ERROR_STATUS);
            errors[status - 400] = bytes.i32Little(at + SiteFormat.ERROR_RESPONSE);
            at += SiteFormat.ERROR_BYTES;
        }
    }

    Bytes bytes() {
        return bytes;
    }

    int setting(int number) {
        return bytes.i32Little(settings + 4 * number);
    }

    int commonAt() {
        return bytes.i32Little(SiteFormat.HEADER_COMMON_AT);
    }

    int commonLength() {
        return bytes.i32Little(SiteFormat.HEADER_COMMON_LENGTH);
    }

    /** Returns the entry of {@code path[at, at + length)} with the given {@link SiteFormat#hash}, or NONE. */
    int find(int hash, Bytes path, int at, int length) {
        int slot = SiteFormat.slot(hash, slotCount);
        while (true) {
            long hashAndEntry = bytes.i64Little(slots + slot * SiteFormat.SLOT_BYTES);
            int entry = (int) (hashAndEntry >> 32) - 1;
            if (entry < 0) {
                return SiteFormat.NONE;
            }
            if ((int) hashAndEntry == hash) {
                long place = bytes.i64Little(entries + entry * SiteFormat.ENTRY_BYTES + SiteFormat.ENTRY_PATH_AT);
                if ((int) (place >> 32) == length && bytes.matches((int) place, path, at, length)) {
                    return entry;
                }
            }
            slot = (slot + 1) & (slotCount - 1);
        }
    }

    /** The number of the identity response of a file, or NONE if the entry is no file. */
    int file(int entry) {
        long kindAndResponse = bytes.i64Little(entries + entry * SiteFormat.ENTRY_BYTES + SiteFormat.ENTRY_KIND);
        return (int) kindAndResponse == SiteFormat.KIND_FILE ? (int) (kindAndResponse >> 32) : SiteFormat.NONE;
    }

    /** Position of the body in the lower half, its length in the upper. */
    long bodyPlace(int response) {
        return bytes.i64Little(responses + response * SiteFormat.RESPONSE_BYTES + SiteFormat.RESPONSE_BODY_AT);
    }

    /** One of the {@code ENTRY_} fields. */
    int entryField(int entry, int field) {
        return bytes.i32Little(entries + entry * SiteFormat.ENTRY_BYTES + field);
    }

    /** When the file was last modified, in seconds since 1970. */
    long modifiedSeconds(int entry) {
        return entryField(entry, SiteFormat.ENTRY_MODIFIED) & 0xffffffffL;
    }

    /** One of the {@code RESPONSE_} fields. */
    int responseField(int response, int field) {
        return bytes.i32Little(responses + response * SiteFormat.RESPONSE_BYTES + field);
    }

    /** The response for an error, by its status code. */
    int errorResponse(int status) {
        return errors[status - 400];
    }
}

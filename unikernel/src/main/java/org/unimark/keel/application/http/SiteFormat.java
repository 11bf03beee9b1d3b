// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.http;

/**
 * The layout of a compiled site: one read-only resource that the image builder writes and {@link Site} reads. All numbers
 * are 32 bits wide and little-endian, all positions count from the start of the resource.
 *
 * <pre>
 *   header | settings | slots | entries | responses | errors | paths, heads, types, tags | bodies (64-byte aligned)
 * </pre>
 *
 * A <em>slot</em> of the open-addressing table leads from the hash of a path to an <em>entry</em>, the entry to one
 * <em>response</em> for each content coding. A response is a ready head and a body. In every head the 29 bytes at
 * {@link #RESPONSE_DATE_AT} are the value of Date; head[0, VALIDATORS_END) are status line, Date and what is repeated in a
 * 304; head[0, TYPE_END) is all but Content-Length and the empty line, as a 206 repeats it.
 */
public final class SiteFormat {
    /** The name of the sealed resource. */
    public static final String RESOURCE = "http.site";

    /** "KHS1". */
    public static final int MAGIC = 0x3153484b;

    public static final int HEADER_MAGIC = 0;
    public static final int HEADER_SLOTS = 4;
    public static final int HEADER_SLOT_COUNT = 8;
    public static final int HEADER_ENTRIES = 12;
    public static final int HEADER_RESPONSES = 16;
    public static final int HEADER_ERRORS = 20;
    public static final int HEADER_ERROR_COUNT = 24;
    public static final int HEADER_SETTINGS = 28;
    /** Header lines that every response carries, each with its line end: Server and those of the configuration. */
    public static final int HEADER_COMMON_AT = 32;

    public static final int HEADER_COMMON_LENGTH = 36;
    public static final int HEADER_BYTES = 64;

    // Pairs that a request needs both of follow each other, to be read as one number of 64 bits: the two of a slot,
    // place and length of a path, kind and identity of an entry, place and length of a body.

    /** A slot: the hash of the path, and 1 + the number of the entry or 0 for an empty slot. */
    public static final int SLOT_HASH = 0;

    public static final int SLOT_ENTRY = 4;
    public static final int SLOT_BYTES = 8;

    public static final int ENTRY_PATH_AT = 0;
    public static final int ENTRY_PATH_LENGTH = 4;
    public static final int ENTRY_KIND = 8;
    /** Number of the response without a content coding, or of the redirect. */
    public static final int ENTRY_IDENTITY = 12;

    /** Number of the response in gzip coding, or {@link #NONE}. */
    public static final int ENTRY_GZIP = 16;
    /** For redirects: the percent-encoded value of Location. */
    public static final int ENTRY_LOCATION_AT = 20;

    public static final int ENTRY_LOCATION_LENGTH = 24;
    /** Last-Modified in seconds since 1970, unsigned. */
    public static final int ENTRY_MODIFIED = 28;

    public static final int ENTRY_BYTES = 32;

    public static final int KIND_FILE = 0;
    public static final int KIND_REDIRECT = 1;
    public static final int KIND_METRICS = 2;

    public static final int NONE = -1;

    public static final int RESPONSE_HEAD_AT = 0;
    public static final int RESPONSE_HEAD_LENGTH = 4;
    public static final int RESPONSE_DATE_AT = 8;
    public static final int RESPONSE_VALIDATORS_END = 12;
    public static final int RESPONSE_TYPE_END = 16;
    public static final int RESPONSE_BODY_AT = 20;
    public static final int RESPONSE_BODY_LENGTH = 24;
    /** The entity tag with its quotes; length 0 if there is none. */
    public static final int RESPONSE_TAG_AT = 28;

    public static final int RESPONSE_TAG_LENGTH = 32;
    /** The media type, for the parts of a multipart response. */
    public static final int RESPONSE_TYPE_AT = 36;

    public static final int RESPONSE_TYPE_LENGTH = 40;
    public static final int RESPONSE_STATUS = 44;
    public static final int RESPONSE_BYTES = 48;

    /** An error: a status code and the number of its response. */
    public static final int ERROR_STATUS = 0;

    public static final int ERROR_RESPONSE = 4;
    public static final int ERROR_BYTES = 8;

    /** A ready head is at most this long, so that it fits a slot of {@link HeadCache}. */
    public static final int MAXIMUM_HEAD_BYTES = 1016;

    /** The status codes for which a site holds a page. */
    public static final int[] ERROR_STATUSES = {400, 404, 405, 408, 412, 413, 414, 416, 431, 500, 501, 503, 505};

    public static final int DATE_BYTES = 29;

    public static final int BODY_ALIGNMENT = 64;

    private static final int HASH_FACTOR = 31;

    private SiteFormat() {}

    /** The hash of a path is this, folded over its bytes from 0 on. */
    public static int hash(int hash, int nextByte) {
        return hash * HASH_FACTOR + nextByte;
    }

    /** Where the search for {@code hash} begins in a table of {@code slots}, a power of two. */
    public static int slot(int hash, int slots) {
        // Multiplicative hashing (Knuth): the short hash of a short path varies in its low bits only.
        return (hash * 0x9e3779b1 >>> 8) & (slots - 1);
    }
}

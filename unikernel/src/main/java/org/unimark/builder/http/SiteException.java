// SPDX-License-Identifier: Apache-2.0
package org.unimark.builder.http;

/** A site or its configuration cannot be compiled; the message says where and why, for the person who wrote it. */
public final class SiteException extends RuntimeException {
    public SiteException(String message) {
        super(message);
    }
}

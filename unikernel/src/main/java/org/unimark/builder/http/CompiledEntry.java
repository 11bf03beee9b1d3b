// SPDX-License-Identifier: Apache-2.0
package org.unimark.builder.http;

import org.unimark.keel.application.http.SiteFormat;

/**
 * A path of a site and what is found there.
 *
 * @param path decoded, beginning with a slash
 * @param kind a {@code KIND_} constant of {@link SiteFormat}
 * @param identity number of the response without a content coding, or NONE
 * @param gzip number of the response in gzip coding, or NONE
 * @param location for a redirect, where it leads
 * @param modifiedSeconds when the file was last modified, since 1970
 */
record CompiledEntry(String path, int kind, int identity, int gzip, String location, long modifiedSeconds) {
    static CompiledEntry file(String path, int identity, int gzip, long modifiedSeconds) {
        return new CompiledEntry(path, SiteFormat.KIND_FILE, identity, gzip, "", modifiedSeconds);
    }

    static CompiledEntry redirect(String path, int response, String location) {
        return new CompiledEntry(path, SiteFormat.KIND_REDIRECT, response, SiteFormat.NONE, location, 0);
    }

    static CompiledEntry metrics(String path) {
        return new CompiledEntry(path, SiteFormat.KIND_METRICS, SiteFormat.NONE, SiteFormat.NONE, "", 0);
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.builder.http;

import java.nio.charset.StandardCharsets;
import org.unimark.keel.application.http.SiteFormat;

/**
 * A response of a site: head and body as they will be sent, apart from the date.
 *
 * @param validatorsEnd where the part of the head ends that a 304 repeats
 * @param typeEnd where Content-Length begins
 * @param tag the entity tag with quotes, or empty
 * @param type the media type
 */
record CompiledResponse(
        int status, byte[] head, int dateAt, int validatorsEnd, int typeEnd, byte[] body, String tag, String type) {

    /**
     * Makes the head.
     *
     * @param statusLine without line end
     * @param validators header lines, each with its line end, that describe the representation
     * @param details header lines, each with its line end, that a 206 repeats and a 304 does not
     */
    static CompiledResponse of(
            int status, String statusLine, String validators, String details, byte[] body, String tag, String type) {
        String dateName = statusLine + "\r\nDate: ";
        String untilValidators = dateName + "?".repeat(SiteFormat.DATE_BYTES) + "\r\n" + validators;
        String untilType = untilValidators + details + "Content-Type: " + type + "\r\n";
        byte[] head = (untilType + "Content-Length: " + body.length + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
        if (head.length > SiteFormat.MAXIMUM_HEAD_BYTES) {
            throw new SiteException("the header fields of a response take " + head.length + " bytes, more than "
                    + SiteFormat.MAXIMUM_HEAD_BYTES + ": set fewer or shorter 'header.' values");
        }
        return new CompiledResponse(
                status, head, dateName.length(), untilValidators.length(), untilType.length(), body, tag, type);
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.http;

/** Numbers of the configuration, in the order in which a compiled site stores them (32 bits each). */
public final class Setting {
    public static final int PORT = 0;
    public static final int BACKLOG = 1;
    public static final int MAX_CONNECTIONS = 2;
    public static final int KEEPALIVE_REQUESTS = 3;
    public static final int KEEPALIVE_TIMEOUT_SECONDS = 4;
    public static final int HEADER_TIMEOUT_SECONDS = 5;
    public static final int BODY_TIMEOUT_SECONDS = 6;
    public static final int SEND_TIMEOUT_SECONDS = 7;
    public static final int LINGERING_TIMEOUT_SECONDS = 8;
    public static final int MAX_REQUEST_LINE_BYTES = 9;
    public static final int MAX_HEADER_BYTES = 10;
    public static final int MAX_HEADERS = 11;
    public static final int MAX_BODY_BYTES = 12;
    public static final int MAX_RANGES = 13;
    /** 1 if requests are logged. */
    public static final int ACCESS_LOG = 14;

    public static final int COUNT = 15;

    private Setting() {}
}

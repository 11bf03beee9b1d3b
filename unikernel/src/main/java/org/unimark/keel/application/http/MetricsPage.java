// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.http;

import org.unimark.keel.application.Platform;
import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Counter;
import org.unimark.keel.kernel.Counters;

/**
 * All counters as text, one {@code keel_name value} a line, as monitoring systems read it (dots in names become
 * underscores). A page keeps its text until it has been sent.
 */
final class MetricsPage {
    private static final String PREFIX = "keel_";
    /** The longest line: prefix, name, space, 19 digits, line feed. */
    private static final int MAXIMUM_LINE_BYTES = 128;

    /** Counters that come to life after the page was made still find room. */
    private static final int SPARE_LINES = 32;

    /** For pools. */
    MetricsPage next;

    private final Platform platform;
    private final HttpServer server;
    private final Bytes bytes;

    MetricsPage(Platform platform, HttpServer server) {
        this.platform = platform;
        this.server = server;
        this.bytes = platform.allocate((platform.counters().size() + SPARE_LINES) * MAXIMUM_LINE_BYTES);
    }

    Bytes bytes() {
        return bytes;
    }

    void release() {
        server.release(this);
    }

    /** Writes the page anew and returns its length. */
    int render() {
        int at = line(0, "uptime_seconds", platform.clock().nanos() / 1_000_000_000L);
        at = line(at, "heap_allocated_bytes", platform.heapAllocatedBytes());
        at = line(at, "http_connections", server.connections());
        Counters counters = platform.counters();
        for (int i = 0; i < counters.size(); i++) {
            Counter counter = counters.get(i);
            at = line(at, counter.name(), counter.value());
        }
        return at;
    }

    /** A line that does not fit is left out: a page in part is better than none. */
    private int line(int from, String name, long value) {
        if (PREFIX.length() + name.length() + 22 > bytes.length() - from) {
            return from;
        }
        int at = bytes.putAscii(from, PREFIX);
        for (int i = 0; i < name.length(); i++) {
            char letter = name.charAt(i);
            bytes.put8(at++, letter == '.' ? '_' : letter);
        }
        bytes.put8(at++, ' ');
        at = Decimal.put(bytes, at, Math.max(value, 0));
        bytes.put8(at++, '\n');
        return at;
    }
}

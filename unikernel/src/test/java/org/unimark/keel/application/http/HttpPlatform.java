// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.http;

import org.unimark.keel.simulation.ScriptedConnection;
import org.unimark.keel.simulation.ScriptedPlatform;

/** The HTTP application with a compiled site, on a platform whose network is the test. */
final class HttpPlatform extends ScriptedPlatform {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final int RECEIVE_BYTES = 64 * 1024;

    HttpPlatform(byte[] site) {
        super(1, 64 << 20, null, RECEIVE_BYTES);
        if (site != null) {
            seal(SiteFormat.RESOURCE, site);
        }
        new HttpApplication().start(this);
    }

    /** Sends a request on a connection of its own and returns all that comes back. */
    String exchange(String request) {
        ScriptedConnection connection = connect();
        connection.arrive(request);
        return connection.takeText();
    }

    void passSeconds(int seconds) {
        for (int i = 0; i < 10 * seconds; i++) {
            pass(NANOS_PER_SECOND / 10);
        }
        // A timer may be a tick late.
        pass(NANOS_PER_SECOND / 500);
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import org.unimark.keel.kernel.Rare;
import org.unimark.keel.kernel.Timer;

/**
 * {@code CLIENT PAUSE}: until its end, nothing that clients send is looked at, or nothing of it executed that may write. What
 * they have sent stays where it is, so that a pause costs no memory.
 */
@Rare
final class Pause extends Timer {
    private static final long NANOS_PER_MILLI = 1_000_000L;
    private static final long LONGEST_MILLIS = Long.MAX_VALUE / NANOS_PER_MILLI / 2;

    private final KvServer server;
    private boolean isForAll;

    Pause(KvServer server) {
        this.server = server;
    }

    /** Another pause may only make this one longer and stricter. */
    void begin(long millis, boolean forAll) {
        long end = server.platform.clock().nanos() + Math.min(millis, LONGEST_MILLIS) * NANOS_PER_MILLI;
        if (!isScheduled() || end > deadlineNanos()) {
            server.platform.timers().schedule(this, end);
        }
        isForAll |= forAll;
        for (KvClient client = server.clients(); client != null; client = client.next) {
            join(client);
        }
    }

    /** A client has come. */
    void join(KvClient client) {
        if (isScheduled()) {
            client.modes |= KvClient.WRITES_PAUSED;
            client.hold(isForAll ? KvClient.PAUSED : 0);
        }
    }

    void end() {
        server.platform.timers().cancel(this);
        isForAll = false;
        for (KvClient client = server.clients(); client != null; client = client.next) {
            client.modes &= ~KvClient.WRITES_PAUSED;
            client.release(KvClient.PAUSED);
        }
    }

    @Override
    protected void expired(long nowNanos) {
        end();
        server.transmit();
    }
}

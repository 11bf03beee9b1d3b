// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import org.unimark.keel.application.Application;
import org.unimark.keel.application.Platform;
import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Rare;
import org.unimark.keel.storage.RecordLog;
import org.unimark.keel.storage.StorageException;

/** A key-value store that clients of Redis can talk to; {@code kv.properties}, if sealed into the image, configures it. */
@Rare
public final class KvApplication implements Application {
    /** Of what is left when everything else has been allocated, the part that stays for buffers of connections. */
    private static final int SPARE_SHIFT = 3;

    private static final long LARGEST_ARENA = (1L << 31) - 2 * Pages.PAGE_BYTES;
    private static final long SMALLEST_ARENA = 1 << 20;

    @Override
    public void start(Platform platform) {
        Configuration configuration = new Configuration();
        Bytes resource = platform.resource(Configuration.RESOURCE);
        String problem = resource == null ? null : configuration.read(resource);
        if (problem == null && configuration.append != Configuration.APPEND_OFF && platform.storage() == null) {
            problem = "kv: appendonly needs a disk, and there is none";
        }
        RecordLog log = null;
        if (problem == null) {
            try {
                // Before the keyspace takes what is left.
                log = Durability.open(platform, configuration);
            } catch (StorageException failure) {
                problem = "kv: the log cannot be used: " + failure.getMessage();
            }
        }
        long arenaBytes = arenaBytes(platform, configuration);
        if (problem == null && arenaBytes < SMALLEST_ARENA) {
            problem = "kv: too little memory for a keyspace";
        }
        if (problem != null) {
            platform.log().line(problem);
            platform.exit(1);
            return;
        }
        KvServer server = new KvServer(platform, configuration, platform.allocateUncleared((int) arenaBytes), log);
        server.start();
    }

    private static long arenaBytes(Platform platform, Configuration configuration) {
        long available = platform.availableBytes();
        long most = available - (available >> SPARE_SHIFT);
        if (configuration.maximumMemory > 0) {
            // Room for what is free within slabs, and for replies.
            most = Math.min(most, configuration.maximumMemory + (configuration.maximumMemory >> 2) + (4 << 20));
        }
        return Math.min(most, LARGEST_ARENA) & -Pages.PAGE_BYTES;
    }
}

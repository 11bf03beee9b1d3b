// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;

/**
 * What every key-value server under test offers: an empty store that speaks RESP, without a limit of its memory.
 *
 * @param persistence when a write is safe
 */
public record KvStore(Persistence persistence) implements Service {
    /** Enough for the log of the longest measurement. */
    private static final int DISK_MEBIBYTES = 512;

    private static final byte[] QUESTION = ("*3\r\n$3\r\nSET\r\n$7\r\nunimark\r\n$5\r\nready\r\n"
                    + "*2\r\n$3\r\nGET\r\n$7\r\nunimark\r\n" + "*2\r\n$3\r\nDEL\r\n$7\r\nunimark\r\n")
            .getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ANSWER = "+OK\r\n$5\r\nready\r\n:1\r\n".getBytes(StandardCharsets.US_ASCII);

    /** As Redis calls it: {@code appendfsync}, or no log at all. */
    public enum Persistence {
        OFF,
        EVERYSEC,
        ALWAYS;

        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Override
    public String application() {
        return "kv";
    }

    @Override
    public String label() {
        return "kv-" + persistence.label();
    }

    @Override
    public int port() {
        return 6379;
    }

    /** What {@code redis.conf} says to Redis in two lines. */
    @Override
    public Map<String, byte[]> resources() {
        String text = "appendonly = " + persistence.label() + "\n";
        return Map.of("kv.properties", text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Writes a key, reads it, and removes it. */
    @Override
    public Probe probe() {
        return Probe.exact(QUESTION, ANSWER);
    }

    @Override
    public String durability() {
        return persistence.label();
    }

    @Override
    public int diskMebibytes() {
        return persistence == Persistence.OFF ? 0 : DISK_MEBIBYTES;
    }
}

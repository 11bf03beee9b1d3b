// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.unimark.baselines.net.SystemAddress;

/**
 * The front of a service in three tiers: items by number over HTTP, from a key-value store that is its cache, or else from an
 * SQL server, both in the private network.
 *
 * @param cacheHost last byte of the cache's address
 * @param storeHost last byte of the SQL server's address
 */
public record FrontTier(int cacheHost, int storeHost) implements Service {
    /** What clients call it. */
    public static final String HOST = "unimark.test";

    /** A path that it answers with 404 without asking anybody, and that answer's body. */
    public static final String NOWHERE = "/nowhere";

    public static final String NOTHING_THERE = "not found\n";
    /** Longer than any run: what was a hit stays one. */
    private static final int CACHE_SECONDS = 86_400;

    /** Path of an item. */
    public static String path(int item) {
        return "/item/" + item;
    }

    /** What the store has of an item. */
    public static byte[] body(int item) {
        return ("item " + item).getBytes(StandardCharsets.US_ASCII);
    }

    /** To the cache: forget these items. All of them must have been there. */
    public static Probe forget(int first, int count) {
        StringBuilder command = new StringBuilder("*" + (1 + count) + "\r\n$3\r\nDEL\r\n");
        for (int item = first; item < first + count; item++) {
            String key = "item:" + item;
            command.append('$').append(key.length()).append("\r\n").append(key).append("\r\n");
        }
        return Probe.exact(
                command.toString().getBytes(StandardCharsets.US_ASCII),
                (":" + count + "\r\n").getBytes(StandardCharsets.US_ASCII));
    }

    /** A GET of an item, with its only correct answer. */
    public static Probe probe(int item) {
        return new HttpAnswer(HOST, path(item), body(item));
    }

    @Override
    public String application() {
        return "front";
    }

    @Override
    public String label() {
        return "front";
    }

    @Override
    public int port() {
        return 80;
    }

    @Override
    public Map<String, byte[]> resources() {
        String text = "cache=" + new SystemAddress(cacheHost).ip() + "\nstore=" + new SystemAddress(storeHost).ip()
                + "\ncache_seconds=" + CACHE_SECONDS + "\n";
        return Map.of("front.properties", text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Asks for the first item, which goes through all tiers. */
    @Override
    public Probe probe() {
        return probe(1);
    }

    @Override
    public String durability() {
        return "none: in memory";
    }

    @Override
    public int diskMebibytes() {
        return 0;
    }
}

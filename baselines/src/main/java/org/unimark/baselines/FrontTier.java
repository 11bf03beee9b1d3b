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

    /** Path of an item. */
    public static String path(int item) {
        return "/item/" + item;
    }

    /** What the store has of an item. */
    public static byte[] body(int item) {
        return ("item " + item).getBytes(StandardCharsets.US_ASCII);
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
        String text =
                "cache=" + new SystemAddress(cacheHost).ip() + "\nstore=" + new SystemAddress(storeHost).ip() + "\n";
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

// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.front;

import org.unimark.keel.application.Application;
import org.unimark.keel.application.Platform;
import org.unimark.keel.application.SealedSettings;
import org.unimark.keel.kernel.Rare;
import org.unimark.keel.net.wire.Ipv4Address;

/** {@code GET /item/N} from a cache or else from a store, as {@code front.properties} says (docs/front.md). */
@Rare
public final class FrontApplication implements Application {
    static final String RESOURCE = "front.properties";

    private static final String[] SETTINGS = {
        "port",
        "cache",
        "cache_port",
        "store",
        "store_port",
        "store_connections",
        "cache_seconds",
        "timeout_ms",
        "connections"
    };

    private static final int HTTP_PORT = 80;
    private static final int CACHE_PORT = 6379;
    private static final int STORE_PORT = 5432;
    private static final int MOST_PORT = 65535;
    private static final int DEFAULT_TIMEOUT_MILLIS = 5_000;
    private static final int DEFAULT_CACHE_SECONDS = 60;
    private static final int DEFAULT_CONNECTIONS = 1_000;
    private static final int DEFAULT_STORE_CONNECTIONS = 4;
    private static final int MOST_STORE_CONNECTIONS = 64;

    /** What {@code front.properties} says; addresses are IPv4, first byte in bits 31..24. */
    record Settings(
            int port,
            int cacheAddress,
            int cachePort,
            int storeAddress,
            int storePort,
            int storeConnections,
            int cacheSeconds,
            long timeoutNanos,
            int connections) {}

    @Override
    public void start(Platform platform) {
        try {
            SealedSettings words = new SealedSettings(RESOURCE, platform.resource(RESOURCE), SETTINGS);
            Front front = new Front(platform, settings(words));
            if (!front.start()) {
                fail(platform, "cannot listen on the port");
            }
        } catch (IllegalArgumentException problem) {
            fail(platform, problem.getMessage());
        }
    }

    private static void fail(Platform platform, String problem) {
        platform.log().line("front: " + problem);
        platform.exit(1);
    }

    private static Settings settings(SealedSettings words) {
        return new Settings(
                number(words, "port", HTTP_PORT, MOST_PORT),
                address(words, "cache"),
                number(words, "cache_port", CACHE_PORT, MOST_PORT),
                address(words, "store"),
                number(words, "store_port", STORE_PORT, MOST_PORT),
                number(words, "store_connections", DEFAULT_STORE_CONNECTIONS, MOST_STORE_CONNECTIONS),
                number(words, "cache_seconds", DEFAULT_CACHE_SECONDS, Integer.MAX_VALUE),
                number(words, "timeout_ms", DEFAULT_TIMEOUT_MILLIS, Integer.MAX_VALUE) * 1_000_000L,
                number(words, "connections", DEFAULT_CONNECTIONS, 1_000_000));
    }

    private static int address(SealedSettings words, String key) {
        String text = words.text(key, "");
        long address = text.isEmpty() ? Ipv4Address.MALFORMED : Ipv4Address.parse(text);
        if (address < 0) {
            throw new IllegalArgumentException(RESOURCE + ": " + key + " must be an address such as 198.18.0.3");
        }
        return (int) address;
    }

    private static int number(SealedSettings words, String key, int otherwise, int most) {
        return (int) words.number(key, otherwise, 1, most);
    }
}

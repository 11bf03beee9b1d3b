// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines.net;

import java.net.InetSocketAddress;

/**
 * Where a system is found in the private network, fixed for each system, in 198.18.0.0/24 of the range for benchmarks
 * (RFC 2544, RFC 6890).
 *
 * @param host last byte of its address, 2 to 254
 */
public record SystemAddress(int host) {
    public static final int PREFIX_LENGTH = 24;
    /** The bridge's own address, from which the load comes. */
    public static final String GATEWAY = "198.18.0.1";

    public SystemAddress {
        if (host < 2 || host > 254) {
            throw new IllegalArgumentException("not a host of the private network: " + host);
        }
    }

    /** Dotted decimal. */
    public String ip() {
        return "198.18.0." + host;
    }

    /** With the length of the prefix, as {@code ip address} takes it. */
    public String ipWithPrefix() {
        return ip() + "/" + PREFIX_LENGTH;
    }

    /** Locally administered. */
    public String mac() {
        return String.format("52:54:00:12:00:%02x", host);
    }

    /** Name of the port of the bridge that belongs to it. */
    public String port() {
        return "system" + host;
    }

    public InetSocketAddress socket(int port) {
        return new InetSocketAddress(ip(), port);
    }
}

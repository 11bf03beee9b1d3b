// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net;

import org.unimark.keel.kernel.Rare;
import org.unimark.keel.net.wire.Ipv4Address;

/**
 * How a system gets its address: from the words of a command line, else from what was sealed into the image, else by DHCP.
 *
 * @param isStatic false: ask a DHCP server
 * @param address IPv4; 0 unless static
 * @param prefixLength 0 to 32
 * @param gateway IPv4; 0 if there is none
 * @param hostName told to the DHCP server; empty for none
 */
@Rare
public record NetworkConfiguration(boolean isStatic, int address, int prefixLength, int gateway, String hostName) {
    private static final String ADDRESS = "keel.ip=";
    private static final String GATEWAY = "keel.gateway=";
    private static final String HOST_NAME = "keel.hostname=";
    private static final String DYNAMIC = "dhcp";
    /** RFC 1035, 2.3.4. */
    private static final int LONGEST_HOST_NAME = 63;

    /** Everything from a DHCP server. */
    public static NetworkConfiguration dynamic(String hostName) {
        return new NetworkConfiguration(false, 0, 0, 0, hostName);
    }

    public static NetworkConfiguration fixed(int address, int prefixLength, int gateway) {
        return new NetworkConfiguration(true, address, prefixLength, gateway, "");
    }

    /**
     * Reads {@code keel.ip=A.B.C.D/length} or {@code keel.ip=dhcp}, {@code keel.gateway=A.B.C.D} and
     * {@code keel.hostname=NAME}; other words are not ours. The first of two counts, so that the command line goes before
     * what was sealed at build time.
     *
     * @throws IllegalArgumentException if one of our words makes no sense, with a message for the person who wrote it
     */
    public static NetworkConfiguration parse(String words) {
        String address = find(words, ADDRESS);
        String gateway = find(words, GATEWAY);
        String hostName = find(words, HOST_NAME);
        String name = hostName == null ? "" : hostName;
        if (name.length() > LONGEST_HOST_NAME) {
            throw new IllegalArgumentException(HOST_NAME + name + ": at most 63 characters");
        }
        if (address == null || address.equals(DYNAMIC)) {
            return dynamic(name);
        }
        int slash = address.indexOf('/');
        long parsed = slash < 0 ? Ipv4Address.MALFORMED : Ipv4Address.parse(address.substring(0, slash));
        int prefixLength = slash < 0 ? -1 : prefixLength(address.substring(slash + 1));
        if (parsed < 0 || prefixLength < 0 || !Ipv4Address.isUnicast((int) parsed)) {
            throw new IllegalArgumentException(ADDRESS + address + ": expected A.B.C.D/LENGTH of a host, or dhcp");
        }
        return new NetworkConfiguration(
                true, (int) parsed, prefixLength, gateway((int) parsed, prefixLength, gateway), name);
    }

    private static int gateway(int address, int prefixLength, String gateway) {
        if (gateway == null) {
            return 0;
        }
        long parsed = Ipv4Address.parse(gateway);
        if (parsed < 0 || !Ipv4Address.isUnicast((int) parsed)) {
            throw new IllegalArgumentException(GATEWAY + gateway + ": expected A.B.C.D of a host");
        }
        if ((((int) parsed ^ address) & Ipv4Address.mask(prefixLength)) != 0) {
            throw new IllegalArgumentException(GATEWAY + gateway + ": not in the network of " + ADDRESS);
        }
        return (int) parsed;
    }

    private static int prefixLength(String text) {
        if (text.isEmpty() || text.length() > 2) {
            return -1;
        }
        int number = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            number = number * 10 + (c - '0');
        }
        return number <= 32 ? number : -1;
    }

    /** The value of the first word that begins with {@code key}, or null. */
    private static String find(String words, String key) {
        int at = 0;
        while (at < words.length()) {
            int end = at;
            while (end < words.length() && words.charAt(end) > ' ') {
                end++;
            }
            if (words.startsWith(key, at)) {
                return words.substring(at + key.length(), end);
            }
            at = end + 1;
        }
        return null;
    }
}

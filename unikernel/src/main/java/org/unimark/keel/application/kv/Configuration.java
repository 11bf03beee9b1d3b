// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Rare;
import org.unimark.keel.text.Numbers;

/**
 * What {@code kv.properties} says: lines of {@code name value} or {@code name = value}, names as in redis.conf; a hash sign
 * begins a comment.
 */
@Rare
final class Configuration {
    static final String RESOURCE = "kv.properties";

    static final int APPEND_OFF = 0;
    static final int APPEND_EVERY_SECOND = 1;
    static final int APPEND_ALWAYS = 2;

    static final int NO_EVICTION = 0;
    static final int ALL_KEYS_LRU = 1;
    static final int VOLATILE_LRU = 2;
    static final int ALL_KEYS_LFU = 3;
    static final int VOLATILE_LFU = 4;
    static final int ALL_KEYS_RANDOM = 5;
    static final int VOLATILE_RANDOM = 6;
    static final int VOLATILE_TTL = 7;

    private static final String[] POLICIES = {
        "noeviction",
        "allkeys-lru",
        "volatile-lru",
        "allkeys-lfu",
        "volatile-lfu",
        "allkeys-random",
        "volatile-random",
        "volatile-ttl"
    };
    private static final String[] APPEND_MODES = {"off", "everysec", "always"};
    private static final int MAXIMUM_DATABASES = 1024;

    int port = 6379;
    int backlog = 511;
    int databases = 16;
    int maximumClients = 10_000;
    /** 0: whatever there is. */
    long maximumMemory;

    int policy = NO_EVICTION;
    int samples = 5;
    int append = APPEND_OFF;
    /** Capacity of the log when it is created; 0: half of what the disk has left. */
    long logBytes;

    /** Seconds of silence after which a client is closed; 0: never. */
    int timeoutSeconds;

    /** Empty: none is required. */
    byte[] password = new byte[0];

    /** Reads the resource; returns what is wrong with it, or null. */
    String read(Bytes resource) {
        int at = 0;
        for (int number = 1; at < resource.length(); number++) {
            int end = at;
            while (end < resource.length() && resource.u8(end) != '\n') {
                end++;
            }
            String problem = line(text(resource, at, end).trim());
            if (problem != null) {
                return "kv: " + RESOURCE + ", line " + number + ": " + problem;
            }
            at = end + 1;
        }
        return null;
    }

    private static String text(Bytes resource, int at, int end) {
        StringBuilder text = new StringBuilder(end - at);
        for (int i = at; i < end; i++) {
            text.append((char) resource.u8(i));
        }
        return text.toString();
    }

    private String line(String line) {
        if (line.isEmpty() || line.charAt(0) == '#') {
            return null;
        }
        int end = 0;
        while (end < line.length() && line.charAt(end) != ' ' && line.charAt(end) != '=') {
            end++;
        }
        String value = line.substring(end).trim();
        if (value.startsWith("=")) {
            value = value.substring(1).trim();
        }
        if (value.isEmpty()) {
            // Two quotes are the empty value: a password that was forgotten is not the same as none.
            return line.substring(0, end) + " needs a value";
        }
        if (value.length() >= 2 && value.charAt(0) == '"' && value.charAt(value.length() - 1) == '"') {
            value = value.substring(1, value.length() - 1);
        }
        return set(line.substring(0, end), value);
    }

    /** Sets one parameter at boot; returns what is wrong, or null. */
    private String set(String name, String value) {
        switch (name) {
            case "port":
                port = (int) number(value, 1, 65535);
                return checked(port, name, "a port from 1 to 65535");
            case "tcp-backlog":
                backlog = (int) number(value, 1, 65535);
                return checked(backlog, name, "a number from 1 to 65535");
            case "databases":
                databases = (int) number(value, 1, MAXIMUM_DATABASES);
                return checked(databases, name, "a number from 1 to 1024");
            case "maxclients":
                maximumClients = (int) number(value, 1, 1_000_000);
                return checked(maximumClients, name, "a number from 1 to 1000000");
            case "maxmemory":
                maximumMemory = bytes(value);
                return checked(maximumMemory, name, "a number of bytes, with a unit or without");
            case "aof-log-size":
                logBytes = bytes(value);
                return checked(logBytes, name, "a number of bytes, with a unit or without");
            case "maxmemory-policy":
                policy = indexOf(POLICIES, value);
                return checked(policy, name, "a policy that Redis knows");
            case "maxmemory-samples":
                samples = (int) number(value, 1, 64);
                return checked(samples, name, "a number from 1 to 64");
            case "timeout":
                timeoutSeconds = (int) number(value, 0, Integer.MAX_VALUE);
                return checked(timeoutSeconds, name, "a number of seconds");
            case "appendonly":
                append = indexOf(APPEND_MODES, value);
                return checked(append, name, "off, everysec or always");
            case "requirepass":
                if (value.length() > Password.MAXIMUM_BYTES) {
                    return name + " must have 512 bytes at most";
                }
                password = new byte[value.length()];
                for (int i = 0; i < password.length; i++) {
                    password[i] = (byte) value.charAt(i);
                }
                return null;
            default:
                return "unknown parameter " + name;
        }
    }

    private static String checked(long value, String name, String what) {
        return value < 0 ? name + " must be " + what : null;
    }

    static String policyName(int policy) {
        return POLICIES[policy];
    }

    static int policies() {
        return POLICIES.length;
    }

    private static int indexOf(String[] names, String value) {
        for (int i = 0; i < names.length; i++) {
            if (names[i].equals(value)) {
                return i;
            }
        }
        return -1;
    }

    /** Returns -1 if it is no number from {@code lowest} to {@code highest}. */
    private static long number(String text, long lowest, long highest) {
        long number = Numbers.unsigned(text);
        return number < lowest || number > highest ? -1 : number;
    }

    /** Bytes as redis.conf writes them: {@code 100mb} is 100 * 1024 * 1024, {@code 100m} a hundred million. */
    static long bytes(String text) {
        int digits = 0;
        while (digits < text.length() && text.charAt(digits) >= '0' && text.charAt(digits) <= '9') {
            digits++;
        }
        long unit = unit(text.substring(digits));
        long number = number(text.substring(0, digits), 0, Long.MAX_VALUE);
        return unit < 0 || number < 0 || number > Long.MAX_VALUE / unit ? -1 : number * unit;
    }

    private static long unit(String name) {
        switch (name) {
            case "":
            case "b":
            case "B":
                return 1;
            case "k":
                return 1000;
            case "kb":
            case "KB":
                return 1 << 10;
            case "m":
                return 1_000_000;
            case "mb":
            case "MB":
                return 1 << 20;
            case "g":
                return 1_000_000_000;
            case "gb":
            case "GB":
                return 1 << 30;
            default:
                return -1;
        }
    }
}

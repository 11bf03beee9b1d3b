// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

/** One command: what {@code COMMAND} tells about it, and who executes it. */
final class Command {
    static final int WRITE = 1;
    static final int READ_ONLY = 2;
    /** Refused when memory is short. */
    static final int DENY_OOM = 4;

    static final int ADMIN = 8;
    static final int PUBSUB = 16;
    static final int NO_SCRIPT = 32;
    static final int BLOCKING = 64;
    static final int LOADING = 128;
    static final int STALE = 256;
    static final int SKIP_MONITOR = 512;
    static final int SKIP_SLOWLOG = 1024;
    static final int FAST = 2048;
    static final int NO_AUTH = 4096;
    static final int MAY_REPLICATE = 8192;
    static final int NO_MULTI = 16384;
    static final int MOVABLE_KEYS = 32768;
    static final int ALLOW_BUSY = 65536;

    /** Letters of flags in a {@link CommandFamily}'s table, and the names that {@code COMMAND} knows, in the order of bits. */
    static final String FLAG_LETTERS = "wrmapsbltMSFARuxy";

    private static final String[] FLAG_NAMES = {
        "write",
        "readonly",
        "denyoom",
        "admin",
        "pubsub",
        "noscript",
        "blocking",
        "loading",
        "stale",
        "skip_monitor",
        "skip_slowlog",
        "fast",
        "no_auth",
        "may_replicate",
        "no_multi",
        "movablekeys",
        "allow_busy"
    };

    final String name;
    final CommandFamily family;
    /** What the family calls it. */
    final int number;
    /** Words with the name; negative: at least so many. */
    final int arity;

    final int flags;
    final int firstKey;
    final int lastKey;
    final int keyStep;
    /** Name of the group in the documentation, "string" for instance. */
    final String group;

    long calls;

    /** For the chains of {@link CommandTable}. */
    Command next;

    Command(
            String name,
            CommandFamily family,
            int number,
            int arity,
            int flags,
            int firstKey,
            int lastKey,
            int keyStep,
            String group) {
        this.name = name;
        this.family = family;
        this.number = number;
        this.arity = arity;
        this.flags = flags;
        this.firstKey = firstKey;
        this.lastKey = lastKey;
        this.keyStep = keyStep;
        this.group = group;
    }

    static int flagCount() {
        return FLAG_NAMES.length;
    }

    static String flagName(int bit) {
        return FLAG_NAMES[bit];
    }

    boolean has(int someFlag) {
        return (flags & someFlag) != 0;
    }

    /** Whether it changes whole databases by exchanging them. */
    boolean isWholesale() {
        return firstKey == 0 && has(WRITE) && name.equals("swapdb");
    }

    /** Whether it takes its only key to another database. */
    boolean isMove() {
        return name.equals("move");
    }

    /** Whether it may replace a key of another database than its client's. */
    boolean mayReplaceElsewhere(Arguments arguments) {
        return name.equals("copy") && arguments.count() > 4;
    }

    /** Whether its second word belongs to its name. */
    boolean hasSubcommands() {
        return switch (name) {
            case "client", "command", "config", "memory", "object", "pubsub" -> true;
            default -> false;
        };
    }

    boolean accepts(int words) {
        return arity >= 0 ? words == arity : words >= -arity;
    }
}

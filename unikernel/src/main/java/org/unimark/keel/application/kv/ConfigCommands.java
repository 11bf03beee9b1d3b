// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Rare;

/** {@code CONFIG}: what may be asked, and the little that may be changed while the server runs. */
@Rare
final class ConfigCommands extends DataCommands {
    private static final String[] COMMANDS = {"config -2 aslt 0 0 0"};
    private static final String[] SUBCOMMANDS = {"get", "set", "resetstat", "rewrite"};

    private static final String[] NAMES = {
        "save",
        "appendonly",
        "appendfsync",
        "maxmemory",
        "maxmemory-policy",
        "maxmemory-samples",
        "requirepass",
        "port",
        "databases",
        "maxclients",
        "timeout",
        "tcp-backlog",
        "proto-max-bulk-len",
        "lfu-log-factor",
        "lfu-decay-time",
    };
    private static final int MAXMEMORY = 3;
    private static final int POLICY = 4;
    private static final int SAMPLES = 5;
    private static final int PASSWORD = 6;

    private final Configuration configuration;

    ConfigCommands(KvServer server) {
        super(server);
        configuration = server.configuration;
    }

    @Override
    String[] commands() {
        return COMMANDS;
    }

    @Override
    String group() {
        return "server";
    }

    @Override
    void execute(int number, KvClient client, Arguments arguments, Reply reply) {
        int subcommand = arguments.indexIn(1, SUBCOMMANDS);
        int words = arguments.count();
        boolean fits = subcommand == 0 ? words > 2 : subcommand == 1 ? words > 3 && (words & 1) == 0 : words == 2;
        if (subcommand < 0 || !fits) {
            server.unknownSubcommand(arguments, "config", subcommand >= 0, reply);
        } else if (subcommand == 0) {
            get(arguments, reply);
        } else if (subcommand == 1) {
            setAll(arguments, reply);
        } else if (subcommand == 2) {
            server.resetStatistics();
            reply.ok();
        } else {
            reply.error("ERR The server is running without a config file");
        }
    }

    private void get(Arguments arguments, Reply reply) {
        int count = 0;
        for (int i = 0; i < NAMES.length; i++) {
            count += isAsked(arguments, NAMES[i]) ? 1 : 0;
        }
        reply.map(count);
        for (int i = 0; i < NAMES.length; i++) {
            if (isAsked(arguments, NAMES[i])) {
                reply.bulk(NAMES[i]);
                value(i, reply);
            }
        }
    }

    private boolean isAsked(Arguments arguments, String name) {
        Bytes scratch = server.scratch;
        scratch.putAscii(0, name);
        for (int i = 2; i < arguments.count(); i++) {
            if (arguments.is(i, name)
                    || Glob.matches(
                            arguments.data(), arguments.at(i), arguments.length(i), scratch, 0, name.length())) {
                return true;
            }
        }
        return false;
    }

    private void value(int name, Reply reply) {
        switch (name) {
            case 0 -> reply.bulk("");
            case 1 -> reply.bulk(configuration.append == Configuration.APPEND_OFF ? "no" : "yes");
            case 2 -> reply.bulk(configuration.append == Configuration.APPEND_ALWAYS ? "always" : "everysec");
            case MAXMEMORY -> reply.bulk(server.memoryLimit.maximumBytes());
            case POLICY -> reply.bulk(Configuration.policyName(server.eviction.policy()));
            case SAMPLES -> reply.bulk(server.eviction.samples());
            case PASSWORD -> server.password.tell(reply);
            case 7 -> reply.bulk(configuration.port);
            case 8 -> reply.bulk(configuration.databases);
            case 9 -> reply.bulk(configuration.maximumClients);
            case 10 -> reply.bulk(configuration.timeoutSeconds);
            case 11 -> reply.bulk(configuration.backlog);
            case 12 -> reply.bulk(Strings.MAXIMUM_BYTES);
            case 13 -> reply.bulk(10);
            default -> reply.bulk(1);
        }
    }

    /** All or nothing: a first pass only looks. */
    private void setAll(Arguments arguments, Reply reply) {
        for (int pass = 0; pass < 2; pass++) {
            for (int i = 2; i < arguments.count(); i += 2) {
                if (!set(arguments, i, pass == 1, reply)) {
                    return;
                }
            }
        }
        reply.ok();
    }

    private boolean set(Arguments arguments, int index, boolean really, Reply reply) {
        int name = arguments.indexIn(index, NAMES);
        if (name < 0) {
            reply.beginError("ERR Unknown option or number of arguments for CONFIG SET - '");
            reply.textOf(arguments.data(), arguments.at(index), arguments.length(index));
            reply.raw("'");
            reply.endError();
            return false;
        }
        int at = arguments.at(index + 1);
        int length = arguments.length(index + 1);
        switch (name) {
            case MAXMEMORY:
                long bytes = bytes(arguments.data(), at, length);
                if (bytes < 0) {
                    return refuse(NAMES[name], "argument must be a memory value", reply);
                }
                if (really) {
                    server.memoryLimit.setMaximumBytes(bytes);
                }
                return true;
            case POLICY:
                for (int i = 0; i < Configuration.policies(); i++) {
                    if (arguments.is(index + 1, Configuration.policyName(i))) {
                        if (really) {
                            server.eviction.setPolicy(i);
                        }
                        return true;
                    }
                }
                return refuse(NAMES[name], "argument must be one of the policies that Redis knows", reply);
            case SAMPLES:
                if (!arguments.number(index + 1, numbers) || numbers.value() < 1 || numbers.value() > 64) {
                    return refuse(NAMES[name], "argument must be between 1 and 64 inclusive", reply);
                }
                if (really) {
                    server.eviction.setSamples((int) numbers.value());
                }
                return true;
            case PASSWORD:
                if (length > Password.MAXIMUM_BYTES) {
                    return refuse(NAMES[name], "argument is too long", reply);
                }
                if (really) {
                    server.password.set(arguments.data(), at, length);
                }
                return true;
            case 0:
                return length == 0 || refuse(NAMES[name], "there are no snapshots", reply);
            default:
                return refuse(NAMES[name], "can't set immutable config", reply);
        }
    }

    private static boolean refuse(String name, String why, Reply reply) {
        reply.beginError("ERR CONFIG SET failed (possibly related to argument '");
        reply.raw(name);
        reply.raw("') - ");
        reply.raw(why);
        reply.endError();
        return false;
    }

    /** Like {@link Configuration#bytes}, without a string. */
    private long bytes(Bytes data, int at, int length) {
        int digits = 0;
        while (digits < length && data.u8(at + digits) >= '0' && data.u8(at + digits) <= '9') {
            digits++;
        }
        if (!numbers.parseCanonical(data, at, digits)) {
            return -1;
        }
        long unit = unit(data, at + digits, length - digits);
        return unit < 0 || numbers.value() > Long.MAX_VALUE / unit ? -1 : numbers.value() * unit;
    }

    private static long unit(Bytes data, int at, int length) {
        if (length == 0) {
            return 1;
        }
        int letter = data.u8(at) | 0x20;
        boolean binary = length == 2 && (data.u8(at + 1) | 0x20) == 'b';
        if (length > 2 || (length == 2 && !binary)) {
            return -1;
        }
        return switch (letter) {
            case 'b' -> length == 1 ? 1 : -1;
            case 'k' -> binary ? 1 << 10 : 1000;
            case 'm' -> binary ? 1 << 20 : 1_000_000;
            case 'g' -> binary ? 1 << 30 : 1_000_000_000;
            default -> -1;
        };
    }
}

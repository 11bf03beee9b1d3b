// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import org.unimark.keel.kernel.Counters;
import org.unimark.keel.kernel.Rare;

/** {@code INFO} and {@code COMMAND}: what the server tells about itself. */
@Rare
final class InfoCommands extends CommandFamily {
    /** The version of Redis whose replies are given. */
    static final String VERSION = "7.0.15";

    private static final String[] COMMANDS = {"info -1 lt 0 0 0", "command -1 lt 0 0 0"};
    private static final String COUNTERS = "keel";
    private static final String[] SECTIONS = {
        "server", "clients", "memory", "persistence", "stats", "replication", "cpu", "cluster", "keyspace", COUNTERS,
    };
    private static final String[] SUBCOMMANDS = {"count", "list", "info", "docs", "getkeys"};
    private static final String[] ABOUT_KEYS = {"usage", "encoding", "refcount", "idletime", "freq"};

    private final KvServer server;
    private final Text text;

    InfoCommands(KvServer server) {
        this.server = server;
        text = server.text;
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
        if (number == 0) {
            text.beginCounting();
            sections(arguments);
            text.beginReply();
            sections(arguments);
            text.endReply();
            return;
        }
        int subcommand = arguments.count() == 1 ? -1 : arguments.indexIn(1, SUBCOMMANDS);
        if (arguments.count() == 1) {
            describeAll(reply);
        } else if (subcommand == 0 && arguments.count() == 2) {
            reply.integer(server.table.size());
        } else if (subcommand == 1) {
            listNames(arguments, reply);
        } else if (subcommand == 2) {
            describeNamed(arguments, reply);
        } else if (subcommand == 3) {
            document(arguments, reply);
        } else if (subcommand == 4 && arguments.count() > 3) {
            keys(arguments, reply);
        } else {
            server.unknownSubcommand(arguments, "command", subcommand >= 0, reply);
        }
    }

    private void sections(Arguments arguments) {
        boolean first = true;
        for (int i = 0; i < SECTIONS.length; i++) {
            if (isAsked(arguments, SECTIONS[i])) {
                text.add(first ? "" : "\r\n");
                first = false;
                section(i);
            }
        }
    }

    private static boolean isAsked(Arguments arguments, String section) {
        boolean isDefault = !section.equals(COUNTERS);
        boolean asked = arguments.count() == 1 && isDefault;
        for (int i = 1; i < arguments.count(); i++) {
            asked |= arguments.is(i, section)
                    || arguments.is(i, "all")
                    || (arguments.is(i, "default") && isDefault)
                    || arguments.is(i, "everything");
        }
        return asked;
    }

    private void section(int number) {
        switch (number) {
            case 0 -> serverSection();
            case 1 ->
                text.add("# Clients\r\n")
                        .line("connected_clients", server.clientCount())
                        .line("maxclients", server.configuration.maximumClients)
                        .line("blocked_clients", server.keyspace.blockedClients);
            case 2 -> memorySection();
            case 3 -> server.durability.info(text);
            case 4 -> statistics();
            case 5 -> text.add("# Replication\r\n").line("role", "master").line("connected_slaves", 0);
            case 6 -> text.add("# CPU\r\n");
            case 7 -> text.add("# Cluster\r\n").line("cluster_enabled", 0);
            case 8 -> keyspaceSection();
            default -> counters();
        }
    }

    /** All counters of the system: pauses of the event loop and of the collector among them. */
    private void counters() {
        text.add("# Keel\r\n");
        Counters counters = server.platform.counters();
        for (int i = 0; i < counters.size(); i++) {
            text.line(counters.get(i).name(), counters.get(i).value());
        }
    }

    private void serverSection() {
        text.add("# Server\r\n")
                .line("redis_version", VERSION)
                .line("redis_mode", "standalone")
                .line("server_name", "keel")
                .line("os", server.platform.name())
                .line("arch_bits", 64)
                .line("tcp_port", server.configuration.port)
                .line("server_time_usec", server.keyspace.nowMillis() * 1000)
                .line("uptime_in_seconds", server.uptimeSeconds())
                .line("uptime_in_days", server.uptimeSeconds() / 86_400);
    }

    private void memorySection() {
        Slabs slabs = server.slabs;
        long used = slabs.usedBytes();
        text.add("# Memory\r\n")
                .line("used_memory", used)
                .line("used_memory_rss", slabs.heldBytes())
                .line("used_memory_peak", slabs.peakBytes())
                .line("total_system_memory", slabs.capacityBytes())
                .line("maxmemory", server.memoryLimit.maximumBytes())
                .line("maxmemory_policy", Configuration.policyName(server.eviction.policy()))
                .thousandths("mem_fragmentation_ratio", used == 0 ? 1000 : slabs.heldBytes() * 1000 / used)
                .line("mem_allocator", "keel-slabs")
                .line("java_heap_allocated", server.platform.heapAllocatedBytes());
    }

    private void statistics() {
        Statistics statistics = server.statistics;
        Keyspace keyspace = server.keyspace;
        text.add("# Stats\r\n")
                .line("total_connections_received", statistics.connections)
                .line("total_commands_processed", statistics.commands)
                .line("rejected_connections", statistics.rejectedConnections)
                .line("expired_keys", keyspace.expired)
                .line("evicted_keys", keyspace.evicted)
                .line("keyspace_hits", keyspace.hits)
                .line("keyspace_misses", keyspace.misses)
                .line("pubsub_channels", server.subscriptions.topics(Subscriptions.CHANNELS))
                .line("pubsub_patterns", server.subscriptions.topics(Subscriptions.PATTERNS))
                .line("client_query_buffer_limit_disconnections", statistics.queryLimitDisconnections)
                .line("client_output_buffer_limit_disconnections", statistics.outputLimitDisconnections)
                .line("unknown_commands", statistics.unknownCommands)
                .line("total_error_replies", server.reply.errors());
    }

    private void keyspaceSection() {
        text.add("# Keyspace\r\n");
        for (Database database : server.keyspace.databases) {
            if (database.size() > 0) {
                text.add("db").add(database.number).add(":keys=").add(database.size());
                text.add(",expires=").add(database.volatileCount()).add(",avg_ttl=0\r\n");
            }
        }
    }

    private void describeAll(Reply reply) {
        reply.array(server.table.size());
        for (int slot = 0; slot < server.table.slots(); slot++) {
            if (server.table.inSlot(slot) != null) {
                describe(server.table.inSlot(slot), reply);
            }
        }
    }

    private void listNames(Arguments arguments, Reply reply) {
        if (arguments.count() > 2) {
            reply.error(DataCommands.SYNTAX);
            return;
        }
        reply.array(server.table.size());
        for (int slot = 0; slot < server.table.slots(); slot++) {
            if (server.table.inSlot(slot) != null) {
                reply.bulk(server.table.inSlot(slot).name);
            }
        }
    }

    private Command named(Arguments arguments, int index) {
        return server.table.find(arguments.data(), arguments.at(index), arguments.length(index));
    }

    private void describeNamed(Arguments arguments, Reply reply) {
        if (arguments.count() == 2) {
            describeAll(reply);
            return;
        }
        reply.array(arguments.count() - 2);
        for (int i = 2; i < arguments.count(); i++) {
            Command command = named(arguments, i);
            if (command == null) {
                reply.nilArray();
            } else {
                describe(command, reply);
            }
        }
    }

    private static void describe(Command command, Reply reply) {
        reply.array(10);
        reply.bulk(command.name);
        reply.integer(command.arity);
        int flags = 0;
        for (int bit = 0; bit < Command.flagCount(); bit++) {
            flags += command.has(1 << bit) ? 1 : 0;
        }
        reply.set(flags);
        for (int bit = 0; bit < Command.flagCount(); bit++) {
            if (command.has(1 << bit)) {
                reply.status(Command.flagName(bit));
            }
        }
        reply.integer(command.firstKey);
        reply.integer(command.lastKey);
        reply.integer(command.keyStep);
        // Categories of access lists, tips, specifications of keys, subcommands: none.
        reply.set(0);
        reply.array(0);
        reply.array(0);
        reply.array(0);
    }

    private void document(Arguments arguments, Reply reply) {
        int count = arguments.count() == 2 ? server.table.size() : 0;
        for (int i = 2; i < arguments.count(); i++) {
            count += named(arguments, i) == null ? 0 : 1;
        }
        reply.map(count);
        for (int i = 2; i < arguments.count(); i++) {
            if (named(arguments, i) != null) {
                document(named(arguments, i), reply);
            }
        }
        for (int slot = 0; arguments.count() == 2 && slot < server.table.slots(); slot++) {
            if (server.table.inSlot(slot) != null) {
                document(server.table.inSlot(slot), reply);
            }
        }
    }

    private static void document(Command command, Reply reply) {
        reply.bulk(command.name);
        reply.map(1);
        reply.bulk("group");
        reply.bulk(command.group);
    }

    private void keys(Arguments arguments, Reply reply) {
        Command command = named(arguments, 2);
        int words = arguments.count() - 2;
        boolean counts = command != null && command.has(Command.MOVABLE_KEYS);
        if (command == null) {
            reply.error("ERR Invalid command specified");
        } else if (command.hasSubcommands() ? !hasKey(command, arguments) : command.firstKey == 0 && !counts) {
            reply.error("ERR The command has no key arguments");
        } else if (!command.accepts(words)
                || (command.hasSubcommands() && (words < 3 || (words > 3 && command.name.equals("object"))))) {
            reply.error("ERR Invalid number of arguments specified for command");
        } else if (command.hasSubcommands()) {
            reply.array(1);
            reply.bulk(arguments.data(), arguments.at(4), arguments.length(4));
        } else if (counts) {
            countedKeys(command, arguments, reply);
        } else {
            int last = command.lastKey < 0 ? words + command.lastKey : command.lastKey;
            reply.array((last - command.firstKey) / command.keyStep + 1);
            keys(command.firstKey, last, command.keyStep, arguments, reply);
        }
    }

    /** Those of a command that says how many there are, behind its target or its time limit if it has one. */
    private void countedKeys(Command command, Arguments arguments, Reply reply) {
        int countAt = command.firstKey != 0 || command.has(Command.BLOCKING) ? 2 : 1;
        boolean isNumber = arguments.number(countAt + 2, server.numbers);
        long count = server.numbers.value();
        if (!isNumber || count < 1 || count > arguments.count() - 3 - countAt) {
            reply.error("ERR Invalid arguments specified for command");
            return;
        }
        reply.array((int) count + command.firstKey);
        keys(1, command.firstKey, 1, arguments, reply);
        keys(countAt + 1, countAt + (int) count, 1, arguments, reply);
    }

    private static void keys(int first, int last, int step, Arguments arguments, Reply reply) {
        for (int i = first; i <= last; i += step) {
            reply.bulk(arguments.data(), arguments.at(i + 2), arguments.length(i + 2));
        }
    }

    /** Of the commands with subcommands, two have some that are about a key: the word behind. */
    private static boolean hasKey(Command command, Arguments arguments) {
        int subcommand = arguments.count() > 3 ? arguments.indexIn(3, ABOUT_KEYS) : -1;
        return subcommand >= 0 && command.name.equals(subcommand == 0 ? "memory" : "object");
    }
}

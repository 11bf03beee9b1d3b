// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Rare;
import org.unimark.keel.text.Numbers;

/** {@code CLIENT} with its subcommands. */
@Rare
final class ClientCommands extends CommandFamily {
    static final String BAD_NAME = "ERR Client names cannot contain spaces, newlines or special characters.";

    private static final String[] COMMANDS = {"client -2 sltF 0 0 0"};

    private static final String[] SUBCOMMANDS = {
        "id",
        "getname",
        "setname",
        "list",
        "info",
        "kill",
        "no-evict",
        "no-touch",
        "setinfo",
        "reply",
        "unblock",
        "pause",
        "unpause",
    };
    /** Words with both names, negative for at least so many. */
    private static final int[] ARITIES = {2, 2, 3, -2, 2, -3, 3, 3, 4, 3, -3, -3, 2};

    private static final String[] TYPES = {"normal", "pubsub", "master", "replica", "slave"};

    private final KvServer server;
    private final Text text;

    ClientCommands(KvServer server) {
        this.server = server;
        text = server.text;
    }

    @Override
    String[] commands() {
        return COMMANDS;
    }

    @Override
    String group() {
        return "connection";
    }

    @Override
    void execute(int number, KvClient client, Arguments arguments, Reply reply) {
        int subcommand = arguments.indexIn(1, SUBCOMMANDS);
        int words = arguments.count();
        if (subcommand < 0
                || (ARITIES[subcommand] >= 0 ? words != ARITIES[subcommand] : words < -ARITIES[subcommand])) {
            server.unknownSubcommand(arguments, "client", subcommand >= 0, reply);
            return;
        }
        switch (subcommand) {
            case 0 -> reply.integer(client.id);
            case 1 -> name(client, reply);
            case 2 -> setText(client, ClientTexts.NAME, arguments, 2, reply);
            case 3 -> list(arguments, reply);
            case 4 -> info(client, reply);
            case 5 -> kill(client, arguments, reply);
            case 6 -> noEvict(client, arguments, reply);
            case 7 -> noTouch(client, arguments, reply);
            case 8 -> setInfo(client, arguments, reply);
            case 9 -> setReply(client, arguments, reply);
            case 10 -> unblock(arguments, reply);
            case 11 -> pause(arguments, reply);
            default -> {
                server.pause.end();
                reply.ok();
            }
        }
    }

    private void name(KvClient client, Reply reply) {
        int length = server.texts.length(client, ClientTexts.NAME);
        if (length == 0) {
            reply.nil();
        } else {
            reply.bulk(server.slabs.memory(), server.texts.at(client, ClientTexts.NAME), length);
        }
    }

    private void setText(KvClient client, int slot, Arguments arguments, int index, Reply reply) {
        if (server.texts.set(client, slot, arguments.data(), arguments.at(index), arguments.length(index))) {
            reply.ok();
        } else if (slot == ClientTexts.NAME) {
            reply.error(BAD_NAME);
        } else {
            reply.beginError("ERR ");
            reply.raw(slot == ClientTexts.LIBRARY_NAME ? "lib-name" : "lib-ver");
            reply.raw(" cannot contain spaces, newlines or special characters.");
            reply.endError();
        }
    }

    private void setInfo(KvClient client, Arguments arguments, Reply reply) {
        if (arguments.is(2, "lib-name")) {
            setText(client, ClientTexts.LIBRARY_NAME, arguments, 3, reply);
        } else if (arguments.is(2, "lib-ver")) {
            setText(client, ClientTexts.LIBRARY_VERSION, arguments, 3, reply);
        } else {
            reply.beginError("ERR Unrecognized option '");
            reply.textOf(arguments.data(), arguments.at(2), arguments.length(2));
            reply.raw("'");
            reply.endError();
        }
    }

    private void list(Arguments arguments, Reply reply) {
        int words = arguments.count();
        boolean byType = words == 4 && arguments.is(2, "type");
        boolean byId = words > 3 && arguments.is(2, "id");
        if (words > 2 && !byType && !byId) {
            reply.error(DataCommands.SYNTAX);
            return;
        }
        if (byType && !isType(arguments, 3, reply)) {
            return;
        }
        for (int i = 3; byId && i < words; i++) {
            if (!arguments.number(i, server.numbers)) {
                reply.error("ERR Invalid client ID");
                return;
            }
        }
        for (int pass = 0; pass < 2; pass++) {
            if (pass == 0) {
                text.beginCounting();
            } else {
                text.beginReply();
            }
            for (KvClient client = server.clients(); client != null; client = client.next) {
                if (byType ? isOfType(client, arguments, 3) : !byId || isListed(client, arguments)) {
                    describe(client);
                }
            }
        }
        text.endReply();
    }

    private boolean isListed(KvClient client, Arguments arguments) {
        for (int i = 3; i < arguments.count(); i++) {
            if (isId(client, arguments, i)) {
                return true;
            }
        }
        return false;
    }

    private boolean isId(KvClient client, Arguments arguments, int index) {
        return arguments.number(index, server.numbers) && server.numbers.value() == client.id;
    }

    /** Whether word {@code index} is a type of clients; if not, the error has been composed. */
    private static boolean isType(Arguments arguments, int index, Reply reply) {
        if (arguments.indexIn(index, TYPES) >= 0) {
            return true;
        }
        reply.beginError("ERR Unknown client type '");
        reply.textOf(arguments.data(), arguments.at(index), arguments.length(index));
        reply.raw("'");
        reply.endError();
        return false;
    }

    private static boolean isOfType(KvClient client, Arguments arguments, int index) {
        return arguments.is(index, isListening(client) ? "pubsub" : "normal");
    }

    private void info(KvClient client, Reply reply) {
        text.beginCounting();
        describe(client);
        text.beginReply();
        describe(client);
        text.endReply();
    }

    private void describe(KvClient client) {
        long now = server.keyspace.nowMillis();
        Bytes memory = server.slabs.memory();
        ClientTexts texts = server.texts;
        text.add("id=").add(client.id).add(" addr=").address(client.remoteAddress(), client.remotePort());
        text.add(" laddr=0.0.0.0:").add(server.configuration.port).add(" fd=0 name=");
        if (texts.length(client, ClientTexts.NAME) > 0) {
            text.add(memory, texts.at(client, ClientTexts.NAME), texts.length(client, ClientTexts.NAME));
        }
        text.add(" age=").add((now - client.connectedAtMillis) / 1000);
        text.add(" idle=").add((now - client.usedAtMillis) / 1000);
        text.add(" flags=").add(client.isHeldBy(KvClient.BLOCKED) ? "b" : isListening(client) ? "P" : "N");
        text.add(" db=").add(client.database.number);
        text.add(" sub=").add(client.subscriptionCounts[Subscriptions.CHANNELS]);
        text.add(" psub=").add(client.subscriptionCounts[Subscriptions.PATTERNS]);
        text.add(" qbuf=").add(client.longRequest.bytes());
        text.add(" omem=").add(client.output.bytes());
        text.add(" events=r cmd=").add(client.lastCommand == null ? "NULL" : client.lastCommand.name);
        text.add(" user=default resp=").add(client.isResp3 ? 3 : 2).add("\n");
    }

    private static boolean isListening(KvClient client) {
        return (client.modes & KvClient.SUBSCRIBED) != 0;
    }

    private void kill(KvClient self, Arguments arguments, Reply reply) {
        if (arguments.count() == 3) {
            int killed = killMatching(self, arguments, 2, false, reply);
            if (killed == 0) {
                reply.error("ERR No such client");
            } else {
                reply.ok();
            }
            return;
        }
        if (areConditions(arguments, reply)) {
            reply.integer(killMatching(self, arguments, 2, true, reply));
        }
    }

    /** Whether the pairs of KILL are what it knows; if not, the error has been composed. */
    private boolean areConditions(Arguments arguments, Reply reply) {
        for (int i = 2; i < arguments.count(); i += 2) {
            boolean isPair = i + 1 < arguments.count();
            if (isPair && arguments.is(i, "id")) {
                if (!arguments.number(i + 1, server.numbers) || server.numbers.value() < 1) {
                    reply.error("ERR client-id should be greater than 0");
                    return false;
                }
            } else if (isPair && arguments.is(i, "type")) {
                if (!isType(arguments, i + 1, reply)) {
                    return false;
                }
            } else if (!isPair
                    || !(arguments.is(i, "addr")
                            || (arguments.is(i, "skipme")
                                    && (arguments.is(i + 1, "yes") || arguments.is(i + 1, "no"))))) {
                reply.error(DataCommands.SYNTAX);
                return false;
            }
        }
        return true;
    }

    private int killMatching(KvClient self, Arguments arguments, int from, boolean named, Reply reply) {
        int killed = 0;
        boolean skipsSelf = named;
        for (int i = from; named && i < arguments.count(); i += 2) {
            if (arguments.is(i, "skipme")) {
                skipsSelf = !arguments.is(i + 1, "no");
            }
        }
        KvClient client = server.clients();
        while (client != null) {
            KvClient next = client.next;
            boolean matches = named ? meets(client, arguments, from) : isAddress(client, arguments, from);
            if (matches && client != self) {
                client.cutOff();
                killed++;
            } else if (matches && !skipsSelf) {
                client.closeAfterReply();
                killed++;
            }
            client = next;
        }
        return killed;
    }

    private boolean meets(KvClient client, Arguments arguments, int from) {
        for (int i = from; i < arguments.count(); i += 2) {
            boolean meets = arguments.is(i, "id")
                    ? isId(client, arguments, i + 1)
                    : arguments.is(i, "addr")
                            ? isAddress(client, arguments, i + 1)
                            : arguments.is(i, "skipme") || isOfType(client, arguments, i + 1);
            if (!meets) {
                return false;
            }
        }
        return true;
    }

    private boolean isAddress(KvClient client, Arguments arguments, int index) {
        Bytes scratch = server.scratch;
        int address = client.remoteAddress();
        int at = 0;
        for (int shift = 24; shift >= 0; shift -= 8) {
            at += Numbers.format(address >>> shift & 0xff, scratch, at);
            scratch.put8(at++, shift == 0 ? ':' : '.');
        }
        at += Numbers.format(client.remotePort(), scratch, at);
        return at == arguments.length(index) && scratch.matches(0, arguments.data(), arguments.at(index), at);
    }

    private static void noEvict(KvClient client, Arguments arguments, Reply reply) {
        if (arguments.is(2, "on") || arguments.is(2, "off")) {
            client.isSparedFromEviction = arguments.is(2, "on");
            reply.ok();
        } else {
            reply.error(DataCommands.SYNTAX);
        }
    }

    private static void noTouch(KvClient client, Arguments arguments, Reply reply) {
        if (arguments.is(2, "on") || arguments.is(2, "off")) {
            // Nobody can tell the difference but OBJECT IDLETIME; docs/supported.md says that it is not kept.
            reply.ok();
        } else {
            reply.error(DataCommands.SYNTAX);
        }
    }

    private void unblock(Arguments arguments, Reply reply) {
        boolean refuses = arguments.count() == 4 && arguments.is(3, "error");
        if (arguments.count() > 4) {
            server.doubtfulSubcommand(arguments, "client", reply);
            return;
        }
        if (arguments.count() == 4 && !refuses && !arguments.is(3, "timeout")) {
            reply.error("ERR CLIENT UNBLOCK reason should be TIMEOUT or ERROR");
            return;
        }
        if (!arguments.number(2, server.numbers)) {
            reply.error(DataCommands.NOT_AN_INTEGER);
            return;
        }
        KvClient client = server.clients();
        while (client != null && client.id != server.numbers.value()) {
            client = client.next;
        }
        if (client == null || !client.isHeldBy(KvClient.BLOCKED) || client.isHeldBy(KvClient.CLOSING)) {
            reply.integer(0);
            return;
        }
        if (refuses) {
            server.blocked.refuse(client);
        } else {
            server.blocked.giveUp(client);
        }
        reply.integer(1);
    }

    private void pause(Arguments arguments, Reply reply) {
        int words = arguments.count();
        boolean onlyWrites = words == 4 && arguments.is(3, "write");
        if (words > 4) {
            server.doubtfulSubcommand(arguments, "client", reply);
        } else if (words == 4 && !onlyWrites && !arguments.is(3, "all")) {
            reply.error("ERR CLIENT PAUSE mode must be WRITE or ALL");
        } else if (!arguments.number(2, server.numbers)) {
            reply.error("ERR timeout is not an integer or out of range");
        } else if (server.numbers.value() < 0) {
            reply.error("ERR timeout is negative");
        } else if (server.numbers.value() > Long.MAX_VALUE - server.keyspace.nowMillis()) {
            reply.error("ERR timeout is out of range");
        } else {
            server.pause.begin(server.numbers.value(), !onlyWrites);
            reply.ok();
        }
    }

    private static void setReply(KvClient client, Arguments arguments, Reply reply) {
        if (arguments.is(2, "on")) {
            client.modes &= ~(KvClient.REPLIES_OFF | KvClient.SKIP_REPLY | KvClient.SKIPPING);
            reply.setMuted(false);
            reply.ok();
        } else if (arguments.is(2, "off")) {
            client.modes |= KvClient.REPLIES_OFF;
            reply.setMuted(true);
        } else if (arguments.is(2, "skip")) {
            client.modes |= KvClient.SKIP_REPLY;
        } else {
            reply.error(DataCommands.SYNTAX);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import org.unimark.keel.application.Platform;
import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Timer;
import org.unimark.keel.net.socket.Connection;
import org.unimark.keel.net.socket.ConnectionHandler;
import org.unimark.keel.net.socket.Network;
import org.unimark.keel.storage.RecordLog;
import org.unimark.keel.text.Numbers;

/** One listening server with its keyspace and its clients; everything that commands need is found from here. */
final class KvServer implements Network.Acceptor {
    private static final int TICKS_A_SECOND = 10;
    private static final long TICK_NANOS = 100_000_000L;
    private static final String TOO_MANY = "-ERR max number of clients reached\r\n";

    final Platform platform;
    final Configuration configuration;
    final Statistics statistics = new Statistics();
    final Slabs slabs;
    final Background background;
    final Effects effects;
    final Keyspace keyspace;
    final Numbers numbers = new Numbers();
    final Doubles doubles;
    final Strings strings;
    final Arguments arguments;
    final RequestParser parser;
    final Reply reply;
    final CommandTable table = new CommandTable();
    final Eviction eviction;
    final MemoryLimit memoryLimit;
    final Durability durability;
    final Text text;
    final ClientTexts texts;
    final Password password;
    long startedAtMillis;
    final Dispatcher dispatcher;
    final Gate gate;
    final Transactions transactions;
    final Subscriptions subscriptions;
    final PubSubCommands pubSub;
    final BlockedClients blocked;
    /** For one character of an error. */
    final Bytes oneByte;

    /** For short texts that are put together. */
    final Bytes scratch;

    static final int SCRATCH_BYTES = 4096;

    /** What may wait for a client that does not read what it listens to. */
    final long pushLimitBytes;

    private static final long MOST_PUSHED_BYTES = 32L << 20;
    /** No such client takes more than an eighth of the memory. */
    private static final int PUSHED_SHIFT = 3;

    private final Heartbeat heartbeat = new Heartbeat();
    final Pause pause;
    /** Stands for all who come when there are too many: has nothing more to say, and hears nothing. */
    final KvClient turnedAway;

    private KvClient freeClients;
    private KvClient clients;
    /** All that were ever needed at a time: there are as many as the numbers go. */
    private KvClient[] clientsByNumber = new KvClient[16];

    private KvClient attended;
    private int clientCount;
    private long lastClientId;
    private final ActiveExpiry expiry;
    private int ticks;
    /** The time of the last heartbeat: for what needs no better. */
    private long tickMillis;

    /** Ten times a second: clocks, expiry. */
    private final class Heartbeat extends Timer {
        @Override
        protected void expired(long nowNanos) {
            keyspace.beginTurn();
            tickMillis = keyspace.nowMillis();
            eviction.setClock();
            expiry.tick(nowNanos);
            if (++ticks % TICKS_A_SECOND == 0) {
                durability.secondPassed();
                closeIdleClients();
            }
            transmit();
            platform.timers().schedule(this, nowNanos + TICK_NANOS);
        }
    }

    /** @param log what is kept, or null */
    KvServer(Platform platform, Configuration configuration, Bytes arena, RecordLog log) {
        this.platform = platform;
        this.configuration = configuration;
        slabs = new Slabs(arena, platform.allocate(Pages.mapBytes(arena.length())));
        background = new Background(platform.timers());
        effects = new Effects();
        keyspace =
                new Keyspace(slabs, platform.random(), platform.clock(), background, effects, configuration.databases);
        pushLimitBytes = Math.min(MOST_PUSHED_BYTES, arena.length() >> PUSHED_SHIFT);
        scratch = platform.allocate(SCRATCH_BYTES);
        oneByte = platform.allocate(1);
        doubles = new Doubles(platform.allocate(Doubles.TEXT_BYTES));
        strings = new Strings(keyspace, numbers, platform.allocate(Numbers.LONGEST));
        keyspace.types[Entry.STRING] = strings;
        arguments = new Arguments(slabs);
        parser = new RequestParser(platform.allocate(RequestParser.MAXIMUM_LINE));
        reply = new Reply(platform.allocate(Reply.CAPACITY), doubles);
        eviction = new Eviction(keyspace, configuration.policy, configuration.samples);
        memoryLimit = new MemoryLimit(slabs, eviction, configuration.maximumMemory);
        dispatcher = new Dispatcher(this);
        gate = new Gate(this);
        transactions = new Transactions(this);
        subscriptions = new Subscriptions(slabs, keyspace.keyHash);
        pubSub = new PubSubCommands(this);
        blocked = new BlockedClients(this);
        pause = new Pause(this);
        turnedAway = new KvClient(this, -1);
        turnedAway.closeAfterReply();
        durability = new Durability(this, log);
        text = new Text(reply, platform.allocate(Numbers.LONGEST));
        texts = new ClientTexts(slabs);
        password = new Password(platform.allocate(Password.MAXIMUM_BYTES));
        expiry = new ActiveExpiry(keyspace);
        setPassword();
        addFamilies();
    }

    private void setPassword() {
        byte[] secret = configuration.password;
        scratch.copyFrom(0, secret, 0, secret.length);
        password.set(scratch, 0, secret.length);
        scratch.fill(0, secret.length, 0);
    }

    /** Replays the log, and begins to listen. */
    void start() {
        String problem = durability.start();
        if (problem != null) {
            platform.log().line(problem);
            platform.exit(1);
            return;
        }
        keyspace.beginTurn();
        startedAtMillis = keyspace.nowMillis();
        tickMillis = startedAtMillis;
        platform.timers().schedule(heartbeat, platform.clock().nanos() + TICK_NANOS);
        if (platform.network().listen(configuration.port, configuration.backlog, this) == null) {
            platform.log().line("kv: cannot listen on port " + configuration.port);
            platform.exit(1);
        }
    }

    private void addFamilies() {
        table.add(new StringCommands(this));
        table.add(new BitCommands(this));
        table.add(new KeyCommands(this));
        table.add(new ExpiryCommands(this));
        table.add(new ScanCommands(this));
        table.add(new ConnectionCommands(this));
        table.add(new ClientCommands(this));
        table.add(new ServerCommands(this));
        table.add(new ConfigCommands(this));
        table.add(new InfoCommands(this));
        table.add(transactions);
        table.add(pubSub);
        Collections.addTo(this);
    }

    @Override
    public ConnectionHandler accepted(Connection connection) {
        if (clientCount >= configuration.maximumClients) {
            return turnAway(connection);
        }
        statistics.connections++;
        KvClient client = freeClients;
        if (client == null) {
            client = new KvClient(this, clientCount);
            clientsByNumber = longer(clientsByNumber, clientCount);
            clientsByNumber[clientCount] = client;
        } else {
            freeClients = client.next;
        }
        client.previous = null;
        client.next = clients;
        if (clients != null) {
            clients.previous = client;
        }
        clients = client;
        clientCount++;
        client.begin(connection, ++lastClientId, firstModes());
        pause.join(client);
        client.connectedAtMillis = tickMillis;
        client.usedAtMillis = tickMillis;
        return client;
    }

    private KvClient turnAway(Connection connection) {
        statistics.rejectedConnections++;
        connection.write(scratch, 0, scratch.putAscii(0, TOO_MANY));
        connection.close();
        return turnedAway;
    }

    int firstModes() {
        return password.isRequired() ? KvClient.STRANGER : 0;
    }

    private static KvClient[] longer(KvClient[] list, int index) {
        if (index < list.length) {
            return list;
        }
        KvClient[] longer = new KvClient[2 * list.length];
        System.arraycopy(list, 0, longer, 0, list.length);
        return longer;
    }

    /** The client with that {@link KvClient#number}. */
    KvClient clientOf(int number) {
        return clientsByNumber[number];
    }

    void forget(KvClient client) {
        durability.forget(client);
        if (client.previous == null) {
            clients = client.next;
        } else {
            client.previous.next = client.next;
        }
        if (client.next != null) {
            client.next.previous = client.previous;
        }
        clientCount--;
        client.next = freeClients;
        freeClients = client;
    }

    /** First of the list of clients. */
    KvClient clients() {
        return clients;
    }

    int clientCount() {
        return clientCount;
    }

    /** Something is to be done with the client's connection, at the end of the turn. */
    void attend(KvClient client) {
        if (!client.needsAttention) {
            client.needsAttention = true;
            client.nextAttended = attended;
            attended = client;
        }
    }

    /** A client is gone. */
    void neglect(KvClient client) {
        if (client.needsAttention) {
            client.needsAttention = false;
            KvClient before = attended;
            if (before == client) {
                attended = client.nextAttended;
                return;
            }
            while (before.nextAttended != client) {
                before = before.nextAttended;
            }
            before.nextAttended = client.nextAttended;
        }
    }

    /** Sends what is queued for clients: at the end of every turn, of a client or of a timer. */
    void transmit() {
        while (attended != null) {
            KvClient client = attended;
            attended = client.nextAttended;
            client.needsAttention = false;
            client.transmit();
        }
    }

    /** A client's bytes are about to be looked at. */
    void beginTurn(KvClient client) {
        keyspace.beginTurn();
        client.usedAtMillis = tickMillis;
        reply.begin(client, client.isResp3);
    }

    /** All that has arrived from a client has been dealt with. */
    void endTurn(KvClient client) {
        durability.endTurn(client);
        reply.finishTurn();
        transmit();
    }

    long uptimeSeconds() {
        return (tickMillis - startedAtMillis) / 1000;
    }

    void resetStatistics() {
        statistics.reset();
        keyspace.hits = 0;
        keyspace.misses = 0;
        keyspace.expired = 0;
        keyspace.evicted = 0;
    }

    private void closeIdleClients() {
        KvClient client = configuration.timeoutSeconds == 0 ? null : clients;
        while (client != null) {
            KvClient next = client.next;
            boolean listens = (client.modes & KvClient.SUBSCRIBED) != 0;
            if (!client.isHeld()
                    && !listens
                    && tickMillis - client.usedAtMillis > configuration.timeoutSeconds * 1000L) {
                client.closeAfterReply();
                client.closeIfDone();
            }
            client = next;
        }
    }

    /** Answers a subcommand that is unknown, or known and given a wrong number of words. */
    void unknownSubcommand(Arguments words, String command, boolean isKnown, Reply to) {
        if (words.count() < 2) {
            to.beginError("ERR wrong number of arguments for '");
            to.raw(command);
            to.raw("' command");
        } else if (isKnown) {
            to.beginError("ERR wrong number of arguments for '");
            to.raw(command);
            to.raw("|");
            to.lowerTextOf(words.data(), words.at(1), words.length(1));
            to.raw("' command");
        } else {
            unknownSubcommand("", words, command, to);
        }
        to.endError();
    }

    /** Answers a subcommand that itself finds its words too many. */
    void doubtfulSubcommand(Arguments words, String command, Reply to) {
        unknownSubcommand(" or wrong number of arguments for", words, command, to);
        to.endError();
    }

    private static void unknownSubcommand(String or, Arguments words, String command, Reply to) {
        to.beginError("ERR unknown subcommand");
        to.raw(or);
        to.raw(" '");
        to.textOf(words.data(), words.at(1), Math.min(words.length(1), SCRATCH_BYTES >> 5));
        to.raw("'. Try ");
        to.upperText(command);
        to.raw(" HELP.");
    }
}

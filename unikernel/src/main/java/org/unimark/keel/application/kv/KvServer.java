// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import org.unimark.keel.application.Platform;
import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Timer;
import org.unimark.keel.net.socket.Connection;
import org.unimark.keel.net.socket.ConnectionHandler;
import org.unimark.keel.net.socket.Network;

/** One listening server with its keyspace and its clients; everything that commands need is found from here. */
final class KvServer implements Network.Acceptor {
    private static final long TICK_NANOS = 100_000_000L;

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
    final Durability durability = new Durability();
    final Dispatcher dispatcher;
    final Gate gate;
    /** For one character of an error. */
    final Bytes oneByte;

    /** For short texts that are put together. */
    final Bytes scratch;

    static final int SCRATCH_BYTES = 4096;

    private final Heartbeat heartbeat = new Heartbeat();
    private KvClient freeClients;
    private KvClient clients;
    private int clientCount;
    private long lastClientId;

    /** Ten times a second: clocks, expiry. */
    private final class Heartbeat extends Timer {
        @Override
        protected void expired(long nowNanos) {
            keyspace.beginTurn();
            eviction.setClock();
            platform.timers().schedule(this, nowNanos + TICK_NANOS);
        }
    }

    KvServer(Platform platform, Configuration configuration, Bytes arena) {
        this.platform = platform;
        this.configuration = configuration;
        slabs = new Slabs(arena, platform.allocate(Pages.mapBytes(arena.length())));
        background = new Background(platform.timers());
        effects = new NoEffects();
        keyspace =
                new Keyspace(slabs, platform.random(), platform.clock(), background, effects, configuration.databases);
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
        addFamilies();
    }

    /** Begins to listen. */
    void start() {
        platform.timers().schedule(heartbeat, platform.clock().nanos() + TICK_NANOS);
        if (platform.network().listen(configuration.port, configuration.backlog, this) == null) {
            platform.log().line("kv: cannot listen on port " + configuration.port);
            platform.exit(1);
        }
    }

    private void addFamilies() {
        table.add(new StringCommands(this));
        table.add(new KeyCommands(this));
        table.add(new ConnectionCommands(this));
        Collections.addTo(this);
    }

    @Override
    public ConnectionHandler accepted(Connection connection) {
        if (clientCount >= configuration.maximumClients) {
            statistics.rejectedConnections++;
            return null;
        }
        statistics.connections++;
        KvClient client = freeClients;
        if (client == null) {
            client = new KvClient(this);
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
        client.begin(connection, ++lastClientId, configuration.password.length == 0 ? 0 : KvClient.STRANGER);
        client.connectedAtMillis = keyspace.nowMillis();
        return client;
    }

    void forget(KvClient client) {
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

    /** A client's bytes are about to be looked at. */
    void beginTurn(KvClient client) {
        keyspace.beginTurn();
        reply.begin(client, client.isResp3);
    }

    /** All that has arrived from a client has been dealt with. */
    void endTurn(KvClient client) {
        reply.flush();
        client.closeIfDone();
    }

    /** The database that the client's commands mean. */
    Database database(KvClient client) {
        return keyspace.databases[client.database];
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import org.unimark.keel.application.Platform;
import org.unimark.keel.kernel.Rare;
import org.unimark.keel.storage.RecordLog;
import org.unimark.keel.storage.Storage;
import org.unimark.keel.storage.StorageException;

/** Brings changes into the log, and holds back what must not be said before they are on the disk. */
final class Durability {
    private static final String LOG_NAME = "kv";
    /** Records that wait for the log, before clients that write are held. */
    private static final long MAXIMUM_WAITING_BYTES = 1 << 20;

    /** Of the disk, left to its directory. */
    private static final long SPARE_BYTES = 1 << 20;

    private final KvServer server;
    private final Effects effects;
    /** Null without a log. */
    private final RecordLog log;

    private LogQueue queue;
    private LogRewrite rewrite;
    private LogRoom room;
    private boolean always;
    private boolean hasFailed;
    /** Why, until it has been told. */
    private String untold;

    /** {@link Keyspace#changes} when the last sync began. */
    private long syncedChanges;

    private boolean syncIsRunning;
    private Platform leaving;

    /** Clients whose replies wait for the next sync, and for the one that is running. */
    private KvClient waiting;

    private KvClient covered;

    private final RecordLog.Outcome synced = this::synced;

    Durability(KvServer server, RecordLog log) {
        this.server = server;
        this.log = log;
        effects = server.effects;
    }

    /** Opens the log on the disk, which there must be if one is wanted, with its buffers; null if none is. */
    @Rare
    static RecordLog open(Platform platform, Configuration configuration) throws StorageException {
        if (configuration.append == Configuration.APPEND_OFF) {
            return null;
        }
        Storage storage = platform.storage();
        // A log takes its capacity twice, so that it can be rewritten.
        long most = storage.freeBytes() / 2 - SPARE_BYTES;
        return storage.log(LOG_NAME, configuration.logBytes > 0 ? configuration.logBytes : Math.max(SPARE_BYTES, most));
    }

    /** Replays the log, if there is one; returns what is wrong, or null. */
    @Rare
    String start() {
        if (log == null) {
            return null;
        }
        Platform platform = server.platform;
        try {
            Replay replay = new Replay(server);
            effects.setReplaying(true);
            log.replay(replay);
            effects.setReplaying(false);
            String problem = replay.end();
            if (problem != null) {
                return problem;
            }
            report(platform, replay);
        } catch (StorageException failure) {
            return "kv: the log cannot be used: " + failure.getMessage();
        }
        log.whenRoom(this::logHasRoom);
        always = server.configuration.append == Configuration.APPEND_ALWAYS;
        queue = new LogQueue(server.slabs, log);
        rewrite = new LogRewrite(server, log, queue);
        room = new LogRoom(server.slabs, log, queue, rewrite);
        effects.attach(
                new RecordWriter(platform.allocate(RecordWriter.BUFFER_BYTES), queue, false),
                new RecordWriter(platform.allocate(RecordWriter.BUFFER_BYTES), queue, true),
                rewrite);
        return null;
    }

    @Rare
    private void report(Platform platform, Replay replay) {
        platform.log()
                .line("kv: replayed " + replay.units() + " units from the log, " + server.keyspace.size() + " keys, "
                        + log.tornBytes() + " bytes of torn tail cut");
    }

    /** Whether a write command has to be asked about, or told of, before it is executed. */
    boolean watchesWrites() {
        return hasFailed || (rewrite != null && (rewrite.isRunning() || room.isScarce()));
    }

    /** Whether the command at hand is a long one. */
    void setLong(boolean isLong) {
        if (room != null) {
            room.setLong(isLong);
        }
    }

    /** Why there is no room for what the command at hand would log, or null. */
    String refusal(Command command, Arguments arguments) {
        return room == null ? null : room.refusal(command, arguments);
    }

    /** The same for all that a transaction has queued. */
    String refusal(long bytes) {
        return room == null ? null : room.refusal(bytes, true);
    }

    /** Whether commands that change something may be executed: not when their effects would be lost. */
    boolean refusesWrites() {
        return hasFailed;
    }

    /** A write command is about to be executed. */
    void beforeWrite(KvClient client, Command command, Arguments arguments) {
        if (rewrite != null && rewrite.isRunning()) {
            rewrite.beforeWrite(client, command, arguments);
        }
    }

    /** The command at hand has changed something. */
    void changed(KvClient client, Command command, Arguments arguments) {
        if (log == null) {
            return;
        }
        effects.commit(command.has(Command.WRITE), arguments);
        if (always || queue.bytes() > MAXIMUM_WAITING_BYTES || rewrite.needsTime()) {
            holdBack(client);
        }
    }

    /** Until a sync that begins from now on has ended. */
    private void holdBack(KvClient client) {
        if (client.isCovered) {
            // It was served while it waited for a sync that began before.
            client.isCovered = false;
            covered = without(covered, client);
        } else if (client.isHeldBy(KvClient.LOG_WAITS)) {
            return;
        }
        client.hold(KvClient.LOG_WAITS);
        client.nextWaiting = waiting;
        waiting = client;
    }

    /** All commands that had arrived from a client are done, and their replies not yet sent. */
    void endTurn(KvClient client) {
        if (log == null || hasFailed) {
            return;
        }
        if (!queue.isEmpty() || queue.hasFailed()) {
            pump();
            if (hasFailed) {
                client.cutOff();
            }
        }
        if (!hasFailed) {
            rewrite.considerBeginning();
            room.look();
            syncIfWanted();
        }
        leaveIfDone();
    }

    /** Clients that write wait for a sync, which waits for a rewrite that the log would otherwise be too small for. */
    private void syncIfWanted() {
        if (waiting != null && !syncIsRunning && !hasFailed && !rewrite.needsTime()) {
            sync();
        }
    }

    /** A buffer of it is free again, or it is short again. */
    @Rare
    void logHasRoom() {
        drain();
        server.transmit();
    }

    /** Hands over to the log what it takes now. */
    @Rare
    void pump() {
        rewrite.abandonIfWanted();
        queue.drain();
        if (queue.hasFailed()) {
            fail(queue.isFull() ? "it is full" : "there is no memory for what waits for it");
        }
    }

    /** Once a second. */
    @Rare
    void secondPassed() {
        if (untold != null) {
            server.platform.log().line("kv: the log has failed, writes are refused from now on: " + untold);
            untold = null;
        }
        if (log == null || hasFailed) {
            return;
        }
        effects.finish();
        pump();
        if (hasFailed) {
            return;
        }
        rewrite.beginIfDemanded();
        if (server.keyspace.changes != syncedChanges && !syncIsRunning) {
            sync();
        }
        rewrite.considerBeginning();
    }

    @Rare
    private void sync() {
        syncedChanges = server.keyspace.changes;
        syncIsRunning = true;
        if (queue.isEmpty()) {
            covered = waiting;
            waiting = null;
            for (KvClient client = covered; client != null; client = client.nextWaiting) {
                client.isCovered = true;
            }
        }
        log.sync(synced);
    }

    @Rare
    private void synced(StorageException failure) {
        syncIsRunning = false;
        if (failure != null) {
            fail(failure.getMessage());
            server.transmit();
            return;
        }
        KvClient client = covered;
        covered = null;
        while (client != null) {
            KvClient next = client.nextWaiting;
            client.nextWaiting = null;
            client.isCovered = false;
            client.logIsDurable();
            client = next;
        }
        drain();
        leaveIfDone();
        server.transmit();
    }

    @Rare
    private void leaveIfDone() {
        if (leaving == null || syncIsRunning || hasFailed) {
            return;
        }
        if (queue.isEmpty() && waiting == null && syncedChanges == server.keyspace.changes) {
            leaving.exit(0);
        } else {
            sync();
        }
    }

    @Rare
    private void drain() {
        if (hasFailed) {
            return;
        }
        pump();
        if (hasFailed) {
            return;
        }
        if (!queue.isEmpty() && !syncIsRunning) {
            sync();
        }
        syncIfWanted();
    }

    /** Nothing more can be promised: whoever waits for an acknowledgement must not get it. */
    @Rare
    void fail(String reason) {
        if (hasFailed) {
            return;
        }
        hasFailed = true;
        queue.fail();
        rewrite.abandon();
        untold = reason;
        cutOff(waiting);
        cutOff(covered);
        waiting = null;
        covered = null;
    }

    @Rare
    private static void cutOff(KvClient first) {
        KvClient client = first;
        while (client != null) {
            KvClient next = client.nextWaiting;
            client.nextWaiting = null;
            client.isCovered = false;
            client.cutOff();
            client = next;
        }
    }

    /** A client is gone that may wait. */
    @Rare
    void forget(KvClient client) {
        waiting = without(waiting, client);
        covered = without(covered, client);
        client.isCovered = false;
    }

    @Rare
    private static KvClient without(KvClient first, KvClient gone) {
        if (first == null || first == gone) {
            return first == null ? null : first.nextWaiting;
        }
        for (KvClient client = first; client.nextWaiting != null; client = client.nextWaiting) {
            if (client.nextWaiting == gone) {
                client.nextWaiting = gone.nextWaiting;
                break;
            }
        }
        return first;
    }

    @Rare
    boolean beginRewrite() {
        boolean possible = rewrite != null && !hasFailed && !rewrite.isRunning();
        if (possible) {
            rewrite.demand();
        }
        return possible;
    }

    /** Ends the system when what was logged is durable. */
    @Rare
    void shutDown(Platform platform) {
        if (log == null || hasFailed) {
            platform.exit(0);
        } else {
            leaving = platform;
            effects.finish();
        }
    }

    @Rare
    void info(Text text) {
        text.add("# Persistence\r\n")
                .line("loading", 0)
                .line("async_loading", 0)
                .line("rdb_bgsave_in_progress", 0)
                .line("aof_enabled", log == null ? 0 : 1)
                .line("aof_rewrite_in_progress", rewrite != null && rewrite.isRunning() ? 1 : 0)
                .line("aof_last_write_status", hasFailed ? "err" : "ok");
        if (log != null) {
            text.line("aof_current_size", log.length())
                    .line("aof_capacity", log.capacity())
                    .line("aof_base_size", rewrite.baseBytes())
                    .line("aof_buffer_length", queue.bytes());
        }
    }
}

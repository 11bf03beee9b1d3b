// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import org.unimark.keel.application.Platform;
import org.unimark.keel.kernel.Timer;
import org.unimark.keel.storage.RecordLog;
import org.unimark.keel.storage.Storage;
import org.unimark.keel.storage.StorageException;

/** Brings changes into the log, and holds back what must not be said before they are on the disk. */
final class Durability {
    private static final String LOG_NAME = "kv";
    /** Records that wait for the log, before clients that write are held. */
    private static final long MAXIMUM_WAITING_BYTES = 1 << 20;

    private static final long RETRY_NANOS = 1_000_000L;

    private final KvServer server;
    private final Effects effects;
    /** Null without a log. */
    private RecordLog log;

    private LogQueue queue;
    private LogRewrite rewrite;
    private boolean always;
    private boolean hasFailed;
    /** {@link Keyspace#changes} when the last sync began. */
    private long syncedChanges;

    private boolean syncIsRunning;
    private Platform leaving;

    /** Clients whose replies wait for the next sync, and for the one that is running. */
    private KvClient waiting;

    private KvClient covered;

    private final RecordLog.Outcome synced = this::synced;
    private final Retry retry = new Retry();

    /** Asks again for room in the log. */
    private final class Retry extends Timer {
        @Override
        protected void expired(long nowNanos) {
            drain();
        }
    }

    Durability(KvServer server) {
        this.server = server;
        effects = server.effects;
    }

    /** Opens and replays the log, if one is wanted; returns what is wrong, or null. */
    String start(Platform platform, Configuration configuration) {
        if (configuration.append == Configuration.APPEND_OFF) {
            return null;
        }
        Storage storage = platform.storage();
        if (storage == null) {
            return "kv: appendonly needs a disk, and there is none";
        }
        try {
            long bytes = configuration.logBytes > 0 ? configuration.logBytes : storage.freeBytes() / 2;
            log = storage.log(LOG_NAME, bytes);
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
        always = configuration.append == Configuration.APPEND_ALWAYS;
        queue = new LogQueue(server.slabs, log);
        effects.attach(
                new RecordWriter(platform.allocate(RecordWriter.BUFFER_BYTES), queue, false),
                new RecordWriter(platform.allocate(RecordWriter.BUFFER_BYTES), queue, true));
        rewrite = new LogRewrite(server, log, queue);
        return null;
    }

    private void report(Platform platform, Replay replay) {
        platform.log()
                .line("kv: replayed " + replay.units() + " units from the log, " + server.keyspace.size() + " keys, "
                        + log.tornBytes() + " bytes of torn tail cut");
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
        if (queue.hasFailed()) {
            fail(queue.isFull() ? "it is full" : "there is no memory for what waits for it");
        }
        if ((always || queue.bytes() > MAXIMUM_WAITING_BYTES) && !client.isHeldBy(KvClient.LOG_WAITS)) {
            client.hold(KvClient.LOG_WAITS);
            client.nextWaiting = waiting;
            waiting = client;
        }
        if (!queue.isEmpty() && !retry.isScheduled()) {
            scheduleRetry();
        }
    }

    /** All commands that had arrived from a client are done: starts the sync that it waits for. */
    void endTurn() {
        if (waiting != null && !syncIsRunning) {
            sync();
        }
    }

    /** Once a second. */
    void secondPassed() {
        if (log == null || hasFailed) {
            return;
        }
        effects.finish();
        if (server.keyspace.changes != syncedChanges && !syncIsRunning) {
            sync();
        }
        rewrite.considerBeginning();
    }

    private void sync() {
        syncedChanges = server.keyspace.changes;
        syncIsRunning = true;
        if (queue.isEmpty()) {
            covered = waiting;
            waiting = null;
        }
        log.sync(synced);
    }

    private void synced(StorageException failure) {
        syncIsRunning = false;
        if (failure != null) {
            fail(failure.getMessage());
            return;
        }
        KvClient client = covered;
        covered = null;
        while (client != null) {
            KvClient next = client.nextWaiting;
            client.nextWaiting = null;
            client.logIsDurable();
            client = next;
        }
        drain();
        if (leaving != null && queue.isEmpty() && waiting == null) {
            leaving.exit(0);
        }
    }

    private void drain() {
        if (hasFailed) {
            return;
        }
        queue.drain();
        if (!queue.isEmpty()) {
            scheduleRetry();
        }
        if ((waiting != null || !queue.isEmpty()) && !syncIsRunning) {
            sync();
        }
    }

    private void scheduleRetry() {
        if (!retry.isScheduled()) {
            server.platform.timers().schedule(retry, server.keyspace.nowNanos() + RETRY_NANOS);
        }
    }

    /** Nothing more can be promised: whoever waits for an acknowledgement must not get it. */
    void fail(String reason) {
        if (hasFailed) {
            return;
        }
        hasFailed = true;
        queue.fail();
        rewrite.abandon();
        server.platform.log().line("kv: the log has failed, writes are refused from now on: " + reason);
        cutOff(waiting);
        cutOff(covered);
        waiting = null;
        covered = null;
    }

    private static void cutOff(KvClient first) {
        KvClient client = first;
        while (client != null) {
            KvClient next = client.nextWaiting;
            client.nextWaiting = null;
            client.cutOff();
            client = next;
        }
    }

    /** A client is gone that may wait. */
    void forget(KvClient client) {
        waiting = without(waiting, client);
        covered = without(covered, client);
    }

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

    boolean beginRewrite() {
        return rewrite != null && !hasFailed && rewrite.begin();
    }

    /** Ends the system when what was logged is durable. */
    void shutDown(Platform platform) {
        if (log == null || hasFailed) {
            platform.exit(0);
        } else {
            leaving = platform;
            effects.finish();
            if (!syncIsRunning) {
                sync();
            }
        }
    }

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

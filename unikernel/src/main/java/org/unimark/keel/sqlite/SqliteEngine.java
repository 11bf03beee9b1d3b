// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.sqlite;

import java.nio.charset.StandardCharsets;
import org.unimark.keel.application.Platform;
import org.unimark.keel.application.SealedSettings;
import org.unimark.keel.application.sql.SqlConnection;
import org.unimark.keel.application.sql.SqlEngine;
import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Rare;
import org.unimark.keel.machine.Mark;
import org.unimark.keel.machine.Memory;
import org.unimark.keel.machine.SqliteCalls;
import org.unimark.keel.storage.Storage;
import org.unimark.keel.storage.StorageException;

/** SQLite, linked into the program; there is one in a program. */
@Rare
public final class SqliteEngine implements SqlEngine {
    private static final int READ_WRITE = 2;
    private static final int CREATE = 4;
    private static final int EXTENDED_CODES = 0x02000000;

    /* Deeper expressions than these would need more stack than the program has. */
    private static final int LIMIT_EXPRESSION_DEPTH = 3;
    private static final int EXPRESSION_DEPTH = 500;
    private static final int LIMIT_TRIGGER_DEPTH = 10;
    private static final int TRIGGER_DEPTH = 100;

    /** So many steps of SQLite's virtual machine take some tens of microseconds. */
    private static final int STEPS_BETWEEN_CHECKS = 4096;

    private static final int SCRATCH_BYTES = 1024;

    /** A file may take so much of the free space of a disk, half of it for the database. */
    private static final int LEAST_FILE_BYTES = 1 << 20;

    private final Platform platform;
    private final SqliteConfiguration configuration;
    private final Arena arena;
    private final Host host;
    private final long scratch;
    private final Bytes pragmas;

    /** @throws IllegalStateException with the reason if the engine cannot be started */
    public SqliteEngine(Platform platform, SealedSettings settings) {
        this.platform = platform;
        configuration = SqliteConfiguration.of(settings, platform.name().equals("linux"));
        long memory = configuration.memoryBytes();
        arena = new Arena(platform, memory == 0 ? platform.availableBytes() / 2 : memory);
        ChunkPool chunks = new ChunkPool(platform, configuration.databaseBytes());
        int characteristics = configuration.powersafeOnly() ? MemoryFile.POWERSAFE : MemoryFile.LOST_WITH_THE_PROGRAM;
        FileTable.Store inMemory = name -> new MemoryFile(name, arena, chunks, characteristics);
        host = new Host(platform, arena, new FileTable(configuration.inMemory() ? inMemory : disk(platform), inMemory));
        int result = SqliteCalls.start(host, configuration.ownFiles());
        if (result != Results.OK) {
            throw new IllegalStateException("SQLite does not start: error " + result);
        }
        scratch = platform.allocate(SCRATCH_BYTES).address(0, SCRATCH_BYTES);
        byte[] ascii = configuration.pragmas().getBytes(StandardCharsets.US_ASCII);
        pragmas = platform.allocate(ascii.length);
        pragmas.copyFrom(0, ascii, 0, ascii.length);
    }

    private FileTable.Store disk(Platform platform) {
        if (!configuration.ownFiles()) {
            return name -> null;
        }
        Storage storage = platform.storage();
        if (storage == null) {
            throw new IllegalStateException("database=disk, but there is no disk");
        }
        return name -> {
            try {
                long capacity = Math.max(LEAST_FILE_BYTES, storage.freeBytes() / 2);
                return new ExtentFile(name, arena, storage, capacity, platform.log());
            } catch (StorageException failure) {
                platform.log().line("sql: " + failure.getMessage());
                return null;
            }
        };
    }

    @Override
    public SqlConnection connect() {
        CText.write(scratch + Long.BYTES, configuration.file());
        int result = SqliteCalls.open(scratch + Long.BYTES, scratch, READ_WRITE | CREATE | EXTENDED_CODES, 0);
        long handle = Memory.getLong(scratch);
        if (handle == 0) {
            return null;
        }
        if (result == Results.OK) {
            SqliteCalls.limit(handle, LIMIT_EXPRESSION_DEPTH, EXPRESSION_DEPTH);
            SqliteCalls.limit(handle, LIMIT_TRIGGER_DEPTH, TRIGGER_DEPTH);
            SqliteCalls.watch(handle, STEPS_BETWEEN_CHECKS);
        }
        return new SqliteConnection(this, handle, scratch, result);
    }

    /** The pragmas may have to read the database. */
    int configure(SqliteConnection connection) {
        return connection.execute(pragmas);
    }

    void cannotOpen(SqliteConnection connection) {
        platform.log().line("sql: cannot open " + configuration.file() + ": " + connection.errorMessage());
    }

    @Override
    public void watchSteps(Runnable watcher) {
        host.setWatcher(watcher);
    }

    @Override
    public String version() {
        return "SQLite " + CText.read(SqliteCalls.version());
    }

    /** Bytes that SQLite has now, blocks that it freed and that wait for reuse included. */
    public long memoryBytes() {
        return arena.usedBytes();
    }

    /** Tells an observer outside the machine where the program is ({@link Mark}). */
    public void mark(int code) {
        Mark.pass(code);
    }

    /**
     * Starts the time of a statement: what {@code step} shall not exceed.
     *
     * @param limitNanos its connection's own limit, or 0 for none
     */
    long deadline(long limitNanos) {
        long nanos = configuration.statementNanos();
        if (limitNanos != 0 && (nanos == 0 || limitNanos < nanos)) {
            nanos = limitNanos;
        }
        return nanos == 0 ? Long.MAX_VALUE : platform.clock().nanos() + nanos;
    }

    void setDeadline(long deadlineNanos) {
        host.setDeadline(deadlineNanos);
    }
}

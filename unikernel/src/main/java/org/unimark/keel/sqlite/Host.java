// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.sqlite;

import org.unimark.keel.application.Platform;
import org.unimark.keel.machine.Memory;
import org.unimark.keel.machine.SqliteHost;

/** Answers SQLite from an arena, a table of files and the platform's clock and chance. */
final class Host implements SqliteHost {
    private final Platform platform;
    private final Arena arena;
    private final FileTable files;

    /** Between two calls of the watcher while a step lasts. */
    private static final long WATCH_NANOS = 5_000_000;

    /** The time when the running statement has run long enough; {@link Long#MAX_VALUE} for never. */
    private long deadlineNanos = Long.MAX_VALUE;

    /** Null if nobody watches. */
    private Runnable watcher;

    private long watchedNanos;

    Host(Platform platform, Arena arena, FileTable files) {
        this.platform = platform;
        this.arena = arena;
        this.files = files;
    }

    void setWatcher(Runnable newWatcher) {
        watcher = newWatcher;
    }

    void setDeadline(long nanos) {
        deadlineNanos = nanos;
    }

    @Override
    public long allocate(int bytes) {
        return arena.allocate(bytes);
    }

    @Override
    public void free(long address) {
        arena.free(address);
    }

    @Override
    public long resize(long address, int bytes) {
        return arena.resize(address, bytes);
    }

    @Override
    public int size(long address) {
        return address == 0 ? 0 : arena.size(address);
    }

    @Override
    public int roundUp(int bytes) {
        return arena.roundUp(bytes);
    }

    @Override
    public int open(long name, int flags) {
        return files.open(name, flags);
    }

    @Override
    public int delete(long name, boolean durably) {
        StoredFile file = files.find(name);
        if (file == null || !file.exists()) {
            return Results.IO_DELETE_NO_ENTRY;
        }
        return file.delete(durably);
    }

    @Override
    public boolean exists(long name) {
        StoredFile file = files.find(name);
        return file != null && file.exists();
    }

    @Override
    public int close(int file) {
        return files.close(file);
    }

    /** What lies beyond the end is zero, and a result of its own. */
    @Override
    public int read(int file, long target, int bytes, long position) {
        StoredFile stored = files.get(file).file;
        long there = stored.length() - position;
        if (there >= bytes) {
            return stored.read(position, target, bytes);
        }
        int count = (int) Math.max(0, there);
        int result = count == 0 ? Results.OK : stored.read(position, target, count);
        Memory.fill(target + count, bytes - count, (byte) 0);
        return result == Results.OK ? Results.IO_SHORT_READ : result;
    }

    @Override
    public int write(int file, long source, int bytes, long position) {
        return files.get(file).file.write(position, source, bytes);
    }

    @Override
    public int truncate(int file, long length) {
        return files.get(file).file.truncate(length);
    }

    @Override
    public int sync(int file) {
        return files.get(file).file.sync();
    }

    @Override
    public long length(int file) {
        return files.get(file).file.length();
    }

    @Override
    public int lock(int file, int level) {
        OpenFile open = files.get(file);
        return open.file.locks().lock(open, level);
    }

    @Override
    public int unlock(int file, int level) {
        OpenFile open = files.get(file);
        open.file.locks().unlock(open, level);
        return Results.OK;
    }

    @Override
    public boolean isReserved(int file) {
        return files.get(file).file.locks().isReserved();
    }

    @Override
    public int characteristics(int file) {
        return files.get(file).file.characteristics();
    }

    @Override
    public int mapShared(int file, int region, int bytes, boolean grow, long result) {
        OpenFile open = files.get(file);
        return open.file.sharedMemory().map(open, region, bytes, grow, result);
    }

    @Override
    public int lockShared(int file, int first, int count, int flags) {
        OpenFile open = files.get(file);
        return open.file.sharedMemory().lock(open, first, count, flags);
    }

    @Override
    public void unmapShared(int file, boolean delete) {
        OpenFile open = files.get(file);
        open.file.sharedMemory().leave(open);
    }

    @Override
    public long random() {
        return platform.random().nextLong();
    }

    @Override
    public long epochMillis() {
        return platform.clock().epochMillis();
    }

    @Override
    public boolean shallStop() {
        long nowNanos = platform.clock().nanos();
        if (watcher != null && nowNanos - watchedNanos >= WATCH_NANOS) {
            watchedNanos = nowNanos;
            watcher.run();
        }
        return nowNanos > deadlineNanos;
    }
}

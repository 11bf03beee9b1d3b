// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.storage;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.buffer.Crc32c;
import org.unimark.keel.storage.device.BlockDevice;
import org.unimark.keel.storage.device.BlockRequest;

/**
 * A log on a disk: an area with two halves, one of which is the log. A rewrite fills the other one with what it is given
 * and with everything that is appended meanwhile, so that both are complete when the directory is told to use it.
 */
final class DiskLog implements RecordLog {
    /** Epochs that are reserved with one write of the directory: lives and rewrites until the next one. */
    private static final long RESERVED_EPOCHS = 1 << 20;

    private static final int NOTHING = -1;

    private enum Rewrite {
        NONE,
        FILLING,
        /** Everything was said; waits until the new log is durable. */
        DRAINING,
        /** The directory is on its way. */
        WRITING_ENTRY,
        FLUSHING_ENTRY
    }

    private final DiskStorage storage;
    private final BlockDevice device;
    private final DiskIo io;
    private final Crc32c crc;
    private final Area area;
    private final boolean needsFlush;
    private final DiskIo.Pending flush = new DiskIo.Pending();
    private final DiskIo.Pending entry = new DiskIo.Pending();
    private final Bytes entrySegment = new Bytes();
    private final SyncQueue queue = new SyncQueue();
    /** Made here because appending allocates nothing. */
    private final StorageException newLogIsFull =
            new StorageException(StorageException.Cause.FULL, -1, "the new log does not fit");

    private LogStream main;
    private LogStream next;

    private Runnable roomListener;
    /** Length of the record that was refused for want of room, or {@link #NOTHING}. */
    private int refusedBytes = NOTHING;

    private boolean isReady;
    private StorageException failure;
    private long tornBytes;
    private long nextEpoch;

    private boolean isFlushing;
    private boolean coversEntry;

    private Rewrite rewrite = Rewrite.NONE;
    private StorageException rewriteFailure;
    private Outcome rewriteOutcome;
    private long rewriteTarget;

    DiskLog(DiskStorage storage, Area area, MemorySource memory) {
        this.storage = storage;
        this.area = area;
        io = storage.io();
        device = io.device;
        crc = storage.crc();
        needsFlush = device.supports(BlockRequest.Operation.FLUSH);
        main = new LogStream(device, memory, crc);
        next = new LogStream(device, memory, crc);
        flush.operation = BlockRequest.Operation.FLUSH;
        entry.operation = BlockRequest.Operation.WRITE;
        entry.segmentCount = 1;
        entry.segments[0] = entrySegment;
    }

    @Override
    public void replay(Visitor visitor) throws StorageException {
        LogReader reader = new LogReader(io, main.readBuffer(), crc, area);
        reader.read(visitor);
        tornBytes = reader.tornBytes();
        if (device.isReadOnly()) {
            failure = new StorageException(StorageException.Cause.READ_ONLY, -1, "the disk is read-only");
        } else if (!isReady) {
            nextEpoch = area.lengthOrNextEpoch;
            area.lengthOrNextEpoch += RESERVED_EPOCHS;
            long start = main.alignUp(reader.position());
            if (reader.isTornAt(start)) {
                eraseTornBatch(start);
            }
            if (reader.position() > area.durableSectors) {
                // What was read may still be in the disk's cache, and must not be lost once the entry says that it is
                // durable.
                io.flush();
                area.durableSectors = reader.position();
            }
            storage.update(area);
        }
        main.begin(area.halfBase(area.half), area.halfSectors(), reader.position(), nextEpoch++, area.seed);
        isReady = true;
    }

    /**
     * Erases the header of what was written in part, durable with the next flush. The next batch is written over it: if that
     * one is torn as well, and has sectors like those that the first one lacks, the first one would be whole, and back.
     */
    private void eraseTornBatch(long position) throws StorageException {
        Bytes zeros = main.readBuffer();
        zeros.fill(0, device.blockBytes(), 0);
        io.write(area.halfBase(area.half) + position, zeros, 0, device.blockBytes());
    }

    @Override
    public long tornBytes() {
        return tornBytes;
    }

    @Override
    public boolean append(Bytes data, int offset, int length) {
        check(length);
        if (failure != null || !main.fits(length)) {
            return false;
        }
        if (!main.hasRoom(length)) {
            return refuse(length);
        }
        if (isRewriting()) {
            if (!next.fits(length)) {
                failRewrite(newLogIsFull);
            } else if (!next.hasRoom(length)) {
                return refuse(length);
            } else {
                next.append(data, offset, length);
            }
        }
        main.append(data, offset, length);
        storage.attend();
        return true;
    }

    private boolean refuse(int length) {
        refusedBytes = length;
        return false;
    }

    private boolean isRewriting() {
        return rewrite != Rewrite.NONE && rewriteFailure == null;
    }

    @Override
    public void whenRoom(Runnable listener) {
        roomListener = listener;
    }

    private void check(int length) {
        if (!isReady) {
            throw new IllegalStateException("a log is replayed before it is used");
        }
        if (length < 0 || length > MAXIMUM_RECORD_BYTES) {
            throw new IllegalArgumentException("a record is longer than it may be");
        }
    }

    @Override
    public void sync(Outcome outcome) {
        queue.add(outcome, main.target(), isRewriting() ? next.target() : 0);
        storage.attend();
    }

    @Override
    public boolean fits(int length) {
        return main.fits(length);
    }

    @Override
    public long length() {
        return main.usedBytes();
    }

    @Override
    public long capacity() {
        return area.halfSectors() * BlockDevice.SECTOR_BYTES;
    }

    @Override
    public boolean beginRewrite() {
        if (!isReady || failure != null || rewrite != Rewrite.NONE || next.isBusy()) {
            return false;
        }
        rewrite = Rewrite.FILLING;
        rewriteFailure = null;
        next.begin(area.halfBase(area.half ^ 1), area.halfSectors(), 0, nextEpoch++, area.seed);
        return true;
    }

    @Override
    public boolean appendRewritten(Bytes data, int offset, int length) {
        check(length);
        if (rewrite != Rewrite.FILLING) {
            throw new IllegalStateException("no rewrite is in progress");
        }
        if (failure != null || rewriteFailure != null) {
            return true;
        }
        if (!next.fits(length)) {
            failRewrite(newLogIsFull);
            return true;
        }
        if (!next.hasRoom(length)) {
            return refuse(length);
        }
        next.append(data, offset, length);
        storage.attend();
        return true;
    }

    /** The new log comes to nothing, and its end is told at the commit; the old one goes on. */
    private void failRewrite(StorageException why) {
        rewriteFailure = why;
        queue.forgetNext();
    }

    @Override
    public void commitRewrite(Outcome outcome) {
        if (rewrite != Rewrite.FILLING) {
            throw new IllegalStateException("no rewrite is in progress");
        }
        rewrite = Rewrite.DRAINING;
        rewriteOutcome = outcome;
        rewriteTarget = next.target();
        storage.attend();
    }

    @Override
    public void abandonRewrite() {
        if (rewrite == Rewrite.FILLING) {
            rewrite = Rewrite.NONE;
            queue.forgetNext();
        }
    }

    /** Whether the directory's mirror is on its way to the disk. */
    boolean isEntryPending() {
        return entry.isPending;
    }

    /** Goes on with everything that can go on; returns how much happened. */
    int advance() {
        collect();
        int work = tell() + offerRoom();
        if (failure != null) {
            return work;
        }
        work += write(main);
        if (isRewriting()) {
            work += write(next);
        }
        work += advanceRewrite();
        return work + startFlush();
    }

    /** Notes what the device has done. */
    private void collect() {
        StorageException mainFailure = main.collect();
        StorageException nextFailure = next.collect();
        if (mainFailure != null) {
            fail(mainFailure);
        }
        if (nextFailure != null && rewrite != Rewrite.NONE) {
            failRewrite(nextFailure);
        }
        if (isFlushing && !flush.isPending) {
            isFlushing = false;
            if (flush.status != BlockRequest.Status.OK) {
                // Nobody knows what a failed flush has left behind.
                fail(DiskIo.failure(flush));
            } else {
                main.endFlush();
                next.endFlush();
                if (coversEntry) {
                    promote();
                }
            }
        }
    }

    private void fail(StorageException why) {
        if (failure == null) {
            failure = why;
        }
    }

    /** Tells those who waited long enough. */
    private int tell() {
        int told = 0;
        // Who asks again from inside has to wait for the next round.
        for (int left = queue.count(); left > 0; left--) {
            if (failure == null && !queue.isFirstDone(main.durable(), next.durable())) {
                break;
            }
            queue.removeFirst().done(failure);
            told++;
        }
        if (rewrite.ordinal() > Rewrite.FILLING.ordinal() && (failure != null || rewriteFailure != null)) {
            endRewrite(failure != null ? failure : rewriteFailure);
            told++;
        }
        return told;
    }

    /** Asks again for the record that was refused, if it would not be now. */
    private int offerRoom() {
        if (refusedBytes == NOTHING || roomListener == null) {
            return 0;
        }
        if (failure == null && !(main.hasRoom(refusedBytes) && (!isRewriting() || next.hasRoom(refusedBytes)))) {
            return 0;
        }
        refusedBytes = NOTHING;
        roomListener.run();
        return 1;
    }

    private void endRewrite(StorageException why) {
        Outcome outcome = rewriteOutcome;
        rewrite = Rewrite.NONE;
        rewriteOutcome = null;
        rewriteFailure = null;
        queue.forgetNext();
        outcome.done(why);
    }

    private int write(LogStream stream) {
        boolean isWanted = stream.isFull() || queue.count() > 0 || rewrite == Rewrite.DRAINING;
        return isWanted && stream.submit() ? 1 : 0;
    }

    /** Goes on with a commit, as far as that is more than writing and flushing the new log. */
    private int advanceRewrite() {
        if (rewrite == Rewrite.DRAINING && rewriteFailure == null && next.durable() >= rewriteTarget) {
            rewrite = Rewrite.WRITING_ENTRY;
            area.half ^= 1;
            area.firstEpoch = next.epoch();
            area.durableSectors = next.durablePosition();
            area.lengthOrNextEpoch = nextEpoch + RESERVED_EPOCHS;
            entry.sector = storage.stage(area, entrySegment);
            io.start(entry);
            return 1;
        }
        if (rewrite == Rewrite.WRITING_ENTRY && !entry.isPending) {
            if (entry.status == BlockRequest.Status.OK) {
                rewrite = Rewrite.FLUSHING_ENTRY;
            } else {
                fail(DiskIo.failure(entry));
                storage.attend();
            }
            return 1;
        }
        return 0;
    }

    /** The disk knows: the new log is the log. */
    private void promote() {
        LogStream old = main;
        main = next;
        next = old;
        coversEntry = false;
        rewrite = Rewrite.NONE;
        queue.promote();
        Outcome outcome = rewriteOutcome;
        rewriteOutcome = null;
        outcome.done(null);
    }

    private int startFlush() {
        boolean isSyncReady = queue.isFirstDone(main.written(), next.written());
        boolean isRewriteReady = rewrite == Rewrite.DRAINING && isRewriting() && next.written() >= rewriteTarget;
        if (isFlushing || !isSyncReady && !isRewriteReady && rewrite != Rewrite.FLUSHING_ENTRY) {
            return 0;
        }
        main.beginFlush();
        next.beginFlush();
        coversEntry = rewrite == Rewrite.FLUSHING_ENTRY;
        isFlushing = true;
        if (needsFlush) {
            flush.isPending = true;
            if (!device.submit(flush)) {
                flush.isPending = false;
                isFlushing = false;
                return 0;
            }
        } else {
            // What such a device has completed is durable.
            flush.status = BlockRequest.Status.OK;
            storage.attend();
        }
        return 1;
    }
}

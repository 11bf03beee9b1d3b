// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.simulation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.storage.device.BlockDevice;
import org.unimark.keel.storage.device.BlockRequest;

/**
 * A disk in virtual time with a cache that it loses. A write is durable when a flush has completed that was submitted
 * after the write had completed. When the power fails, each sector holds what was last durable or any of the versions that
 * were written since, chosen for each sector by itself: writes are lost, torn and reordered at once.
 */
public final class SimulatedDisk implements BlockDevice {
    /** What remains of the writes that are not durable. */
    public enum Fate {
        /** For each sector by itself. */
        CHANCE,
        LOST,
        KEPT
    }

    /** The power failed at a moment that was chosen before; everything above the disk has to be thrown away. */
    public static final class PowerFailure extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private static final int QUEUE_SIZE = 16;

    private record Version(long number, byte[] content) {}

    private static final class InFlight {
        BlockRequest request;
        long dueNanos;
        /** Content of a write when it was submitted. */
        byte[] content;
        /** For a flush: writes up to this one had completed. */
        Set<Long> covered;

        long number;
    }

    private final VirtualClock clock;
    private final SeededRandom random;
    private final byte[] durable;
    private final byte[] current;
    private final Map<Long, List<Version>> versions = new HashMap<>();
    private final Set<Long> completedWrites = new HashSet<>();
    private final List<InFlight> queue = new ArrayList<>();
    private final Set<Long> badSectors = new HashSet<>();
    private long nextNumber = 1;
    private int blockBytes = SECTOR_BYTES;
    private int maximumSegments = BlockRequest.MAXIMUM_SEGMENTS;
    private int segmentBytes = 1 << 30;
    private boolean isReadOnly;
    private boolean hasCache = true;
    private boolean failsFlushes;
    private long longestNanos = 100_000;
    private long operationsLeft = Long.MAX_VALUE;
    private boolean isDead;

    private int reads;
    private int writes;
    private int flushes;

    public SimulatedDisk(VirtualClock clock, long seed, int bytes) {
        this(clock, seed, new byte[bytes]);
    }

    public SimulatedDisk(VirtualClock clock, long seed, byte[] content) {
        this.clock = clock;
        random = new SeededRandom(seed);
        durable = content;
        current = content.clone();
    }

    public SimulatedDisk blockBytes(int bytes) {
        blockBytes = bytes;
        return this;
    }

    /** What a request may have of them; each is no longer than that. */
    public SimulatedDisk segments(int maximum, int bytes) {
        maximumSegments = maximum;
        segmentBytes = bytes;
        return this;
    }

    public SimulatedDisk readOnly(boolean readOnly) {
        isReadOnly = readOnly;
        return this;
    }

    /** Without a cache a completed write is durable, and there is no flush. */
    public SimulatedDisk withoutCache() {
        hasCache = false;
        return this;
    }

    /** No request takes longer; 0 completes everything at the next poll. */
    public SimulatedDisk longestNanos(long nanos) {
        longestNanos = nanos;
        return this;
    }

    /** Reads and writes of that sector fail. */
    public SimulatedDisk badSector(long sector) {
        badSectors.add(sector);
        return this;
    }

    public SimulatedDisk failsFlushes(boolean fails) {
        failsFlushes = fails;
        return this;
    }

    /** The power fails when so many more requests or completions have happened: at any instant. */
    public SimulatedDisk powerFailsAfter(long operations) {
        operationsLeft = operations;
        return this;
    }

    public int reads() {
        return reads;
    }

    public int writes() {
        return writes;
    }

    public int flushes() {
        return flushes;
    }

    /** The disk after the power came back. The old one is dead. */
    public SimulatedDisk afterPowerFailure(Fate fate) {
        isDead = true;
        byte[] content = durable.clone();
        versions.forEach((sector, written) -> {
            int choice = switch (fate) {
                case CHANCE -> (int) random.below(written.size() + 1) - 1;
                case LOST -> -1;
                case KEPT -> written.size() - 1;
            };
            if (choice >= 0) {
                byte[] bytes = written.get(choice).content;
                System.arraycopy(bytes, 0, content, (int) (sector * SECTOR_BYTES), SECTOR_BYTES);
            }
        });
        return new SimulatedDisk(clock, random.nextLong(), content)
                .blockBytes(blockBytes)
                .longestNanos(longestNanos);
    }

    /**
     * The guest starts again, and the disk never lost its power: what it has completed it still has, durable or not. What
     * was on its way it does or forgets.
     */
    public void reset() {
        for (InFlight entry : queue) {
            if (entry.request.operation == BlockRequest.Operation.WRITE) {
                if (random.happens(0.5)) {
                    completeWrite(entry);
                } else {
                    versions.values().forEach(written -> written.removeIf(version -> version.number == entry.number));
                }
            }
        }
        versions.values().removeIf(List::isEmpty);
        queue.clear();
        isDead = false;
        operationsLeft = Long.MAX_VALUE;
    }

    /** The same content on another disk, for experiments that must not disturb each other. */
    public SimulatedDisk copy(long seed, int bytes) {
        return new SimulatedDisk(clock, seed, Arrays.copyOf(current, bytes)).blockBytes(blockBytes);
    }

    /** What a reader would see, to be looked at. */
    public byte[] content() {
        return current.clone();
    }

    /** Damages the disk behind everybody's back. */
    public void corrupt(long position, int value) {
        current[(int) position] ^= (byte) value;
        durable[(int) position] ^= (byte) value;
    }

    private void countDown() {
        if (isDead) {
            throw new PowerFailure();
        }
        if (operationsLeft-- <= 0) {
            isDead = true;
            throw new PowerFailure();
        }
    }

    @Override
    public long sectors() {
        return current.length / SECTOR_BYTES;
    }

    @Override
    public int blockBytes() {
        return blockBytes;
    }

    @Override
    public int maximumSegments() {
        return maximumSegments;
    }

    @Override
    public int segmentBytes() {
        return segmentBytes;
    }

    @Override
    public boolean isReadOnly() {
        return isReadOnly;
    }

    @Override
    public boolean supports(BlockRequest.Operation operation) {
        return switch (operation) {
            case READ -> true;
            case WRITE -> !isReadOnly;
            case FLUSH -> hasCache;
            case DISCARD, WRITE_ZEROES -> false;
        };
    }

    @Override
    public boolean submit(BlockRequest request) {
        countDown();
        if (queue.size() == QUEUE_SIZE) {
            return false;
        }
        InFlight entry = new InFlight();
        entry.request = request;
        entry.dueNanos = clock.nanos() + (longestNanos == 0 ? 0 : random.below(longestNanos));
        entry.number = nextNumber++;
        request.status = null;
        switch (request.operation) {
            case WRITE -> submitWrite(entry);
            case FLUSH -> entry.covered = Set.copyOf(completedWrites);
            default -> checkRange(request, bytes(request));
        }
        queue.add(entry);
        return true;
    }

    private void submitWrite(InFlight entry) {
        entry.content = gather(entry.request);
        checkRange(entry.request, entry.content.length);
        // From now on any part of it may be on the disk.
        long sector = entry.request.sector;
        for (int at = 0; at < entry.content.length && supports(BlockRequest.Operation.WRITE); at += SECTOR_BYTES) {
            if (!badSectors.contains(sector)) {
                byte[] content = Arrays.copyOfRange(entry.content, at, at + SECTOR_BYTES);
                versions.computeIfAbsent(sector, any -> new ArrayList<>()).add(new Version(entry.number, content));
            }
            sector++;
        }
    }

    private void checkRange(BlockRequest request, int length) {
        long end = request.sector * SECTOR_BYTES + length;
        if (request.sector < 0 || end > current.length || length == 0) {
            throw new AssertionError("a request outside the disk: sector " + request.sector + ", " + length + " bytes");
        }
        if (request.sector * SECTOR_BYTES % blockBytes != 0 || length % blockBytes != 0) {
            throw new AssertionError("a request that is no multiple of a block");
        }
        checkSegments(request);
    }

    private void checkSegments(BlockRequest request) {
        int count = 0;
        for (int i = 0; i < request.segmentCount; i++) {
            count += (request.segments[i].length() - 1) / segmentBytes + 1;
        }
        if (count > maximumSegments) {
            throw new AssertionError("a request of " + count + " segments, and the disk takes " + maximumSegments);
        }
    }

    private static int bytes(BlockRequest request) {
        int bytes = 0;
        for (int i = 0; i < request.segmentCount; i++) {
            bytes += request.segments[i].length();
        }
        return bytes;
    }

    private static byte[] gather(BlockRequest request) {
        byte[] content = new byte[bytes(request)];
        int at = 0;
        for (int i = 0; i < request.segmentCount; i++) {
            Bytes segment = request.segments[i];
            segment.copyTo(0, content, at, segment.length());
            at += segment.length();
        }
        return content;
    }

    @Override
    public void flush() {
        // Requests are on their way already.
    }

    @Override
    public int poll() {
        List<InFlight> due = new ArrayList<>();
        for (InFlight entry : queue) {
            if (entry.dueNanos <= clock.nanos()) {
                due.add(entry);
            }
        }
        int count = 0;
        while (!due.isEmpty()) {
            countDown();
            InFlight entry = due.remove((int) random.below(due.size()));
            queue.remove(entry);
            complete(entry);
            entry.request.completed();
            count++;
        }
        return count;
    }

    private void complete(InFlight entry) {
        BlockRequest request = entry.request;
        request.status = switch (request.operation) {
            case READ -> completeRead(request);
            case WRITE -> completeWrite(entry);
            case FLUSH -> completeFlush(entry);
            case DISCARD, WRITE_ZEROES -> BlockRequest.Status.UNSUPPORTED;
        };
    }

    private boolean isBad(long sector, int bytes) {
        return badSectors.stream().anyMatch(bad -> bad >= sector && bad < sector + bytes / SECTOR_BYTES);
    }

    private BlockRequest.Status completeRead(BlockRequest request) {
        reads++;
        if (isBad(request.sector, bytes(request))) {
            return BlockRequest.Status.IO_ERROR;
        }
        int position = (int) request.sector * SECTOR_BYTES;
        for (int i = 0; i < request.segmentCount; i++) {
            Bytes segment = request.segments[i];
            segment.copyFrom(0, current, position, segment.length());
            position += segment.length();
        }
        return BlockRequest.Status.OK;
    }

    private BlockRequest.Status completeWrite(InFlight entry) {
        writes++;
        if (isReadOnly) {
            return BlockRequest.Status.UNSUPPORTED;
        }
        BlockRequest request = entry.request;
        if (!Arrays.equals(entry.content, gather(request))) {
            throw new AssertionError("a buffer changed while the disk had it");
        }
        if (isBad(request.sector, entry.content.length)) {
            return BlockRequest.Status.IO_ERROR;
        }
        System.arraycopy(entry.content, 0, current, (int) request.sector * SECTOR_BYTES, entry.content.length);
        completedWrites.add(entry.number);
        if (!hasCache) {
            makeDurable(Set.of(entry.number));
        }
        return BlockRequest.Status.OK;
    }

    private BlockRequest.Status completeFlush(InFlight entry) {
        flushes++;
        if (failsFlushes) {
            return BlockRequest.Status.IO_ERROR;
        }
        makeDurable(entry.covered);
        return BlockRequest.Status.OK;
    }

    private void makeDurable(Set<Long> covered) {
        versions.forEach((sector, written) -> {
            int last = -1;
            for (int i = 0; i < written.size(); i++) {
                last = covered.contains(written.get(i).number) ? i : last;
            }
            if (last >= 0) {
                System.arraycopy(written.get(last).content, 0, durable, (int) (sector * SECTOR_BYTES), SECTOR_BYTES);
                written.subList(0, last + 1).clear();
            }
        });
        versions.values().removeIf(List::isEmpty);
        completedWrites.removeAll(covered);
    }

    @Override
    public boolean enableInterrupts() {
        return nextCompletionNanos() > clock.nanos();
    }

    /** When the next request will be done, or {@link Long#MAX_VALUE}. */
    public long nextCompletionNanos() {
        return queue.stream().mapToLong(entry -> entry.dueNanos).min().orElse(Long.MAX_VALUE);
    }

    /** How blocking calls wait for this disk: time jumps to the next completion. */
    public void await(BlockDevice device) {
        if (nextCompletionNanos() == Long.MAX_VALUE) {
            throw new AssertionError("waits for a disk that has nothing to do");
        }
        clock.advanceTo(nextCompletionNanos());
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.linux;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.machine.LinuxCalls;
import org.unimark.keel.storage.device.BlockDevice;
import org.unimark.keel.storage.device.BlockRequest;

/**
 * A file or block device as a disk, past the kernel's page cache (O_DIRECT) where the file system can; a flush is fdatasync. A
 * request is done by the time it is submitted, and completes at the next poll: what a thread of a Linux server would wait for,
 * this one waits for as well.
 */
final class LinuxDisk implements BlockDevice {
    private static final int READ_WRITE = 2;
    private static final int CLOSE_ON_EXEC = 0x80000;
    private static final int DIRECT = 0x4000;
    private static final int FROM_END = 2;
    private static final int MAXIMUM_DONE = 256;

    private final int descriptor;
    private final long sectors;
    private final BlockRequest[] done = new BlockRequest[MAXIMUM_DONE];
    private int doneCount;

    private LinuxDisk(int descriptor, long sectors) {
        this.descriptor = descriptor;
        this.sectors = sectors;
    }

    /** Returns null if it cannot be opened for reading and writing. */
    static LinuxDisk open(String path) {
        long descriptor = Linux.open(path, READ_WRITE | CLOSE_ON_EXEC | DIRECT);
        if (descriptor < 0 || !readsSectors(descriptor)) {
            if (descriptor >= 0) {
                LinuxCalls.call(Linux.CLOSE, descriptor);
            }
            descriptor = Linux.open(path, READ_WRITE | CLOSE_ON_EXEC);
        }
        if (descriptor < 0) {
            return null;
        }
        long bytes = LinuxCalls.call(Linux.LSEEK, descriptor, 0, FROM_END);
        return new LinuxDisk((int) descriptor, Math.max(0, bytes) / SECTOR_BYTES);
    }

    /** Whether single sectors can be read without the page cache: not where the device has larger ones. */
    private static boolean readsSectors(long descriptor) {
        Bytes probe = Linux.allocate(SECTOR_BYTES);
        return LinuxCalls.call(Linux.PREAD64, descriptor, Linux.address(probe), SECTOR_BYTES, 0) == SECTOR_BYTES;
    }

    @Override
    public long sectors() {
        return sectors;
    }

    @Override
    public int blockBytes() {
        return SECTOR_BYTES;
    }

    @Override
    public boolean isReadOnly() {
        return false;
    }

    @Override
    public boolean supports(BlockRequest.Operation operation) {
        return operation == BlockRequest.Operation.READ
                || operation == BlockRequest.Operation.WRITE
                || operation == BlockRequest.Operation.FLUSH;
    }

    @Override
    public boolean submit(BlockRequest request) {
        if (doneCount == MAXIMUM_DONE) {
            return false;
        }
        if (!supports(request.operation)) {
            request.status = BlockRequest.Status.UNSUPPORTED;
        } else {
            request.status = perform(request) ? BlockRequest.Status.OK : BlockRequest.Status.IO_ERROR;
        }
        done[doneCount++] = request;
        return true;
    }

    private boolean perform(BlockRequest request) {
        if (request.operation == BlockRequest.Operation.FLUSH) {
            return LinuxCalls.call(Linux.FDATASYNC, descriptor) == 0;
        }
        int number = request.operation == BlockRequest.Operation.READ ? Linux.PREAD64 : Linux.PWRITE64;
        long position = request.sector * SECTOR_BYTES;
        for (int i = 0; i < request.segmentCount; i++) {
            Bytes segment = request.segments[i];
            if (position + segment.length() > sectors * SECTOR_BYTES || !transfer(number, segment, position)) {
                return false;
            }
            position += segment.length();
        }
        return true;
    }

    private boolean transfer(int number, Bytes segment, long position) {
        int at = 0;
        while (at < segment.length()) {
            int left = segment.length() - at;
            long result = LinuxCalls.call(number, descriptor, segment.address(at, left), left, position + at);
            if (result <= 0 && result != Linux.EINTR) {
                return false;
            }
            at += (int) Math.max(0, result);
        }
        return true;
    }

    @Override
    public void flush() {
        // Requests are done already.
    }

    @Override
    public int poll() {
        int count = doneCount;
        doneCount = 0;
        for (int i = 0; i < count; i++) {
            BlockRequest request = done[i];
            done[i] = null;
            request.completed();
        }
        return count;
    }

    @Override
    public boolean enableInterrupts() {
        return doneCount == 0;
    }
}

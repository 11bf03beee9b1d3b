// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.storage;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.storage.device.BlockDevice;
import org.unimark.keel.storage.device.BlockRequest;

/** Requests that are waited for. Whatever else completes meanwhile only notes that it did. */
final class DiskIo {
    /** A request whose owner looks whether it is done. */
    static final class Pending extends BlockRequest {
        boolean isPending;

        @Override
        public void completed() {
            isPending = false;
        }
    }

    final BlockDevice device;
    private final Waiter waiter;
    private final Pending request = new Pending();
    private final Bytes segment = new Bytes();

    DiskIo(BlockDevice device, Waiter waiter) {
        this.device = device;
        this.waiter = waiter;
        request.segments[0] = segment;
    }

    /** Reads whole sectors. */
    void read(long sector, Bytes target, int at, int bytes) throws StorageException {
        transfer(BlockRequest.Operation.READ, sector, target, at, bytes);
    }

    /** Writes whole sectors; durable after the next {@link #flush}. */
    void write(long sector, Bytes source, int at, int bytes) throws StorageException {
        transfer(BlockRequest.Operation.WRITE, sector, source, at, bytes);
    }

    private void transfer(BlockRequest.Operation operation, long sector, Bytes data, int at, int bytes)
            throws StorageException {
        int piece = (int) Math.min(bytes, maximumBytes());
        for (int done = 0; done < bytes; done += piece) {
            segment.wrap(data, at + done, Math.min(piece, bytes - done));
            request.operation = operation;
            request.sector = sector + done / BlockDevice.SECTOR_BYTES;
            request.segmentCount = 1;
            run(request);
        }
    }

    /** What a request may transfer. */
    long maximumBytes() {
        return (long) device.maximumSegments() * device.segmentBytes();
    }

    /** Makes durable what was written. */
    void flush() throws StorageException {
        if (device.supports(BlockRequest.Operation.FLUSH)) {
            request.operation = BlockRequest.Operation.FLUSH;
            request.sector = 0;
            request.segmentCount = 0;
            run(request);
        }
    }

    private void run(Pending pending) throws StorageException {
        start(pending);
        finish(pending);
    }

    /** Submits a request, waiting for room if necessary. */
    void start(Pending pending) {
        pending.isPending = true;
        while (!device.submit(pending)) {
            device.flush();
            await();
        }
    }

    /** Waits until a request is done. */
    void finish(Pending pending) throws StorageException {
        device.flush();
        while (pending.isPending) {
            await();
        }
        if (pending.status != BlockRequest.Status.OK) {
            throw failure(pending);
        }
    }

    /** Lets the device complete something. */
    void await() {
        if (device.poll() == 0) {
            waiter.await(device);
        }
    }

    static StorageException failure(BlockRequest request) {
        if (request.operation == BlockRequest.Operation.READ) {
            return new StorageException(
                    StorageException.Cause.IO_ERROR, request.sector, "the disk cannot read sector " + request.sector);
        }
        if (request.operation == BlockRequest.Operation.WRITE) {
            return new StorageException(
                    StorageException.Cause.IO_ERROR, request.sector, "the disk cannot write sector " + request.sector);
        }
        return new StorageException(
                StorageException.Cause.IO_ERROR, -1, "the disk cannot make what was written durable");
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.virtio.block;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Counter;
import org.unimark.keel.kernel.Counters;
import org.unimark.keel.machine.DeviceMemory;
import org.unimark.keel.machine.Memory;
import org.unimark.keel.memory.PhysicalMemory;
import org.unimark.keel.storage.device.BlockDevice;
import org.unimark.keel.storage.device.BlockRequest;
import org.unimark.keel.virtio.Feature;
import org.unimark.keel.virtio.Transport;
import org.unimark.keel.virtio.VirtioDevice;
import org.unimark.keel.virtio.ring.Virtqueue;

/**
 * A virtio disk. A request is a chain of a header, its segments where they lie, and a byte for the status (virtio 1.2, 5.2.6);
 * header and status of each head have a slot of their own:
 *
 * <pre>
 * 0 type u32 | 4 reserved u32 | 8 sector u64 || 16 sector u64 | 24 sectors u32 | 28 flags u32 (discard, zeroes) || 32 status u8
 * </pre>
 *
 * <p>A device that asks for a reset has lost what it was doing: its requests end with an error, and so do all that follow, for
 * nobody knows what of them is on the disk.
 */
public final class VirtioBlockDevice implements BlockDevice {
    /** The device type of virtio 1.2, section 5. */
    public static final int DEVICE_TYPE = 2;

    private static final int REQUEST_QUEUE = 0;
    private static final int QUEUE_SIZE = 128;
    private static final long WANTED = Geometry.SEGMENT_SIZE_LIMIT
            | Geometry.SEGMENT_COUNT_LIMIT
            | Geometry.READ_ONLY
            | Geometry.BLOCK_SIZE
            | Geometry.FLUSH
            | Geometry.DISCARD
            | Geometry.WRITE_ZEROES
            | Feature.EVENT_INDEX;

    private static final int TYPE_IN = 0;
    private static final int TYPE_OUT = 1;
    private static final int TYPE_FLUSH = 4;
    private static final int TYPE_DISCARD = 11;
    private static final int TYPE_WRITE_ZEROES = 13;

    private static final int SLOT_SHIFT = 6;
    private static final int SECTOR = 8;
    private static final int HEADER_BYTES = 16;
    private static final int RANGE = 16;
    private static final int RANGE_SECTORS = 24;
    private static final int RANGE_BYTES = 16;
    private static final int STATUS = 32;
    private static final int STATUS_OK = 0;
    private static final int STATUS_UNSUPPORTED = 2;
    /** What no device writes: a request whose status is still this was not answered. */
    private static final int STATUS_UNANSWERED = 0xff;

    private final VirtioDevice device;
    private final Transport transport;
    private final Geometry geometry;
    private final Virtqueue queue;
    private final long slots;
    /** By head: what the device works on. */
    private final BlockRequest[] requests;

    private final Counter completed;
    private final Counter failed;
    private final Counter full;
    private boolean broken;
    /** Requests that were refused at submission and wait to be told so: a list through the array. */
    private final BlockRequest[] refused;

    private int refusedCount;

    /** @throws org.unimark.keel.virtio.VirtioException if the device cannot be used */
    public VirtioBlockDevice(VirtioDevice device, PhysicalMemory memory, Counters counters) {
        this.device = device;
        transport = device.transport();
        device.negotiate(WANTED);
        geometry = new Geometry(device);
        queue = device.createQueue(REQUEST_QUEUE, QUEUE_SIZE, "virtio_block");
        int bytes = queue.size() << SLOT_SHIFT;
        slots = memory.allocate(bytes, 1 << SLOT_SHIFT).address(0, bytes);
        requests = new BlockRequest[queue.size()];
        // All that the device may hold, and as many more.
        refused = new BlockRequest[2 * queue.size()];
        completed = counters.counter("virtio_block.requests");
        failed = counters.counter("virtio_block.errors");
        full = counters.counter("virtio_block.queue_full");
        device.start();
    }

    @Override
    public long sectors() {
        return geometry.sectors;
    }

    @Override
    public int blockBytes() {
        return geometry.blockBytes;
    }

    @Override
    public int maximumSegments() {
        return Math.min(geometry.segments, queue.size() - 2);
    }

    @Override
    public int segmentBytes() {
        return geometry.segmentBytes;
    }

    @Override
    public boolean isReadOnly() {
        return device.has(Geometry.READ_ONLY);
    }

    @Override
    public boolean supports(BlockRequest.Operation operation) {
        return switch (operation) {
            case READ -> true;
            case WRITE -> !isReadOnly();
            case FLUSH -> device.has(Geometry.FLUSH);
            case DISCARD -> geometry.discardSectors > 0 && !isReadOnly();
            case WRITE_ZEROES -> geometry.zeroSectors > 0 && !isReadOnly();
        };
    }

    @Override
    public boolean submit(BlockRequest request) {
        int chain = chainLength(request);
        if (chain < 0 || broken) {
            return refuse(request, chain < 0 && !broken);
        }
        int head = queue.begin(chain);
        if (head < 0) {
            full.increment();
            return false;
        }
        long slot = slots + ((long) head << SLOT_SHIFT);
        Memory.putLong(slot, type(request.operation));
        Memory.putLong(slot + SECTOR, isOnRange(request.operation) ? 0 : request.sector);
        Memory.putByte(slot + STATUS, (byte) STATUS_UNANSWERED);
        int descriptor = queue.appendReadable(head, slot, HEADER_BYTES);
        descriptor = appendData(request, descriptor, slot);
        queue.endWritable(head, descriptor, slot + STATUS, 1);
        requests[head] = request;
        return true;
    }

    private int appendData(BlockRequest request, int first, long slot) {
        int descriptor = first;
        switch (request.operation) {
            case READ, WRITE -> {
                for (int i = 0; i < request.segmentCount; i++) {
                    descriptor = appendSegment(request.operation, request.segments[i], descriptor);
                }
            }
            case DISCARD, WRITE_ZEROES -> {
                Memory.putLong(slot + RANGE, request.sector);
                Memory.putLong(slot + RANGE_SECTORS, request.sectorCount);
                descriptor = queue.appendReadable(descriptor, slot + RANGE, RANGE_BYTES);
            }
            case FLUSH -> {
                // No data: 5.2.6.
            }
        }
        return descriptor;
    }

    /** In pieces that the device takes. */
    private int appendSegment(BlockRequest.Operation operation, Bytes segment, int first) {
        int descriptor = first;
        for (int at = 0; at < segment.length(); at += geometry.segmentBytes) {
            int length = Math.min(segment.length() - at, geometry.segmentBytes);
            long address = segment.address(at, length);
            descriptor = operation == BlockRequest.Operation.READ
                    ? queue.appendWritable(descriptor, address, length)
                    : queue.appendReadable(descriptor, address, length);
        }
        return descriptor;
    }

    private static int type(BlockRequest.Operation operation) {
        return switch (operation) {
            case READ -> TYPE_IN;
            case WRITE -> TYPE_OUT;
            case FLUSH -> TYPE_FLUSH;
            case DISCARD -> TYPE_DISCARD;
            case WRITE_ZEROES -> TYPE_WRITE_ZEROES;
        };
    }

    private static boolean isOnRange(BlockRequest.Operation operation) {
        return operation != BlockRequest.Operation.READ && operation != BlockRequest.Operation.WRITE;
    }

    /** Descriptors that the request takes, or -1 if the device cannot do it. */
    private int chainLength(BlockRequest request) {
        if (!supports(request.operation)) {
            return -1;
        }
        return switch (request.operation) {
            case FLUSH -> 2;
            case DISCARD -> isRangeGood(request, geometry.discardSectors) ? 3 : -1;
            case WRITE_ZEROES -> isRangeGood(request, geometry.zeroSectors) ? 3 : -1;
            case READ, WRITE -> dataChainLength(request);
        };
    }

    private boolean isRangeGood(BlockRequest request, long limit) {
        return request.sectorCount > 0
                && request.sectorCount <= limit
                && request.sector >= 0
                && request.sector <= geometry.sectors - request.sectorCount;
    }

    private int dataChainLength(BlockRequest request) {
        int descriptors = 0;
        long bytes = 0;
        for (int i = 0; i < request.segmentCount; i++) {
            int length = request.segments[i].length();
            if (length == 0 || length % SECTOR_BYTES != 0) {
                return -1;
            }
            descriptors += (length - 1) / geometry.segmentBytes + 1;
            bytes += length;
        }
        long sectors = bytes / SECTOR_BYTES;
        boolean isInside = request.sector >= 0 && request.sector <= geometry.sectors - sectors;
        return isInside && descriptors > 0 && descriptors <= maximumSegments() ? descriptors + 2 : -1;
    }

    /** Ends a request at the next poll without asking the device. */
    private boolean refuse(BlockRequest request, boolean unsupported) {
        if (refusedCount >= refused.length / 2) {
            return false;
        }
        request.status = unsupported ? BlockRequest.Status.UNSUPPORTED : BlockRequest.Status.IO_ERROR;
        refused[refusedCount++] = request;
        return true;
    }

    @Override
    public void flush() {
        queue.flush();
    }

    @Override
    public int poll() {
        int count = tellRefused();
        for (int looks = queue.size(); looks > 0; looks--) {
            int head = queue.nextUsed();
            if (head == Virtqueue.NONE) {
                break;
            }
            if (head >= 0) {
                BlockRequest request = requests[head];
                requests[head] = null;
                int status = DeviceMemory.get8(slots + ((long) head << SLOT_SHIFT) + STATUS);
                queue.release(head);
                finish(request, status);
                count++;
            }
        }
        return count;
    }

    private int tellRefused() {
        int count = refusedCount;
        refusedCount = 0;
        for (int i = 0; i < count; i++) {
            BlockRequest request = refused[i];
            refused[i] = null;
            failed.increment();
            request.completed();
        }
        return count;
    }

    private void finish(BlockRequest request, int status) {
        if (status == STATUS_OK) {
            request.status = BlockRequest.Status.OK;
        } else {
            failed.increment();
            request.status =
                    status == STATUS_UNSUPPORTED ? BlockRequest.Status.UNSUPPORTED : BlockRequest.Status.IO_ERROR;
        }
        completed.increment();
        request.completed();
    }

    @Override
    public boolean enableInterrupts() {
        transport.acknowledgeInterrupts();
        // A change interrupts the sleep of a quiet device, so that it is enough to look before each sleep.
        if (transport.configurationChanged() && device.needsReset() && !broken) {
            fail();
        }
        return refusedCount == 0 && queue.armInterrupt(1);
    }

    /** Stops the device; what it held ends with an error at the next poll. */
    private void fail() {
        broken = true;
        device.reset();
        for (int head = 0; head < requests.length; head++) {
            if (requests[head] != null) {
                requests[head].status = BlockRequest.Status.IO_ERROR;
                refused[refusedCount++] = requests[head];
                requests[head] = null;
            }
        }
        queue.reset();
    }
}

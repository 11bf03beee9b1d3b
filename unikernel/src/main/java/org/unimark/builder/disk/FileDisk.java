// SPDX-License-Identifier: Apache-2.0
package org.unimark.builder.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Queue;
import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.storage.device.BlockDevice;
import org.unimark.keel.storage.device.BlockRequest;

/** A file as a disk, on a JVM: every request is done when it is submitted, and completes at the next poll. */
public final class FileDisk implements BlockDevice, AutoCloseable {
    private final FileChannel channel;
    private final long sectors;
    private final boolean isReadOnly;
    private final Queue<BlockRequest> done = new ArrayDeque<>();

    public FileDisk(Path file, boolean isReadOnly) throws IOException {
        OpenOption[] options = isReadOnly
                ? new OpenOption[] {StandardOpenOption.READ}
                : new OpenOption[] {StandardOpenOption.READ, StandardOpenOption.WRITE};
        channel = FileChannel.open(file, options);
        sectors = channel.size() / SECTOR_BYTES;
        this.isReadOnly = isReadOnly;
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
        return isReadOnly;
    }

    @Override
    public boolean supports(BlockRequest.Operation operation) {
        return operation == BlockRequest.Operation.READ
                || !isReadOnly
                        && (operation == BlockRequest.Operation.WRITE || operation == BlockRequest.Operation.FLUSH);
    }

    @Override
    public boolean submit(BlockRequest request) {
        if (!supports(request.operation)) {
            request.status = BlockRequest.Status.UNSUPPORTED;
        } else {
            try {
                perform(request);
                request.status = BlockRequest.Status.OK;
            } catch (IOException e) {
                request.status = BlockRequest.Status.IO_ERROR;
            }
        }
        done.add(request);
        return true;
    }

    private void perform(BlockRequest request) throws IOException {
        if (request.operation == BlockRequest.Operation.FLUSH) {
            channel.force(false);
            return;
        }
        long position = request.sector * SECTOR_BYTES;
        for (int i = 0; i < request.segmentCount; i++) {
            Bytes segment = request.segments[i];
            byte[] bytes = new byte[segment.length()];
            if (position + bytes.length > sectors * SECTOR_BYTES) {
                throw new IOException("beyond the end of the disk");
            }
            if (request.operation == BlockRequest.Operation.READ) {
                transfer(ByteBuffer.wrap(bytes), position, true);
                segment.copyFrom(0, bytes, 0, bytes.length);
            } else {
                segment.copyTo(0, bytes, 0, bytes.length);
                transfer(ByteBuffer.wrap(bytes), position, false);
            }
            position += bytes.length;
        }
    }

    private void transfer(ByteBuffer buffer, long start, boolean isRead) throws IOException {
        long position = start;
        while (buffer.hasRemaining()) {
            int count = isRead ? channel.read(buffer, position) : channel.write(buffer, position);
            if (count <= 0) {
                throw new IOException("the file ends early");
            }
            position += count;
        }
    }

    @Override
    public void flush() {
        // Requests are done already.
    }

    @Override
    public int poll() {
        int count = 0;
        for (BlockRequest request = done.poll(); request != null; request = done.poll()) {
            request.completed();
            count++;
        }
        return count;
    }

    @Override
    public boolean enableInterrupts() {
        return done.isEmpty();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}

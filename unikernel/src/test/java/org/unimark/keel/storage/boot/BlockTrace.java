// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.storage.boot;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.unimark.keel.simulation.SeededRandom;

/**
 * What a guest did to its disk, as QEMU's {@code blklogwrites} notes it: each write and each flush when it has completed
 * (the format of Linux's dm-log-writes). From it come the disks that a loss of power may leave at any instant.
 */
final class BlockTrace implements AutoCloseable {
    private static final int SECTOR = 512;
    private static final int FLUSH = 1;

    /** A write to a sector on, or a flush if there is no data. */
    private record Operation(int sector, byte[] data) {
        boolean isFlush() {
            return data.length == 0;
        }
    }

    private final RandomAccessFile log;
    private final List<Operation> operations = new ArrayList<>();
    private long position = SECTOR;

    BlockTrace(Path file) throws IOException {
        log = new RandomAccessFile(file.toFile(), "r");
    }

    /** QEMU's description of a disk whose writes are noted in {@code file}. */
    static String drive(Path disk, Path file) {
        return "driver=blklogwrites,file.driver=file,file.filename=" + disk + ",log.driver=file,log.filename=" + file;
    }

    /** Reads what was added; returns how many operations there are. */
    int catchUp() throws IOException {
        byte[] header = new byte[SECTOR];
        while (position + SECTOR <= log.length()) {
            log.seek(position);
            log.readFully(header);
            ByteBuffer fields = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN);
            int bytes = (int) fields.getLong(8) * SECTOR;
            long flags = fields.getLong(16);
            if (bytes == 0 && flags == 0) {
                break;
            }
            byte[] data = new byte[bytes];
            log.readFully(data);
            if (bytes > 0) {
                operations.add(new Operation((int) fields.getLong(0), data));
            }
            if ((flags & FLUSH) != 0) {
                operations.add(new Operation(0, new byte[0]));
            }
            position += SECTOR + bytes;
        }
        return operations.size();
    }

    /** The numbers of the flushes among the operations. */
    List<Integer> flushes() {
        List<Integer> flushes = new ArrayList<>();
        for (int i = 0; i < operations.size(); i++) {
            if (operations.get(i).isFlush()) {
                flushes.add(i);
            }
        }
        return flushes;
    }

    @Override
    public void close() throws IOException {
        log.close();
    }

    /** Walks through the trace. What is not flushed is kept for each sector by itself: no version, or any of them. */
    final class Walk {
        private final byte[] durable;
        private final Map<Integer, List<byte[]>> pending = new HashMap<>();
        private final int ignoredFlush;
        private int next;

        /** @param ignoredFlush a flush that does nothing, as if it had been forgotten; -1 for none */
        Walk(byte[] before, int ignoredFlush) {
            durable = before.clone();
            this.ignoredFlush = ignoredFlush;
        }

        /** Goes on until so many operations have completed. */
        void advanceTo(int completed) {
            while (next < completed) {
                Operation operation = operations.get(next);
                if (!operation.isFlush()) {
                    write(operation, pending);
                } else if (next != ignoredFlush) {
                    pending.forEach((sector, versions) -> put(durable, sector, versions.get(versions.size() - 1)));
                    pending.clear();
                }
                next++;
            }
        }

        private static void write(Operation operation, Map<Integer, List<byte[]>> target) {
            for (int at = 0; at < operation.data.length; at += SECTOR) {
                byte[] content = new byte[SECTOR];
                System.arraycopy(operation.data, at, content, 0, SECTOR);
                target.computeIfAbsent(operation.sector + at / SECTOR, any -> new ArrayList<>())
                        .add(content);
            }
        }

        private static void put(byte[] disk, int sector, byte[] content) {
            System.arraycopy(content, 0, disk, sector * SECTOR, SECTOR);
        }

        /** The disk if the power fails now, while the next write is on its way. */
        byte[] failPower(SeededRandom random) {
            Map<Integer, List<byte[]>> unsure = new HashMap<>();
            pending.forEach((sector, versions) -> unsure.put(sector, new ArrayList<>(versions)));
            if (next < operations.size()) {
                write(operations.get(next), unsure);
            }
            byte[] disk = durable.clone();
            // Now and then nearly everything is kept, or nearly nothing: what independent chance makes but once in an
            // age.
            double kept = random.below(5) / 4.0;
            unsure.forEach((sector, versions) -> {
                if (random.happens(kept)) {
                    int last = versions.size() - 1;
                    int choice = random.happens(0.5) ? last : (int) random.below(versions.size());
                    put(disk, sector, versions.get(choice));
                }
            });
            return disk;
        }
    }
}

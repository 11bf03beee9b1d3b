// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.storage.boot;

import org.unimark.keel.application.Application;
import org.unimark.keel.application.Platform;
import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.storage.Extent;
import org.unimark.keel.storage.RecordLog;
import org.unimark.keel.storage.Storage;
import org.unimark.keel.storage.StorageException;

/**
 * An image that appends numbered records to a log as fast as the disk makes them durable, and says on the console which are;
 * after a boot it first says what it found. Every tenth number also goes into an extent, which is synced before the log is.
 */
public final class LoggingImage implements Application {
    private static final long LOG_BYTES = 8L << 20;
    private static final long EXTENT_BYTES = 1L << 20;
    private static final int RECORDS_A_SYNC = 10;
    private static final int RECORD_BYTES = 200;

    private Platform platform;
    private RecordLog log;
    private Extent extent;
    private Bytes record;
    private long next;
    private long corrupt;

    @Override
    public void start(Platform newPlatform) {
        platform = newPlatform;
        record = platform.allocate(RECORD_BYTES);
        Storage storage = platform.storage();
        if (storage == null) {
            platform.log().line("no disk");
            platform.exit(0);
            return;
        }
        try {
            log = storage.log("numbers", LOG_BYTES);
            log.replay(this::check);
            extent = storage.open("last", EXTENT_BYTES);
            long last = -1;
            if (extent.length() >= Long.BYTES) {
                extent.read(0, record, 0, Long.BYTES);
                last = record.i64(0);
            }
            platform.log()
                    .line("found " + next + " corrupt " + corrupt + " extent " + last + " torn " + log.tornBytes());
            append();
        } catch (StorageException failure) {
            fail(failure);
        }
    }

    private void fail(StorageException failure) {
        platform.log().line("failure " + failure.kind() + " sector " + failure.sector() + ": " + failure.getMessage());
        platform.exit(0);
    }

    /** Records are numbered in a row, and their bytes follow from their numbers. */
    private void check(Bytes data, int offset, int length) {
        boolean good = length == RECORD_BYTES && data.i64(offset) == next;
        for (int at = Long.BYTES; good && at < length; at++) {
            good = data.u8(offset + at) == (int) (next + at & 0xff);
        }
        corrupt += good ? 0 : 1;
        next++;
    }

    private void append() {
        for (int i = 0; i < RECORDS_A_SYNC; i++) {
            record.put64(0, next);
            for (int at = Long.BYTES; at < RECORD_BYTES; at++) {
                record.put8(at, (int) (next + at));
            }
            if (!log.fits(RECORD_BYTES)) {
                platform.log().line("full at " + next);
                platform.exit(0);
                return;
            }
            if (!log.append(record, 0, RECORD_BYTES)) {
                break;
            }
            next++;
        }
        try {
            record.put64(0, next);
            extent.write(0, record, 0, Long.BYTES);
            extent.sync();
        } catch (StorageException failure) {
            fail(failure);
            return;
        }
        long durable = next;
        log.sync(failure -> {
            if (failure != null) {
                fail(failure);
                return;
            }
            platform.log().line("durable " + durable);
            append();
        });
    }
}

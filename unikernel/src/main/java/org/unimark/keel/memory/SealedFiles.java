// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.memory;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.machine.Sealed;

/**
 * The files that the builder sealed into the program. The archive is little-endian: magic, count of entries, then for
 * each entry offset and length of its name and offset and length of its data, from the start of the archive.
 */
public final class SealedFiles {
    private static final int MAGIC = 0x4145534b;
    private static final int COUNT = 4;
    private static final int ENTRIES = 8;
    private static final int ENTRY_BYTES = 16;
    private static final int NAME_LENGTH = 4;
    private static final int DATA = 8;
    private static final int DATA_LENGTH = 12;

    private final Bytes archive = new Bytes(Sealed.address(), Sealed.length());
    private final int count;

    public SealedFiles() {
        if (archive.length() == 0) {
            count = 0;
            return;
        }
        if (archive.i32Little(0) != MAGIC) {
            throw new IllegalStateException("the archive of sealed files is damaged");
        }
        count = archive.i32Little(COUNT);
    }

    /** How many files there are. */
    public int count() {
        return count;
    }

    /** The content of the file of that name (ASCII), or null; for start-up, not for the data path. */
    public Bytes find(String name) {
        for (int index = 0; index < count; index++) {
            int entry = ENTRIES + index * ENTRY_BYTES;
            if (isNamed(entry, name)) {
                return new Bytes()
                        .wrap(archive, archive.i32Little(entry + DATA), archive.i32Little(entry + DATA_LENGTH));
            }
        }
        return null;
    }

    private boolean isNamed(int entry, String name) {
        int length = archive.i32Little(entry + NAME_LENGTH);
        if (length != name.length()) {
            return false;
        }
        int at = archive.i32Little(entry);
        for (int i = 0; i < length; i++) {
            if (archive.u8(at + i) != name.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}

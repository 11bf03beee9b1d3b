// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.sqlite;

import java.util.Arrays;
import org.unimark.keel.kernel.Rare;
import org.unimark.keel.machine.Memory;

/**
 * The files that SQLite has opened, by name and by handle. A name that was used once keeps its entry, so that a journal
 * which comes and goes with every transaction makes no garbage.
 */
@Rare
final class FileTable {
    private static final int CREATE = 4;
    private static final int DELETE_AT_CLOSE = 8;
    private static final int LONGEST_NAME = 256;

    /** Where files are. */
    interface Store {
        /** An entry for the file, there or not; null if the store fails. */
        StoredFile file(byte[] name);
    }

    private final Store named;
    private final Store temporary;
    private StoredFile[] files = new StoredFile[16];
    private int fileCount;
    private OpenFile[] open = new OpenFile[16];

    FileTable(Store named, Store temporary) {
        this.named = named;
        this.temporary = temporary;
    }

    /** A handle, or a negated code. */
    int open(long name, int flags) {
        StoredFile file = name == 0 ? temporary.file(new byte[0]) : find(name);
        if (file == null) {
            return -Results.CANNOT_OPEN;
        }
        if (name == 0 || (flags & CREATE) != 0) {
            int result = file.create();
            if (result != Results.OK) {
                return -result;
            }
        } else if (!file.exists()) {
            return -Results.CANNOT_OPEN;
        }
        int handle = freeHandle();
        open[handle].file = file;
        open[handle].deleteAtClose = (flags & DELETE_AT_CLOSE) != 0;
        return handle;
    }

    private int freeHandle() {
        int handle = 0;
        while (handle < open.length && open[handle] != null && open[handle].file != null) {
            handle++;
        }
        if (handle == open.length) {
            open = Arrays.copyOf(open, 2 * handle);
        }
        if (open[handle] == null) {
            open[handle] = new OpenFile();
        }
        return handle;
    }

    OpenFile get(int handle) {
        return open[handle];
    }

    /** The entry of a zero-terminated name, made if need be; null if the store fails. */
    StoredFile find(long name) {
        for (int i = 0; i < fileCount; i++) {
            StoredFile file = files[i];
            if (isNamed(file.name(), name)) {
                return file;
            }
        }
        int length = 0;
        while (length < LONGEST_NAME && Memory.getByte(name + length) != 0) {
            length++;
        }
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = Memory.getByte(name + i);
        }
        StoredFile file = named.file(bytes);
        if (file != null) {
            if (fileCount == files.length) {
                files = Arrays.copyOf(files, 2 * fileCount);
            }
            files[fileCount++] = file;
        }
        return file;
    }

    private static boolean isNamed(byte[] expected, long name) {
        for (int i = 0; i < expected.length; i++) {
            if (Memory.getByte(name + i) != expected[i]) {
                return false;
            }
        }
        return Memory.getByte(name + expected.length) == 0;
    }

    int close(int handle) {
        OpenFile closing = open[handle];
        StoredFile file = closing.file;
        file.sharedMemory().leave(closing);
        file.locks().unlock(closing, FileLocks.NONE);
        closing.file = null;
        return closing.deleteAtClose ? file.delete(false) : Results.OK;
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.sqlite;

/** One opening of a file: what SQLite has a handle of. Used again after it was closed. */
final class OpenFile {
    /** Null while nobody has it open. */
    StoredFile file;

    boolean deleteAtClose;

    /** Kept by {@link FileLocks}. */
    int lock;

    /** Kept by {@link SharedMemory}. */
    boolean sharesMemory;

    int sharedLocks;
}

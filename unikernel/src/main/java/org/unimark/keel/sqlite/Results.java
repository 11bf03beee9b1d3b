// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.sqlite;

/** Numbers of SQLite's interface (sqlite.org/rescode.html, sqlite3.h) that more than one class uses. */
final class Results {
    static final int OK = 0;
    static final int ERROR = 1;
    static final int BUSY = 5;
    static final int NO_MEMORY = 7;
    static final int FULL = 13;
    static final int CANNOT_OPEN = 14;
    static final int IO_READ = 10 | 1 << 8;
    static final int IO_SHORT_READ = 10 | 2 << 8;
    static final int IO_WRITE = 10 | 3 << 8;
    static final int IO_SYNC = 10 | 4 << 8;
    static final int IO_TRUNCATE = 10 | 6 << 8;
    static final int IO_DELETE = 10 | 10 << 8;
    static final int IO_NO_MEMORY = 10 | 12 << 8;
    static final int IO_DELETE_NO_ENTRY = 10 | 23 << 8;

    private Results() {}
}

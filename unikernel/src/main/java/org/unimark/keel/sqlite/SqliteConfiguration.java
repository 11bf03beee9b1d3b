// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.sqlite;

import org.unimark.keel.application.SealedSettings;
import org.unimark.keel.kernel.Rare;

/** Where the database is and how it is used, from {@code sql.properties}; docs/sql.md has the keys. */
@Rare
record SqliteConfiguration(
        boolean inMemory,
        boolean ownFiles,
        boolean powersafeOnly,
        String file,
        long memoryBytes,
        long databaseBytes,
        long statementNanos,
        String pragmas) {
    private static final long DEFAULT_DATABASE_BYTES = 256L << 20;
    /** With FULL, SQLite's own default, the end of a journal may come back after a loss of power, and undo a commit. */
    private static final String DURABLE = "extra";

    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final long MOST_BYTES = 1L << 40;
    private static final long MOST_MILLIS = 1L << 40;

    /** {@code system} is whether there is an operating system with files. */
    static SqliteConfiguration of(SealedSettings settings, boolean system) {
        boolean inMemory = settings.isFirst("database", "memory", "disk", true);
        boolean ownFiles = !settings.isFirst("files", "system", "keel", true) || !system;
        String synchronous = settings.text("synchronous", inMemory ? "" : DURABLE);
        // The change to a write-ahead log must be durable itself: a rollback journal that comes back empties the
        // database.
        if (!inMemory && ownFiles && isSame(settings.text("journal_mode", ""), "wal") && !isDurable(synchronous)) {
            throw new IllegalStateException("journal_mode=wal on a disk needs synchronous=extra (docs/sql.md)");
        }
        String pragmas = "PRAGMA temp_store=memory;"
                + pragma(settings, "page_size", "")
                + pragma(settings, "cache_size", "")
                + pragma(settings, "synchronous", synchronous)
                + pragma(settings, "journal_mode", "")
                + pragma(settings, "foreign_keys", "");
        return new SqliteConfiguration(
                inMemory,
                ownFiles,
                settings.isFirst("memory_files", "powersafe", "lost-with-the-program", false),
                settings.text("file", "main.db"),
                settings.number("memory_bytes", 0, 0, MOST_BYTES),
                settings.number("database_bytes", DEFAULT_DATABASE_BYTES, 0, MOST_BYTES),
                settings.number("statement_timeout_ms", 0, 0, MOST_MILLIS) * NANOS_PER_MILLI,
                pragmas);
    }

    private static boolean isDurable(String synchronous) {
        return isSame(synchronous, DURABLE) || synchronous.equals("3");
    }

    /** Whether a word is {@code small} in whatever case; the tables of all alphabets would be a part of the image. */
    private static boolean isSame(String word, String small) {
        boolean same = word.length() == small.length();
        for (int i = 0; same && i < small.length(); i++) {
            same = (word.charAt(i) | 0x20) == small.charAt(i);
        }
        return same;
    }

    private static String pragma(SealedSettings settings, String name, String otherwise) {
        String value = settings.text(name, otherwise);
        return value.isEmpty() ? "" : "PRAGMA " + name + "=" + value + ";";
    }
}

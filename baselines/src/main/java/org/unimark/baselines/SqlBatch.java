// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;

/**
 * Inserts from a script that is part of what is deployed; without any network. Everybody sets the same pragmas, and the same
 * queries at the end show them and the rows.
 *
 * @param inserts how many
 * @param place where the database is
 * @param mode how a statement is executed
 */
public record SqlBatch(int inserts, Place place, Mode mode) implements Service {
    /** SQLite's own defaults, set everywhere all the same: builds may have others. */
    public static final String JOURNAL_MODE = "delete";

    public static final int CACHE_SIZE = -2000;
    public static final int PAGE_SIZE = 4096;

    /** What a script prints before the number of rows. */
    public static final String ROWS = "sql-rows|";
    /** What a script prints before journal mode, synchronous (a number), cache size and page size. */
    public static final String SETTINGS = "sql-settings|";
    /** Room for the rows, a journal, and what a file system needs for itself. */
    private static final int DISK_MEBIBYTES = 128;

    private static final String TABLE = "CREATE TABLE tab (id INTEGER PRIMARY KEY, value TEXT);\n";
    private static final String INSERT = "INSERT INTO tab VALUES (null,'value');";

    /** Where the database is, which decides what a commit has to wait for. */
    public enum Place {
        /** Keel: a file of its memory. Linux: every container has a tmpfs there. */
        MEMORY("memory", "/dev/shm/main.db", "memory", "full", 2),
        /** Likewise, but Keel promises SQLite no more of its files than SQLite's own files on Linux promise. */
        MEMORY_POWERSAFE("memory_powersafe", "/dev/shm/main.db", "memory", "full", 2),
        /** A virtio disk. With less than {@code extra}, a loss of power may undo an acknowledged commit. */
        DISK("disk", "/data/main.db", "disk", "extra", 3);

        private final String label;
        private final String file;
        private final String database;
        private final String synchronous;
        private final int synchronousNumber;

        Place(String label, String file, String database, String synchronous, int synchronousNumber) {
            this.label = label;
            this.file = file;
            this.database = database;
            this.synchronous = synchronous;
            this.synchronousNumber = synchronousNumber;
        }

        /** As metrics begin. */
        public String label() {
            return label;
        }

        /** Path on Linux. */
        public String file() {
            return file;
        }

        /** As {@code sql.properties} names it. */
        String database() {
            return database;
        }

        /** The pragma. */
        public String synchronous() {
            return synchronous;
        }
    }

    /** What happens between two inserts. */
    public enum Mode {
        /** Parsed every time, a transaction each. */
        UNPREPARED,
        /** Parsed once, a transaction each. */
        PREPARED,
        /** Parsed once, all in one transaction. */
        TRANSACTION;

        /** As scripts and results name it. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Override
    public String application() {
        return "sql";
    }

    @Override
    public String label() {
        return "sql-" + inserts + "-inserts-" + place.label() + "-" + mode.label();
    }

    /** Works by itself. */
    @Override
    public int port() {
        return 0;
    }

    @Override
    public Map<String, byte[]> resources() {
        String settings = "mode=batch\nfiles=system\ndatabase=" + place.database + "\nfile=" + place.file
                + "\npage_size="
                + PAGE_SIZE + "\ncache_size=" + CACHE_SIZE + "\njournal_mode=" + JOURNAL_MODE + "\nsynchronous="
                + place.synchronous + "\n" + (place == Place.MEMORY_POWERSAFE ? "memory_files=powersafe\n" : "");
        String script = TABLE + ".repeat " + inserts + " " + mode.label() + " insert " + INSERT + "\n" + questions();
        return Map.of("sql.properties", ascii(settings), "sql.script", ascii(script));
    }

    /** What a script prints before the time of its inserts in nanoseconds. */
    public String phase() {
        return "sql-phase insert mode=" + mode.label() + " count=" + inserts + " nanos=";
    }

    /** Whether the program {@code sqlite3}, which parses every statement it is given, can do the same. */
    public boolean isForProgram() {
        return mode == Mode.UNPREPARED;
    }

    /**
     * The same for the program {@code sqlite3}, whose shell is mark.c. The second pair of marks has nothing between: what
     * it costs to pass one.
     */
    public String programScript() {
        String pragmas = "PRAGMA page_size=" + PAGE_SIZE + ";\nPRAGMA cache_size=" + CACHE_SIZE
                + ";\nPRAGMA journal_mode=" + JOURNAL_MODE + ";\nPRAGMA synchronous=" + place.synchronous + ";\n";
        return pragmas + TABLE + ".system begin 2\n" + (INSERT + "\n").repeat(inserts) + ".system end 3 " + phase()
                + "\n.system begin 4\n.system end 5 sql-marks nanos=\n" + questions()
                + "SELECT 'sql-script done';\n";
    }

    /** What must be printed behind {@link #SETTINGS}. */
    public String expectedSettings() {
        return JOURNAL_MODE + "|" + place.synchronousNumber + "|" + CACHE_SIZE + "|" + PAGE_SIZE;
    }

    private static String questions() {
        return "SELECT 'sql-rows', count(*) FROM tab WHERE value = 'value';\n"
                + "SELECT 'sql-settings', journal_mode, synchronous, cache_size, page_size FROM pragma_journal_mode,"
                + " pragma_synchronous, pragma_cache_size, pragma_page_size;\n";
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** It does not listen. */
    @Override
    public Probe probe() {
        throw new IllegalStateException("a batch answers no questions");
    }

    @Override
    public String durability() {
        return place == Place.DISK ? "each transaction" : "none: in memory";
    }

    @Override
    public int diskMebibytes() {
        return place == Place.DISK ? DISK_MEBIBYTES : 0;
    }

    @Override
    public boolean usesFilesOfLinux() {
        return true;
    }
}

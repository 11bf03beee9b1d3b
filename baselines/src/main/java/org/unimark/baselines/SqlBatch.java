// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Inserts into a database in memory, each parsed anew and a transaction of its own, from a script that is part of what is
 * deployed; without any network. Everybody sets the same pragmas, and the same queries at the end show them and the rows.
 *
 * @param inserts how many
 */
public record SqlBatch(int inserts) implements Service {
    /** SQLite's own defaults, set everywhere all the same: builds may have others. */
    public static final String JOURNAL_MODE = "delete";

    public static final String SYNCHRONOUS = "full";
    public static final int CACHE_SIZE = -2000;
    public static final int PAGE_SIZE = 4096;

    /** What a script prints before the number of rows. */
    public static final String ROWS = "sql-rows|";
    /** What a script prints before journal mode, synchronous (a number), cache size and page size. */
    public static final String SETTINGS = "sql-settings|";
    /** What a script prints before the time of its inserts in nanoseconds, and behind it the count. */
    public static final String PHASE = "sql-phase insert mode=unprepared count=";

    /** A file in memory on Linux: every container has a tmpfs there. */
    public static final String LINUX_FILE = "/dev/shm/main.db";

    private static final String TABLE = "CREATE TABLE tab (id INTEGER PRIMARY KEY, value TEXT);\n";
    private static final String INSERT = "INSERT INTO tab VALUES (null,'value');";
    private static final int FULL = 2;

    @Override
    public String application() {
        return "sql";
    }

    @Override
    public String label() {
        return "sql-" + inserts + "-inserts";
    }

    /** Works by itself. */
    @Override
    public int port() {
        return 0;
    }

    @Override
    public Map<String, byte[]> resources() {
        String settings = "mode=batch\ndatabase=memory\nfiles=system\nfile=" + LINUX_FILE + "\npage_size=" + PAGE_SIZE
                + "\ncache_size=" + CACHE_SIZE + "\njournal_mode=" + JOURNAL_MODE + "\nsynchronous=" + SYNCHRONOUS
                + "\n";
        String script = TABLE + ".repeat " + inserts + " unprepared insert " + INSERT + "\n" + questions();
        return Map.of("sql.properties", ascii(settings), "sql.script", ascii(script));
    }

    /**
     * The same for the program {@code sqlite3}, whose shell is mark.c. The second pair of marks has nothing between: what
     * it costs to pass one.
     */
    public String programScript() {
        String pragmas = "PRAGMA page_size=" + PAGE_SIZE + ";\nPRAGMA cache_size=" + CACHE_SIZE
                + ";\nPRAGMA journal_mode=" + JOURNAL_MODE + ";\nPRAGMA synchronous=" + SYNCHRONOUS + ";\n";
        return pragmas + TABLE + ".system begin 2\n" + (INSERT + "\n").repeat(inserts) + ".system end 3 " + PHASE
                + inserts + " nanos=\n.system begin 4\n.system end 5 sql-marks nanos=\n" + questions()
                + "SELECT 'sql-script done';\n";
    }

    /** What must be printed behind {@link #SETTINGS}. */
    public static String expectedSettings() {
        return JOURNAL_MODE + "|" + FULL + "|" + CACHE_SIZE + "|" + PAGE_SIZE;
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
        return "none: in memory";
    }

    @Override
    public int diskMebibytes() {
        return 0;
    }
}

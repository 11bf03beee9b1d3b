// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.sqlite;

import java.util.Random;

/**
 * Statements of SQL that never fail and mean the same to every SQLite: values of all types, expressions, joins, groups, orders,
 * windows and transactions, one a line. Integers stay small, so that no sum of them overflows.
 */
final class RandomStatements {
    private static final String[] TABLES = {"t0", "t1", "t2"};
    private static final String[] COLUMNS = {"id", "i", "r", "s", "n", "b"};
    private static final String[] COMPARISONS = {"=", "<>", "<", "<=", ">", ">=", "IS", "IS NOT"};

    private final Random random;
    private final StringBuilder script = new StringBuilder();

    RandomStatements(long seed) {
        random = new Random(seed);
    }

    /** Tables, then so many statements. */
    String script(int count) {
        for (String table : TABLES) {
            line("CREATE TABLE " + table + " (id INTEGER PRIMARY KEY, i INTEGER, r REAL, s TEXT, n NUMERIC, b BLOB)");
            line("INSERT INTO " + table + " (i, r, s, n, b) VALUES " + rows(20));
        }
        boolean isBegun = false;
        for (int i = 0; i < count; i++) {
            if (random.nextInt(12) == 0) {
                line(!isBegun ? "BEGIN" : random.nextInt(3) == 0 ? "ROLLBACK" : "COMMIT");
                isBegun = !isBegun;
            }
            statement();
        }
        if (isBegun) {
            line("COMMIT");
        }
        for (String table : TABLES) {
            line("SELECT id, i, r, quote(s), quote(n), quote(b) FROM " + table + " ORDER BY id");
        }
        line("PRAGMA integrity_check");
        return script.toString();
    }

    private void line(String statement) {
        script.append(statement).append(";\n");
    }

    private String pick(String... of) {
        return of[random.nextInt(of.length)];
    }

    private void statement() {
        switch (random.nextInt(16)) {
            case 0, 1 ->
                line("INSERT OR IGNORE INTO " + pick(TABLES) + " (i, r, s, n, b) VALUES "
                        + rows(1 + random.nextInt(4)));
            case 2 ->
                line("INSERT OR REPLACE INTO " + pick(TABLES) + " (id, i, s) SELECT id, i, upper(s) FROM "
                        + pick(TABLES) + " WHERE id % 5 = " + random.nextInt(5) + " ORDER BY id LIMIT 3");
            case 3 -> change("UPDATE " + pick(TABLES) + " SET " + assignment() + " WHERE " + predicate("", 1));
            case 4 ->
                change("DELETE FROM " + pick(TABLES) + " WHERE id % 7 = " + random.nextInt(7) + " AND "
                        + predicate("", 1));
            case 5 -> index();
            case 6, 7 -> groups();
            case 8, 9 -> join();
            case 10 -> compound();
            case 11 -> window();
            case 12 -> subquery();
            default -> select();
        }
    }

    private void change(String statement) {
        line(statement);
        line("SELECT changes()");
    }

    private void index() {
        String name = "x" + random.nextInt(4);
        line("DROP INDEX IF EXISTS " + name);
        line("CREATE INDEX " + name + " ON " + pick(TABLES) + " ("
                + pick("i", "r", "s DESC", "n, i", "lower(s)", "i % 10") + ")" + pick("", " WHERE i IS NOT NULL"));
    }

    private String assignment() {
        return switch (random.nextInt(5)) {
            case 0 -> "i = (" + number("", 1) + ") % 100000";
            case 1 -> "r = round(" + number("", 1) + ", 3)";
            case 2 -> "s = substr(" + text("", 1) + ", 1, 40)";
            case 3 -> "n = " + literal();
            default -> "b = CAST(substr(" + text("", 1) + ", 1, 20) AS BLOB)";
        };
    }

    private String rows(int count) {
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < count; i++) {
            rows.append(i == 0 ? "" : ", ").append('(').append(random.nextInt(8) == 0 ? "NULL" : integer());
            rows.append(", ").append(real()).append(", ").append(string());
            rows.append(", ").append(literal()).append(", ").append(blob()).append(')');
        }
        return rows.toString();
    }

    private String integer() {
        return Integer.toString(random.nextInt(8) == 0 ? random.nextInt(200_001) - 100_000 : random.nextInt(41) - 20);
    }

    private String real() {
        return random.nextInt(10) == 0
                ? "NULL"
                : Double.toString(Math.scalb(random.nextInt(2001) - 1000, -random.nextInt(12)));
    }

    private String string() {
        StringBuilder text = new StringBuilder("'");
        for (int i = random.nextInt(12); i > 0; i--) {
            text.append(pick("a", "b", "c", "Z", "_", "%", " ", "''", "0", "9", "\u00e4", "\u20ac"));
        }
        return random.nextInt(10) == 0 ? "NULL" : text.append('\'').toString();
    }

    private String blob() {
        StringBuilder blob = new StringBuilder("x'");
        for (int i = random.nextInt(6); i > 0; i--) {
            blob.append(String.format(
                    "%02x", random.nextInt(4) == 0 ? 128 + random.nextInt(128) : 33 + random.nextInt(94)));
        }
        return blob.append('\'').toString();
    }

    private String literal() {
        return switch (random.nextInt(8)) {
            case 0 -> "NULL";
            case 1 -> real();
            case 2 -> string();
            case 3 -> blob();
            case 4 -> pick("'12'", "'1.5e3'", "'0x10'", "' 7 '", "9223372036854775807", "1e300", "-0.0", "'abc'");
            default -> integer();
        };
    }

    /** A numeric expression over the columns of the table that {@code prefix} names. */
    private String number(String prefix, int depth) {
        if (depth == 0) {
            return pick(prefix + "i", prefix + "r", prefix + "id", integer(), prefix + "n");
        }
        String a = number(prefix, depth - 1);
        String b = number(prefix, depth - 1);
        return switch (random.nextInt(12)) {
            case 0 -> "(" + a + " + " + b + ")";
            case 1 -> "(" + a + " - " + b + ")";
            case 2 -> "(" + a + " * " + b + ")";
            case 3 -> "(" + a + " / " + b + ")";
            case 4 -> "(" + a + " % " + b + ")";
            case 5 -> "(CAST(" + a + " AS INTEGER) & 255 | " + random.nextInt(64) + ")";
            case 6 -> "length(" + text(prefix, depth - 1) + ")";
            case 7 -> "coalesce(" + a + ", " + b + ")";
            case 8 -> "CASE WHEN " + predicate(prefix, depth - 1) + " THEN " + a + " ELSE " + b + " END";
            case 9 -> "CAST(" + text(prefix, depth - 1) + " AS " + pick("INTEGER", "REAL", "NUMERIC") + ")";
            case 10 -> "round(" + a + ", " + random.nextInt(4) + ")";
            default -> "instr(" + text(prefix, depth - 1) + ", " + string() + ")";
        };
    }

    private String text(String prefix, int depth) {
        if (depth == 0) {
            return pick(prefix + "s", string(), prefix + "s");
        }
        String a = text(prefix, depth - 1);
        return switch (random.nextInt(11)) {
            case 0 -> "upper(" + a + ")";
            case 1 -> "(" + a + " || " + text(prefix, depth - 1) + ")";
            case 2 -> "substr(" + a + ", " + (random.nextInt(7) - 3) + ", " + random.nextInt(6) + ")";
            case 3 -> "replace(" + a + ", 'a', " + string() + ")";
            case 4 -> "hex(" + pick(a, prefix + "b", prefix + "n") + ")";
            case 5 -> "quote(" + pick(prefix + "n", prefix + "b", prefix + "r", a) + ")";
            case 6 -> "typeof(" + pick(prefix + "n", prefix + "b", number(prefix, depth - 1)) + ")";
            case 7 -> "printf('%5d|%.3f|%s', " + prefix + "i, " + prefix + "r, " + a + ")";
            case 8 -> "date('2026-01-31', '" + (random.nextInt(800) - 400) + " days')";
            case 9 -> "trim(" + a + ", ' a')";
            default -> "coalesce(" + a + ", 'none')";
        };
    }

    private String predicate(String prefix, int depth) {
        if (depth == 0) {
            return prefix + pick(COLUMNS) + " " + pick(COMPARISONS) + " " + literal();
        }
        return switch (random.nextInt(9)) {
            case 0 -> "(" + predicate(prefix, depth - 1) + " AND " + predicate(prefix, depth - 1) + ")";
            case 1 -> "(" + predicate(prefix, depth - 1) + " OR " + predicate(prefix, depth - 1) + ")";
            case 2 -> "NOT " + predicate(prefix, depth - 1);
            case 3 -> prefix + "s LIKE " + string();
            case 4 -> prefix + "i BETWEEN " + integer() + " AND " + integer();
            case 5 -> prefix + "i IN (" + integer() + ", " + integer() + ", NULL)";
            case 6 -> text(prefix, depth - 1) + " " + pick(COMPARISONS) + " " + text(prefix, depth - 1);
            case 7 -> prefix + pick(COLUMNS) + " IS NOT NULL";
            default -> number(prefix, depth - 1) + " " + pick(COMPARISONS) + " " + number(prefix, depth - 1);
        };
    }

    private void select() {
        line("SELECT " + pick("", "DISTINCT ") + number("", 2) + ", " + text("", 2) + ", typeof(" + number("", 1)
                + ") FROM " + pick(TABLES) + " WHERE " + predicate("", 2) + " ORDER BY 1" + pick("", " DESC")
                + ", 2, 3 LIMIT 8");
    }

    private void groups() {
        line("SELECT " + pick("i % 4", "substr(s, 1, 1)", "typeof(n)", "id % 3", "r > 0")
                + " AS k, count(*), sum(i), min(" + pick("s", "r", "n") + "), max(" + pick("i", "s", "b IS NULL")
                + "), total(" + number("", 1) + "), round(avg(r), 6), count(DISTINCT " + pick("i", "s", "n") + ") FROM "
                + pick(TABLES) + " WHERE " + predicate("", 1) + " GROUP BY k" + pick("", " HAVING count(*) > 2")
                + " ORDER BY 1, 2, 3");
    }

    private void join() {
        line("SELECT a.id, c.id, " + number("a.", 1) + ", " + text("c.", 1) + " FROM " + pick(TABLES) + " a "
                + pick("JOIN ", "LEFT JOIN ") + pick(TABLES) + " c ON "
                + pick("c.i = a.i", "c.id = a.id + 1", "c.s = a.s", "c.i = a.id AND c.r < a.r") + " WHERE "
                + predicate("a.", 1) + " ORDER BY 1, 2 LIMIT 8");
    }

    private void compound() {
        line("SELECT i, typeof(i) FROM " + pick(TABLES) + " WHERE " + predicate("", 1) + " "
                + pick("UNION", "UNION ALL", "EXCEPT", "INTERSECT") + " SELECT " + pick("i", "id", "n")
                + ", 'integer' FROM "
                + pick(TABLES) + " WHERE " + predicate("", 1) + " ORDER BY 1, 2 LIMIT 8");
    }

    private void window() {
        line("SELECT id, " + pick("row_number()", "rank()", "sum(i)", "count(*)", "max(s)", "lag(i)", "first_value(r)")
                + " OVER (" + pick("", "PARTITION BY i % 3 ") + "ORDER BY " + pick("id", "i, id", "s DESC, id")
                + ") FROM "
                + pick(TABLES) + " ORDER BY 1 LIMIT 10");
    }

    private void subquery() {
        line(pick(
                "SELECT id, i FROM " + pick(TABLES) + " WHERE i IN (SELECT " + pick("i", "id") + " FROM " + pick(TABLES)
                        + " WHERE " + predicate("", 1) + ") ORDER BY 1 LIMIT 8",
                "SELECT a.id, (SELECT count(*) FROM " + pick(TABLES) + " c WHERE c.i " + pick("<", "=", ">")
                        + " a.i) FROM " + pick(TABLES) + " a ORDER BY 1 LIMIT 8",
                "WITH RECURSIVE c(x, y) AS (VALUES (1, 'a') UNION ALL SELECT x + 1, y || x FROM c WHERE x < "
                        + (2 + random.nextInt(6)) + ") SELECT x, y, (SELECT max(i) FROM " + pick(TABLES)
                        + " WHERE id <= x) FROM c ORDER BY x DESC"));
    }
}

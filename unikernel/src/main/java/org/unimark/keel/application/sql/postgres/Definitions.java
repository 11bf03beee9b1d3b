// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.sql.postgres;

import org.unimark.keel.kernel.Rare;

/** CREATE, DROP, ALTER and housekeeping: mostly SQLite's own words, without PostgreSQL's storage parameters. */
@Rare
final class Definitions {
    private final Tokens tokens;
    private final TextBuffer out;
    private final Translation result;
    private final Expressions expressions;

    Definitions(Tokens tokens, TextBuffer out, Translation result, Expressions expressions) {
        this.tokens = tokens;
        this.out = out;
        this.result = result;
        this.expressions = expressions;
    }

    void statement() {
        result.kind = Translation.OTHER;
        switch (tokens.name(0)) {
            case "create" -> create();
            case "drop" -> drop();
            case "alter" -> alter();
            case "truncate" -> truncate();
            case "vacuum" -> vacuum();
            case "analyze" -> analyze();
            default -> {
                result.tag = "REINDEX";
                expressions.copy(0, tokens.count);
            }
        }
    }

    private void create() {
        int i = 1;
        boolean isTemporary = false;
        boolean isUnique = false;
        if (tokens.is(i, "global") || tokens.is(i, "local")) {
            i++;
        }
        if (tokens.is(i, "temp") || tokens.is(i, "temporary")) {
            isTemporary = true;
            i++;
        } else if (tokens.is(i, "unlogged")) {
            // All tables of a database are logged alike.
            i++;
        } else if (tokens.is(i, "unique")) {
            isUnique = true;
            i++;
        }
        out.text(isTemporary ? "CREATE TEMP " : isUnique ? "CREATE UNIQUE " : "CREATE ");
        if (tokens.is(i, "table")) {
            result.tag = "CREATE TABLE";
            table(i);
        } else if (tokens.is(i, "index")) {
            result.tag = "CREATE INDEX";
            index(i);
        } else if (tokens.is(i, "view") || tokens.is(i, "trigger")) {
            result.tag = tokens.is(i, "view") ? "CREATE VIEW" : "CREATE TRIGGER";
            expressions.copy(i, tokens.count);
        } else {
            expressions.refuse(i, "only tables, indexes, views and triggers can be created");
        }
    }

    private void table(int from) {
        int i = from;
        int to = tokens.count;
        while (i < to && !tokens.isSymbol(i, '(') && !tokens.is(i, "as")) {
            i++;
        }
        expressions.copy(from, i);
        if (tokens.isSymbol(i, '(')) {
            int behind = tokens.behindParenthesis(i);
            columns(i, behind);
            i = behind;
        }
        while (i < to && result.refusal == null) {
            i = tableOption(i, to);
        }
    }

    /** Columns and constraints; serial columns are what SQLite counts by itself. */
    private void columns(int from, int to) {
        int i = from;
        while (i < to && result.refusal == null) {
            int special = i;
            while (special < to && !isSerial(special) && !isIdentity(special) && !isZoned(special)) {
                special++;
            }
            expressions.copy(i, special);
            i = special < to ? special(special) : to;
        }
    }

    private int special(int i) {
        if (isIdentity(i)) {
            return expressions.refuse(i, "identity columns are not supported: see serial");
        }
        expressions.space(i);
        if (isZoned(i)) {
            out.text(tokens.is(i + 1, "with") ? "timestamptz" : "timestamp");
            return i + 4;
        }
        if (!tokens.is(i + 1, "primary") || !tokens.is(i + 2, "key")) {
            expressions.refuse(i, "serial columns are supported as primary keys only");
        }
        out.text("INTEGER");
        return i + 1;
    }

    private boolean isSerial(int i) {
        boolean isType = tokens.is(i, "serial") || tokens.is(i, "bigserial") || tokens.is(i, "smallserial");
        return isType && i > 0 && tokens.isName(i - 1);
    }

    private boolean isIdentity(int i) {
        return tokens.is(i, "generated")
                && ((tokens.is(i + 1, "always") && tokens.is(i + 3, "identity"))
                        || (tokens.is(i + 1, "by") && tokens.is(i + 4, "identity")));
    }

    private boolean isZoned(int i) {
        return tokens.is(i, "timestamp")
                && (tokens.is(i + 1, "with") || tokens.is(i + 1, "without"))
                && tokens.is(i + 2, "time")
                && tokens.is(i + 3, "zone");
    }

    /** What follows the columns: storage parameters go, a query stays. */
    private int tableOption(int i, int to) {
        if (tokens.is(i, "with") && tokens.isSymbol(i + 1, '(')) {
            return tokens.behindParenthesis(i + 1);
        }
        if (tokens.is(i, "tablespace")) {
            return i + 2;
        }
        if (tokens.is(i, "without") || tokens.is(i, "strict") || tokens.isSymbol(i, ',')) {
            expressions.copy(i, to);
            return to;
        }
        if (tokens.is(i, "as")) {
            result.tag = "CREATE TABLE AS";
            expressions.copy(i, to);
            return to;
        }
        return expressions.refuse(i, "this option of CREATE TABLE is not supported");
    }

    private void index(int from) {
        out.text("INDEX ");
        int i = tokens.is(from + 1, "concurrently") ? from + 2 : from + 1;
        if (tokens.is(i, "on")) {
            name(i, "idx");
        } else {
            int on = i;
            while (on < tokens.count && !tokens.is(on, "on")) {
                on++;
            }
            expressions.copy(i, on);
            i = on;
        }
        int using = i;
        while (using < tokens.count && !tokens.is(using, "using") && !tokens.isSymbol(using, '(')) {
            using++;
        }
        expressions.copy(i, using);
        i = using;
        if (tokens.is(i, "using")) {
            if (!tokens.is(i + 1, "btree")) {
                expressions.refuse(i + 1, "indexes are B-trees only");
            }
            i += 2;
        }
        int behind = tokens.behindParenthesis(i);
        expressions.copy(i, behind);
        if (tokens.is(behind, "with") && tokens.isSymbol(behind + 1, '(')) {
            behind = tokens.behindParenthesis(behind + 1);
        }
        expressions.copy(behind, tokens.count);
    }

    /** Makes a name as PostgreSQL does: of table and columns. */
    private void name(int on, String suffix) {
        int table = tokens.isSymbol(on + 2, '.') ? on + 3 : on + 1;
        out.put8('"').text(tokens.name(table));
        for (int i = table + 1; i < tokens.count && !tokens.isSymbol(i, ')'); i++) {
            if (tokens.isName(i) && !tokens.is(i, "using") && !tokens.is(i, "btree")) {
                out.put8('_').text(tokens.name(i));
            }
        }
        out.put8('_').text(suffix).text("\" ");
    }

    private void drop() {
        int i = 2;
        if (!tokens.is(1, "table") && !tokens.is(1, "index") && !tokens.is(1, "view") && !tokens.is(1, "trigger")) {
            expressions.refuse(1, "only tables, indexes, views and triggers can be dropped");
            return;
        }
        String what = Ascii.upperCase(tokens.text(1));
        result.tag = "DROP " + what;
        if (tokens.is(i, "concurrently")) {
            i++;
        }
        if (tokens.is(i, "if") && tokens.is(i + 1, "exists")) {
            result.ifExists = true;
            i += 2;
        }
        sequence("DROP " + what + " ", i);
    }

    /** One statement for each name of a list. */
    private void sequence(String verb, int from) {
        int i = from;
        while (tokens.isName(i)) {
            int end = tokens.isSymbol(i + 1, '.') ? i + 3 : i + 1;
            out.text(out.length > 0 ? "; " : "").text(verb);
            expressions.copy(i, end);
            result.isSequence |= tokens.isSymbol(end, ',');
            i = end;
            if (!tokens.isSymbol(i, ',')) {
                break;
            }
            i++;
        }
        if (tokens.is(i, "restrict") || tokens.is(i, "restart") || tokens.is(i, "continue")) {
            i = tokens.is(i, "restrict") ? i + 1 : i + 2;
        }
        if (tokens.is(i, "cascade")) {
            expressions.refuse(i, "CASCADE is not supported");
        } else if (i < tokens.count || out.length == 0) {
            result.refuse(SqlState.SYNTAX_ERROR, "syntax error in a list of names", i);
        }
        // A table that is missing is looked for at each step, so that it can be told by its name.
        result.isSequence |= result.ifExists;
    }

    private void truncate() {
        result.tag = "TRUNCATE TABLE";
        sequence("DELETE FROM ", tokens.is(1, "table") ? 2 : 1);
        result.kind = Translation.OTHER;
    }

    private void alter() {
        result.tag = "ALTER TABLE";
        if (!tokens.is(1, "table")) {
            expressions.refuse(1, "only tables can be altered");
            return;
        }
        int table = tokens.is(2, "if") ? 4 : tokens.is(2, "only") ? 3 : 2;
        int i = tokens.isSymbol(table + 1, '.') ? table + 3 : table + 1;
        if (!tokens.is(i, "add")) {
            expressions.copy(0, tokens.count);
            return;
        }
        String name = null;
        i++;
        if (tokens.is(i, "constraint") && tokens.isName(i + 1)) {
            name = tokens.name(i + 1);
            i += 2;
        }
        if (tokens.is(i, "primary") || (tokens.is(i, "unique") && !tokens.is(i + 1, "using"))) {
            constraint(table, name, i);
        } else if (tokens.is(i, "foreign") || tokens.is(i, "check") || tokens.is(i, "exclude") || name != null) {
            expressions.refuse(i, "constraints other than keys cannot be added to a table that exists");
        } else {
            expressions.copy(0, tokens.count);
        }
    }

    /** A key that comes later is an index: SQLite knows no other. */
    private void constraint(int table, String name, int at) {
        boolean isPrimary = tokens.is(at, "primary");
        int open = isPrimary ? at + 2 : at + 1;
        int tableName = tokens.isSymbol(table + 1, '.') ? table + 2 : table;
        out.text("CREATE UNIQUE INDEX \"");
        if (name != null) {
            out.text(name);
        } else {
            out.text(tokens.name(tableName)).text(isPrimary ? "_pkey" : "_key");
        }
        out.text("\" ON ");
        expressions.emit(tableName);
        expressions.copy(open, tokens.behindParenthesis(open));
        if (tokens.behindParenthesis(open) < tokens.count) {
            expressions.refuse(open, "options of keys are not supported");
        }
        result.notice = isPrimary
                ? "the primary key was made as a unique index: NULL is not refused"
                : "the constraint was made as a unique index";
    }

    private void vacuum() {
        result.tag = "VACUUM";
        result.needsNoTransaction = true;
        boolean analyzes = false;
        int i = 1;
        if (tokens.isSymbol(i, '(')) {
            int behind = tokens.behindParenthesis(i);
            for (int option = i; option < behind; option++) {
                analyzes |= tokens.is(option, "analyze");
            }
            i = behind;
        }
        while (tokens.is(i, "full") || tokens.is(i, "freeze") || tokens.is(i, "verbose") || tokens.is(i, "analyze")) {
            analyzes |= tokens.is(i, "analyze");
            i++;
        }
        if (i == tokens.count) {
            out.text(analyzes ? "VACUUM; ANALYZE" : "VACUUM");
            result.isSequence = analyzes;
        } else if (analyzes) {
            sequence("ANALYZE ", i);
        } else {
            result.kind = Translation.NOTHING;
            result.notice = "a single table needs no VACUUM: SQLite uses free pages again by itself";
        }
    }

    private void analyze() {
        result.tag = "ANALYZE";
        int i = tokens.is(1, "verbose") ? 2 : 1;
        if (i == tokens.count) {
            out.text("ANALYZE");
        } else {
            sequence("ANALYZE ", i);
        }
    }
}

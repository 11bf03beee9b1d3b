// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.sql.postgres;

import org.unimark.keel.application.sql.SqlStatement;

/** A statement that was parsed: what it is, its text for SQLite, its parameters and its columns. */
final class Statement {
    static final int MAXIMUM_PARAMETERS = 1024;
    static final int LONGEST_NAME = 63;

    /** Of the table of names it is in. */
    Statement next;

    byte[] name;

    final int kind;
    final String tag;
    final String notice;
    final boolean isSequence;
    final boolean ifExists;
    final boolean needsNoTransaction;
    final boolean isReadOnlyBegin;
    final boolean isLocal;
    final String argument;
    final String value;
    final CopyOptions copy;
    /** For SQLite. */
    final byte[] text;

    int[] parameterTypes = new int[0];
    /** Prepared, and lent to one portal at a time; null if SQLite has no part in it. */
    SqlStatement prepared;

    boolean isLent;
    /** No name leads here any more. */
    boolean isForgotten;

    int columns;
    int[] columnTypes = new int[0];
    int[] columnModifiers = new int[0];
    String[] columnNames = new String[0];
    /** Whether the type of some column is known from values only. */
    boolean hasUnknownTypes;

    int descriptionBytes;

    Statement(Translation translation, byte[] text) {
        kind = translation.kind;
        tag = translation.tag;
        notice = translation.notice;
        isSequence = translation.isSequence;
        ifExists = translation.ifExists;
        needsNoTransaction = translation.needsNoTransaction;
        isReadOnlyBegin = translation.isReadOnly;
        isLocal = translation.isLocal;
        argument = translation.name;
        value = translation.value;
        copy = translation.copy;
        this.text = text;
    }

    /** Whether SQLite has a statement for it that can be prepared now. */
    boolean isPreparable() {
        return kind <= Translation.OTHER && kind != Translation.EMPTY && !isSequence || kind == Translation.COPY_OUT;
    }

    boolean isAllowedInFailedTransaction() {
        return kind == Translation.COMMIT
                || kind == Translation.ROLLBACK
                || kind == Translation.ROLLBACK_TO
                || kind == Translation.EMPTY;
    }

    boolean controlsTransaction() {
        return kind >= Translation.BEGIN && kind <= Translation.ROLLBACK_TO;
    }

    /** Whether rows come back, or a value of SHOW. */
    boolean returnsRows() {
        return columns > 0;
    }

    /** Reads names and declared types of the columns of what was just prepared. */
    void describe(SqlStatement statement, SelectList list, boolean isOfCatalogue) {
        prepared = statement;
        columns = statement.columnCount();
        columnTypes = new int[columns];
        columnModifiers = new int[columns];
        columnNames = new String[columns];
        for (int i = 0; i < columns; i++) {
            String declared = statement.declaredType(i);
            boolean isKnown = declared != null && !declared.isEmpty();
            columnTypes[i] = isKnown ? Types.ofDeclaration(declared) : Types.UNKNOWN;
            columnModifiers[i] = isKnown ? Types.modifierOf(declared, columnTypes[i]) : -1;
            columnNames[i] = shortened(statement.columnName(i));
            if (!isKnown) {
                infer(i, list, isOfCatalogue);
            }
            hasUnknownTypes |= columnTypes[i] == Types.UNKNOWN;
        }
        measure();
    }

    /** What the query itself says of a column that comes from no table. */
    private void infer(int column, SelectList list, boolean isOfCatalogue) {
        if (list.count == columns) {
            columnTypes[column] = list.types[column];
            if (list.names[column] != null) {
                columnNames[column] = shortened(list.names[column]);
            }
        }
        if (isOfCatalogue && isTruthOfCatalogue(columnNames[column])) {
            columnTypes[column] = Types.BOOL;
        }
    }

    /** The catalogues are views here, so that their columns have no declared types. */
    private static boolean isTruthOfCatalogue(String name) {
        return switch (name) {
            case "attnotnull", "atthasdef", "attisdropped", "datistemplate", "datallowconn" -> true;
            case "rolsuper", "rolinherit", "rolcreaterole", "rolcreatedb", "rolcanlogin" -> true;
            case "rolreplication", "rolbypassrls", "condeferrable", "condeferred" -> true;
            case "relhasindex", "relhasrules", "relhastriggers", "relrowsecurity", "relforcerowsecurity" -> true;
            case "relhasoids", "relispartition" -> true;
            default -> name.startsWith("indis");
        };
    }

    /** One column of text, as SHOW has. */
    void describeText(String column) {
        columns = 1;
        columnTypes = new int[] {Types.TEXT};
        columnModifiers = new int[] {-1};
        columnNames = new String[] {column};
        measure();
    }

    private void measure() {
        descriptionBytes = 7;
        for (int i = 0; i < columns; i++) {
            descriptionBytes += columnNames[i].length() + 19;
        }
    }

    private static String shortened(String name) {
        String bytes = Utf8.bytesOf(name);
        return bytes.substring(0, Utf8.clipped(bytes, LONGEST_NAME));
    }

    /** Types of columns that nobody declared, from the values of the first row; {@code row} may be null. */
    void settleTypes(SqlStatement row) {
        if (!hasUnknownTypes) {
            return;
        }
        hasUnknownTypes = false;
        for (int i = 0; i < columns; i++) {
            if (columnTypes[i] == Types.UNKNOWN) {
                columnTypes[i] = typeOf(row == null ? SqlStatement.NULL : row.columnType(i));
            }
        }
    }

    private static int typeOf(int storageClass) {
        return switch (storageClass) {
            case SqlStatement.INTEGER -> Types.INT8;
            case SqlStatement.REAL -> Types.FLOAT8;
            case SqlStatement.BLOB -> Types.BYTEA;
            default -> Types.TEXT;
        };
    }

    /** @param formats of the columns' values, or null for text */
    void putDescription(Outbox out, Portal formats) {
        out.open('T');
        out.put16(columns);
        for (int i = 0; i < columns; i++) {
            int type = columnTypes[i] == Types.UNKNOWN ? Types.TEXT : columnTypes[i];
            out.string(columnNames[i]);
            out.put32(0);
            out.put16(0);
            out.put32(type);
            out.put16(Types.sizeOf(type));
            out.put32(columnModifiers[i]);
            out.put16(formats != null && formats.isBinary(i) ? 1 : 0);
        }
        out.close();
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.sql.postgres;

import org.unimark.keel.kernel.Rare;

/** PostgreSQL's numbers of types (pg_type.dat), and which of them a declaration or a cast means. */
@Rare
final class Types {
    static final int UNKNOWN = 0;
    static final int BOOL = 16;
    static final int BYTEA = 17;
    static final int NAME = 19;
    static final int INT8 = 20;
    static final int INT2 = 21;
    static final int INT4 = 23;
    static final int TEXT = 25;
    static final int OID = 26;
    static final int JSON = 114;
    static final int FLOAT4 = 700;
    static final int FLOAT8 = 701;
    static final int BPCHAR = 1042;
    static final int VARCHAR = 1043;
    static final int DATE = 1082;
    static final int TIME = 1083;
    static final int TIMESTAMP = 1114;
    static final int TIMESTAMPTZ = 1184;
    static final int INTERVAL = 1186;
    static final int NUMERIC = 1700;
    static final int UUID = 2950;

    private Types() {}

    /** The type that a name, in lower case and without its length, means in PostgreSQL; {@link #UNKNOWN} if none of ours. */
    static int ofName(String name) {
        return switch (name) {
            case "bool", "boolean" -> BOOL;
            case "int2", "smallint", "smallserial" -> INT2;
            case "int", "int4", "integer", "serial", "mediumint", "tinyint" -> INT4;
            case "int8", "bigint", "bigserial" -> INT8;
            case "oid", "xid", "regclass", "regtype", "regproc", "regnamespace" -> OID;
            case "text", "clob" -> TEXT;
            case "name" -> NAME;
            case "char", "character", "bpchar", "nchar" -> BPCHAR;
            case "varchar", "character varying", "nvarchar" -> VARCHAR;
            case "json", "jsonb" -> JSON;
            case "float4", "real" -> FLOAT4;
            case "float8", "float", "double", "double precision" -> FLOAT8;
            case "numeric", "decimal", "dec" -> NUMERIC;
            case "bytea", "blob" -> BYTEA;
            case "date" -> DATE;
            case "time", "time without time zone" -> TIME;
            case "timestamp", "datetime", "timestamp without time zone" -> TIMESTAMP;
            case "timestamptz", "timestamp with time zone" -> TIMESTAMPTZ;
            case "interval" -> INTERVAL;
            case "uuid" -> UUID;
            default -> UNKNOWN;
        };
    }

    /** The type of a column that was declared so; text if nobody knows better. */
    static int ofDeclaration(String declared) {
        String lower = Ascii.lowerCase(declared);
        int open = lower.indexOf('(');
        int type = ofName((open < 0 ? lower : lower.substring(0, open)).trim());
        return type == UNKNOWN || type == INTERVAL ? TEXT : type;
    }

    /** PostgreSQL's type modifier: lengths count four more, a precision is above its scale; -1 if there is none. */
    static int modifierOf(String declared, int type) {
        int open = declared.indexOf('(');
        if (open < 0 || !(type == BPCHAR || type == VARCHAR || type == NUMERIC)) {
            return type == BPCHAR && open < 0 ? 5 : -1;
        }
        int[] numbers = new int[2];
        int index = 0;
        for (int i = open + 1; i < declared.length() && index < 2; i++) {
            char character = declared.charAt(i);
            if (Ascii.isDigit(character)) {
                numbers[index] = Math.min(numbers[index] * 10 + character - '0', 1 << 20);
            } else if (character == ',' || character == ')') {
                index++;
            }
        }
        return type == NUMERIC ? (numbers[0] << 16 | numbers[1]) + 4 : numbers[0] + 4;
    }

    /** Bytes of a value, or -1 for those that vary. */
    static int sizeOf(int type) {
        return switch (type) {
            case BOOL -> 1;
            case INT2 -> 2;
            case INT4, OID, FLOAT4, DATE -> 4;
            case INT8, FLOAT8, TIME, TIMESTAMP, TIMESTAMPTZ -> 8;
            case UUID -> 16;
            case NAME -> 64;
            default -> -1;
        };
    }

    /** What SQLite is told in a cast, or null if there is no such type here. */
    static String castName(int type) {
        return switch (type) {
            case BOOL, INT2, INT4, INT8, OID -> "INTEGER";
            case TEXT, NAME, BPCHAR, VARCHAR, JSON, UUID, TIME, TIMESTAMP, TIMESTAMPTZ, DATE -> "TEXT";
            case FLOAT4, FLOAT8 -> "REAL";
            case NUMERIC -> "NUMERIC";
            case BYTEA -> "BLOB";
            default -> null;
        };
    }
}

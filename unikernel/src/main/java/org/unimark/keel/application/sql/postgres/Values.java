// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.sql.postgres;

import org.unimark.keel.application.sql.SqlStatement;
import org.unimark.keel.buffer.Bytes;

/** One value of SQLite in the format that a client wants: located first, so that its length is known, then copied. */
final class Values {
    /** The format cannot express it. */
    static final int BAD = -2;

    /** In the scratch memory, behind any number as text. */
    private static final int DECIMAL_AT = 2048;

    private static final String HEX = "0123456789abcdef";

    private final Bytes scratch;
    private final DateTimes dateTimes = new DateTimes();
    /** Where the value is: the view of the engine or the scratch memory. */
    private Bytes source;

    private boolean isHex;

    Values(Bytes scratch) {
        this.scratch = scratch;
    }

    /** Returns the length of the value, or {@link #BAD}; {@code view} is lent for it. */
    int locate(SqlStatement cursor, int column, int kind, int type, boolean isBinary, Bytes view) {
        isHex = false;
        source = scratch;
        if (kind == SqlStatement.TEXT || kind == SqlStatement.BLOB) {
            source = cursor.columnBytes(column, view);
            int length = source.length();
            if (isBinary) {
                return binaryOfText(source, length, type, kind);
            }
            if (kind == SqlStatement.BLOB || type == Types.BYTEA) {
                isHex = true;
                return length > (Integer.MAX_VALUE - 1024) / 2 ? BAD : 2 + 2 * length;
            }
            return length;
        }
        if (!isBinary) {
            return textOfNumber(cursor, column, kind, type);
        }
        return binaryOfNumber(cursor, column, kind, type);
    }

    private int textOfNumber(SqlStatement cursor, int column, int kind, int type) {
        if (type == Types.BOOL) {
            scratch.put8(0, cursor.columnLong(column) != 0 ? 't' : 'f');
            return 1;
        }
        if (kind == SqlStatement.INTEGER) {
            return Numbers.put(scratch, 0, cursor.columnLong(column));
        }
        int length = Numbers.put(scratch, 0, cursor.columnDouble(column));
        return type == Types.NUMERIC ? expanded(length) : length;
    }

    private int binaryOfNumber(SqlStatement cursor, int column, int kind, int type) {
        switch (type) {
            case Types.INT2, Types.INT4, Types.INT8, Types.OID, Types.BOOL -> {
                double real = kind == SqlStatement.REAL ? cursor.columnDouble(column) : 0;
                return kind == SqlStatement.REAL && real != Math.rint(real)
                        ? BAD
                        : integer(cursor.columnLong(column), type);
            }
            case Types.FLOAT8 -> {
                scratch.put64(0, Double.doubleToLongBits(cursor.columnDouble(column)));
                return 8;
            }
            case Types.FLOAT4 -> {
                scratch.put32(0, Float.floatToIntBits((float) cursor.columnDouble(column)));
                return 4;
            }
            case Types.NUMERIC -> {
                int length = decimal(textOfNumber(cursor, column, kind, type));
                if (length > 0) {
                    scratch.copyFrom(0, scratch, DECIMAL_AT, length);
                }
                return length;
            }
            case Types.DATE, Types.TIME, Types.TIMESTAMP, Types.TIMESTAMPTZ, Types.UUID, Types.BYTEA -> {
                return BAD;
            }
            default -> {
                return textOfNumber(cursor, column, kind, type);
            }
        }
    }

    /** Makes of the number in the scratch memory one of type numeric, at {@link #DECIMAL_AT}; returns its length or BAD. */
    private int decimal(int textLength) {
        int end = Decimals.put(scratch, DECIMAL_AT, scratch, 0, textLength);
        return end < 0 ? BAD : end - DECIMAL_AT;
    }

    /** Numbers of type numeric have no exponents. */
    private int expanded(int length) {
        for (int i = 0; i < length; i++) {
            if (scratch.u8(i) == 'e') {
                int binary = decimal(length);
                int end = binary < 0 ? -1 : Decimals.putText(scratch, 0, scratch, DECIMAL_AT, binary);
                return end < 0 ? length : end;
            }
        }
        return length;
    }

    private int integer(long value, int type) {
        switch (type) {
            case Types.INT2 -> {
                scratch.put16(0, (int) value);
                return value == (short) value ? 2 : BAD;
            }
            case Types.INT4 -> {
                scratch.put32(0, (int) value);
                return value == (int) value ? 4 : BAD;
            }
            case Types.OID -> {
                scratch.put32(0, (int) value);
                return value >>> 32 == 0 ? 4 : BAD;
            }
            case Types.BOOL -> {
                scratch.put8(0, value != 0 ? 1 : 0);
                return 1;
            }
            default -> {
                scratch.put64(0, value);
                return 8;
            }
        }
    }

    private int binaryOfText(Bytes text, int length, int type, int kind) {
        switch (type) {
            case Types.INT2, Types.INT4, Types.INT8, Types.OID -> {
                source = scratch;
                return Numbers.isLong(text, 0, length) ? integer(Numbers.parseLong(text, 0, length), type) : BAD;
            }
            case Types.BOOL -> {
                source = scratch;
                int truth = Parameters.truth(text, 0, length);
                scratch.put8(0, truth);
                return truth < 0 ? BAD : 1;
            }
            case Types.FLOAT4, Types.FLOAT8, Types.UUID -> {
                return BAD;
            }
            case Types.NUMERIC -> {
                source = scratch;
                int end = Decimals.put(scratch, 0, text, 0, length);
                return end < 0 ? BAD : end;
            }
            case Types.DATE -> {
                return time(dateTimes.parseDate(text, 0, length), true);
            }
            case Types.TIME -> {
                return time(dateTimes.parseTime(text, 0, length), false);
            }
            case Types.TIMESTAMP, Types.TIMESTAMPTZ -> {
                return time(dateTimes.parseTimestamp(text, 0, length), false);
            }
            default -> {
                return length;
            }
        }
    }

    private int time(long value, boolean isDate) {
        source = scratch;
        if (isDate) {
            scratch.put32(0, (int) value);
        } else {
            scratch.put64(0, value);
        }
        return value == DateTimes.INVALID ? BAD : isDate ? 4 : 8;
    }

    /** Copies a part of the value that was located last. */
    void copy(int from, int size, Bytes out, int at) {
        if (!isHex) {
            out.copyFrom(at, source, from, size);
            return;
        }
        for (int i = 0; i < size; i++) {
            int position = from + i;
            if (position < 2) {
                out.put8(at + i, position == 0 ? '\\' : 'x');
            } else {
                int value = source.u8((position - 2) >> 1);
                out.put8(at + i, HEX.charAt((position & 1) == 0 ? value >> 4 : value & 15));
            }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.sql.postgres;

import org.unimark.keel.application.sql.SqlStatement;
import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Rare;

/** Gives a client's values to SQLite, by the type that the client says they have. */
@Rare
final class Parameters {
    /** The value is none of its type. */
    static final int BAD_TEXT = -1;

    static final int BAD_BINARY = -2;
    static final int NO_SUCH_FORMAT = -3;

    private final Bytes scratch;

    Parameters(Bytes scratch) {
        this.scratch = scratch;
    }

    /** 1 and 0 for PostgreSQL's words for true and false, -1 for any other. */
    static int truth(Bytes text, int at, int length) {
        String word = length > 5 || length == 0 ? "" : Ascii.lowerCase(Ascii.string(text, at, length));
        return switch (word) {
            case "t", "true", "y", "yes", "on", "1" -> 1;
            case "f", "false", "n", "no", "off", "0" -> 0;
            default -> -1;
        };
    }

    /** Returns SQLite's result code, or a negative number from above. */
    int bind(SqlStatement to, int parameter, int type, int format, Bytes data, int at, int length) {
        if (length < 0) {
            return to.bindNull(parameter);
        }
        if (format == 0) {
            return text(to, parameter, type, data, at, length);
        }
        return format == 1 ? binary(to, parameter, type, data, at, length) : NO_SUCH_FORMAT;
    }

    private int text(SqlStatement to, int parameter, int type, Bytes data, int at, int length) {
        switch (type) {
            case Types.INT2, Types.INT4, Types.INT8, Types.OID -> {
                return Numbers.isLong(data, at, length)
                        ? to.bindLong(parameter, Numbers.parseLong(data, at, length))
                        : BAD_TEXT;
            }
            case Types.FLOAT4, Types.FLOAT8 -> {
                return Numbers.isReal(data, at, length)
                        ? to.bindDouble(parameter, Numbers.parseReal(data, at, length))
                        : BAD_TEXT;
            }
            case Types.NUMERIC -> {
                return numeric(to, parameter, data, at, length);
            }
            case Types.BOOL -> {
                int truth = truth(data, at, length);
                return truth < 0 ? BAD_TEXT : to.bindLong(parameter, truth);
            }
            case Types.BYTEA -> {
                return bytes(to, parameter, data, at, length);
            }
            default -> {
                return to.bindText(parameter, data, at, length);
            }
        }
    }

    /** An integer or a real number where SQLite has one that is exact enough, else text, which its columns convert. */
    private int numeric(SqlStatement to, int parameter, Bytes data, int at, int length) {
        if (Numbers.isLong(data, at, length)) {
            return to.bindLong(parameter, Numbers.parseLong(data, at, length));
        }
        if (!Numbers.isReal(data, at, length)) {
            return BAD_TEXT;
        }
        return length <= 16
                ? to.bindDouble(parameter, Numbers.parseReal(data, at, length))
                : to.bindText(parameter, data, at, length);
    }

    private int bytes(SqlStatement to, int parameter, Bytes data, int at, int length) {
        if (length < 2 || data.u8(at) != '\\' || data.u8(at + 1) != 'x') {
            return to.bindBlob(parameter, data, at, length);
        }
        int size = (length - 2) / 2;
        if ((length & 1) != 0 || size > scratch.length()) {
            return BAD_TEXT;
        }
        for (int i = 0; i < size; i++) {
            int high = digit(data.u8(at + 2 + 2 * i));
            int low = digit(data.u8(at + 3 + 2 * i));
            if ((high | low) < 0) {
                return BAD_TEXT;
            }
            scratch.put8(i, high << 4 | low);
        }
        return to.bindBlob(parameter, scratch, 0, size);
    }

    /** The value of a hexadecimal digit, or -1. */
    static int digit(int character) {
        if (Ascii.isDigit(character)) {
            return character - '0';
        }
        int lower = Ascii.lower(character);
        return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
    }

    private int binary(SqlStatement to, int parameter, int type, Bytes data, int at, int length) {
        int size = Types.sizeOf(type);
        if (size >= 0 && size != length && type != Types.NAME) {
            return BAD_BINARY;
        }
        return switch (type) {
            case Types.INT2 -> to.bindLong(parameter, (short) data.u16(at));
            case Types.INT4 -> to.bindLong(parameter, data.i32(at));
            case Types.OID -> to.bindLong(parameter, data.u32(at));
            case Types.INT8 -> to.bindLong(parameter, data.i64(at));
            case Types.BOOL -> to.bindLong(parameter, data.u8(at) != 0 ? 1 : 0);
            case Types.FLOAT4 -> to.bindDouble(parameter, Float.intBitsToFloat(data.i32(at)));
            case Types.FLOAT8 -> to.bindDouble(parameter, Double.longBitsToDouble(data.i64(at)));
            case Types.BYTEA -> to.bindBlob(parameter, data, at, length);
            case Types.NUMERIC -> binaryNumeric(to, parameter, data, at, length);
            case Types.DATE -> scratchText(to, parameter, DateTimes.putDate(scratch, 0, data.i32(at)));
            case Types.TIME ->
                data.i64(at) < 0 ? BAD_BINARY : scratchText(to, parameter, DateTimes.putTime(scratch, 0, data.i64(at)));
            case Types.TIMESTAMP, Types.TIMESTAMPTZ ->
                scratchText(to, parameter, DateTimes.putTimestamp(scratch, 0, data.i64(at)));
            case Types.UUID -> uuid(to, parameter, data, at);
            default -> to.bindText(parameter, data, at, length);
        };
    }

    private int scratchText(SqlStatement to, int parameter, int length) {
        return to.bindText(parameter, scratch, 0, length);
    }

    private int binaryNumeric(SqlStatement to, int parameter, Bytes data, int at, int length) {
        int end = Decimals.putText(scratch, 0, data, at, length);
        return end < 0 ? BAD_BINARY : numeric(to, parameter, scratch, 0, end);
    }

    private int uuid(SqlStatement to, int parameter, Bytes data, int at) {
        TextBuffer text = new TextBuffer(scratch);
        for (int i = 0; i < 16; i++) {
            if (i == 4 || i == 6 || i == 8 || i == 10) {
                text.put8('-');
            }
            text.hex(data.u8(at + i));
        }
        return scratchText(to, parameter, text.length);
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.sql.postgres;

import org.unimark.keel.kernel.Rare;

/** SQLSTATE codes (manual, appendix A), and which of them SQLite's result codes mean. */
@Rare
final class SqlState {
    static final String SUCCESS = "00000";
    static final String WARNING = "01000";
    static final String PROTOCOL_VIOLATION = "08P01";
    static final String FEATURE_NOT_SUPPORTED = "0A000";
    static final String NUMERIC_OUT_OF_RANGE = "22003";
    static final String INVALID_TEXT = "22P02";
    static final String INVALID_BINARY = "22P03";
    static final String BAD_COPY_FORMAT = "22P04";
    static final String INVALID_PARAMETER_VALUE = "22023";
    static final String NOT_IN_ENCODING = "22021";
    static final String ACTIVE_TRANSACTION = "25001";
    static final String READ_ONLY_TRANSACTION = "25006";
    static final String NO_ACTIVE_TRANSACTION = "25P01";
    static final String FAILED_TRANSACTION = "25P02";
    static final String INVALID_STATEMENT_NAME = "26000";
    static final String INVALID_AUTHORIZATION = "28000";
    static final String INVALID_PASSWORD = "28P01";
    static final String INVALID_PORTAL_NAME = "34000";
    static final String SERIALIZATION_FAILURE = "40001";
    static final String SYNTAX_ERROR = "42601";
    static final String UNDEFINED_PARAMETER = "42P02";
    static final String DUPLICATE_STATEMENT = "42P05";
    static final String DUPLICATE_PORTAL = "42P03";
    static final String UNDEFINED_OBJECT = "42704";
    static final String OUT_OF_MEMORY = "53200";
    static final String TOO_MANY_CONNECTIONS = "53300";
    static final String LIMIT_EXCEEDED = "53400";
    static final String PROGRAM_LIMIT = "54000";
    static final String LOCK_NOT_AVAILABLE = "55P03";
    static final String QUERY_CANCELED = "57014";
    static final String ADMIN_SHUTDOWN = "57P01";
    /** PostgreSQL's, for sessions that are idle for too long. */
    static final String MESSAGE_TIMEOUT = "57P05";

    static final String INTERNAL = "XX000";

    private static final int ERROR = 1;
    private static final int CONSTRAINT = 19;

    private SqlState() {}

    /** @param code SQLite's extended result code */
    static String of(int code, String message) {
        return switch (code & 0xff) {
            case ERROR -> ofMessage(message);
            case 3, 23 -> "42501";
            case 4, 9 -> QUERY_CANCELED;
            case 5, 6 -> LOCK_NOT_AVAILABLE;
            case 7 -> OUT_OF_MEMORY;
            case 8 -> READ_ONLY_TRANSACTION;
            case 10 -> "58030";
            case 11, 26 -> "XX001";
            case 13 -> "53100";
            case 14 -> "58P01";
            case 17 -> "0A000";
            case 18 -> "54000";
            case CONSTRAINT -> ofConstraint(code);
            case 20 -> "42804";
            case 25 -> "22023";
            default -> INTERNAL;
        };
    }

    private static String ofConstraint(int code) {
        return switch (code >> 8) {
            case 1 -> "23514";
            case 3 -> "23503";
            case 5 -> "23502";
            case 6, 8, 10 -> "23505";
            default -> "23000";
        };
    }

    /** SQLite has one code for all that is wrong with a statement; what it is stands in its message only. */
    private static String ofMessage(String message) {
        if (message.startsWith("no such table") || message.startsWith("no such view")) {
            return "42P01";
        } else if (message.startsWith("no such column") || message.contains("has no column named")) {
            return "42703";
        } else if (message.startsWith("no such function") || message.startsWith("wrong number of arguments")) {
            return "42883";
        } else if (message.startsWith("no such savepoint")) {
            return "3B001";
        } else if (message.startsWith("no such index") || message.startsWith("no such")) {
            return UNDEFINED_OBJECT;
        } else if (message.startsWith("ambiguous column")) {
            return "42702";
        } else if (message.contains("already exists")) {
            return message.startsWith("duplicate") ? "42701" : "42P07";
        } else if (message.startsWith("duplicate column")) {
            return "42701";
        } else if (message.startsWith("cannot start a transaction") || message.startsWith("cannot VACUUM")) {
            return ACTIVE_TRANSACTION;
        } else if (message.startsWith("integer overflow")) {
            return NUMERIC_OUT_OF_RANGE;
        } else if (message.contains("aggregate")) {
            return "42803";
        }
        return SYNTAX_ERROR;
    }
}

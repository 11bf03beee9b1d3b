// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.sql.postgres;

import java.util.HashMap;
import org.unimark.keel.kernel.Rare;

/** Parameters of one session: SET, SHOW, RESET and what a client asks for when it begins. */
@Rare
final class Settings {
    static final String OWNER = "keel";
    static final String DATABASE = "keel";
    static final String SERVER_VERSION = "15.0";
    static final String VERSION_TEXT = "PostgreSQL 15.0 (Keel) wire protocol over SQLite";

    static final int OK = 0;
    static final int UNKNOWN = 1;
    static final int READ_ONLY = 2;
    static final int INVALID = 3;

    /** Those of which a client is told when it begins and whenever they change. */
    private static final String[] REPORTED = {
        "application_name",
        "client_encoding",
        "DateStyle",
        "default_transaction_read_only",
        "in_hot_standby",
        "integer_datetimes",
        "IntervalStyle",
        "is_superuser",
        "server_encoding",
        "server_version",
        "session_authorization",
        "standard_conforming_strings",
        "TimeZone"
    };

    private static final int MAXIMUM_VALUE = 256;

    private final HashMap<String, String> values = new HashMap<>();
    private final HashMap<String, String> beginnings = new HashMap<>();
    long lockTimeoutMillis;
    long statementTimeoutMillis;
    private long defaultLockTimeoutMillis;

    void begin(String user, long lockTimeout) {
        values.clear();
        beginnings.clear();
        defaultLockTimeoutMillis = lockTimeout;
        beginning("application_name", "");
        beginning("client_encoding", "UTF8");
        beginning("datestyle", "ISO, MDY");
        beginning("default_transaction_read_only", "off");
        beginning("in_hot_standby", "off");
        beginning("integer_datetimes", "on");
        beginning("intervalstyle", "postgres");
        beginning("is_superuser", "on");
        beginning("server_encoding", "UTF8");
        beginning("server_version", SERVER_VERSION);
        beginning("session_authorization", user);
        beginning("standard_conforming_strings", "on");
        beginning("timezone", "Etc/UTC");
        beginning("server_version_num", "150000");
        beginning("search_path", "\"$user\", public");
        beginning("transaction_isolation", "serializable");
        beginning("default_transaction_isolation", "serializable");
        beginning("transaction_read_only", "off");
        beginning("max_identifier_length", "63");
        beginning("extra_float_digits", "1");
        beginning("client_min_messages", "notice");
        beginning("bytea_output", "hex");
        beginning("row_security", "on");
        beginning("statement_timeout", "0");
        beginning("idle_in_transaction_session_timeout", "0");
        beginning("lock_timeout", Long.toString(lockTimeout));
        beginning("synchronous_commit", "on");
        beginning("max_index_keys", "32");
        lockTimeoutMillis = lockTimeout;
        statementTimeoutMillis = 0;
    }

    private void beginning(String name, String value) {
        values.put(name, value);
        beginnings.put(name, value);
    }

    static boolean isUtf8(String encoding) {
        String lower = Ascii.lowerCase(encoding);
        return lower.equals("utf8") || lower.equals("utf-8") || lower.equals("unicode");
    }

    /** What it is, or null if there is no such parameter. */
    String get(String lowerCaseName) {
        return values.get(lowerCaseName);
    }

    /** Sets a parameter; the answer is one of {@link #OK} to {@link #INVALID}. */
    int set(String lowerCaseName, String value) {
        if (!values.containsKey(lowerCaseName)) {
            if (lowerCaseName.indexOf('.') < 0) {
                return UNKNOWN;
            }
            // Names with a point belong to whoever invents them.
            beginnings.put(lowerCaseName, "");
        }
        if (value.length() > MAXIMUM_VALUE || values.size() > 200) {
            return INVALID;
        }
        int result = check(lowerCaseName, value);
        if (result == OK) {
            values.put(lowerCaseName, lowerCaseName.equals("client_encoding") ? "UTF8" : value);
        }
        return result;
    }

    private int check(String name, String value) {
        switch (name) {
            case "client_encoding" -> {
                return isUtf8(value) ? OK : INVALID;
            }
            case "standard_conforming_strings" -> {
                return Ascii.lowerCase(value).equals("on") || value.equals("true") ? OK : INVALID;
            }
            case "datestyle" -> {
                return Ascii.lowerCase(value).startsWith("iso") ? OK : INVALID;
            }
            case "bytea_output" -> {
                return value.equals("hex") ? OK : INVALID;
            }
            case "lock_timeout", "statement_timeout" -> {
                return timeout(name, value);
            }
            case "server_version",
                    "server_version_num",
                    "server_encoding",
                    "integer_datetimes",
                    "is_superuser",
                    "in_hot_standby",
                    "max_identifier_length",
                    "max_index_keys" -> {
                return READ_ONLY;
            }
            default -> {
                return OK;
            }
        }
    }

    private int timeout(String name, String value) {
        long number = 0;
        int i = 0;
        while (i < value.length() && Ascii.isDigit(value.charAt(i)) && i < 9) {
            number = number * 10 + value.charAt(i++) - '0';
        }
        String unit = value.substring(i).trim();
        if (i == 0 || !(unit.isEmpty() || unit.equals("ms") || unit.equals("s") || unit.equals("min"))) {
            return INVALID;
        }
        number *= unit.equals("s") ? 1000 : unit.equals("min") ? 60_000 : 1;
        if (name.equals("lock_timeout")) {
            lockTimeoutMillis = number;
        } else {
            statementTimeoutMillis = number;
        }
        return OK;
    }

    /** Back to what it was at the beginning; false if there is no such parameter. */
    boolean reset(String name) {
        if (name.equals("all")) {
            values.putAll(beginnings);
            lockTimeoutMillis = defaultLockTimeoutMillis;
            statementTimeoutMillis = 0;
            return true;
        }
        String beginning = beginnings.get(name);
        if (beginning != null) {
            values.put(name, beginning);
            check(name, beginning);
        }
        return beginning != null;
    }

    /** Keeps what a client asked for in its first message as what RESET goes back to. */
    void keepAsBeginning(String name) {
        beginnings.put(name, values.get(name));
    }

    /** Tells the client everything that it should know from the start. */
    void report(Outbox out) {
        for (int i = 0; i < REPORTED.length; i++) {
            out.parameterStatus(REPORTED[i], values.get(Ascii.lowerCase(REPORTED[i])));
        }
    }

    /** Tells the client of a change, if it is one of those. */
    void reportChange(String name, Outbox out) {
        for (int i = 0; i < REPORTED.length; i++) {
            if (name.equals("all") || Ascii.lowerCase(REPORTED[i]).equals(name)) {
                out.parameterStatus(REPORTED[i], values.get(Ascii.lowerCase(REPORTED[i])));
            }
        }
    }

    HashMap<String, String> all() {
        return values;
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.sql.postgres;

import org.unimark.keel.application.sql.SqlConnection;
import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Rare;

/** What happens before the first query: encryption refused, parameters read, the client authenticated; or a cancel request. */
@Rare
final class StartUp {
    private static final int VERSION_3 = 3 << 16;
    private static final int CANCEL = 80_877_102;
    private static final int CANCEL_BYTES = 16;
    private static final int SSL = 80_877_103;
    private static final int GSS = 80_877_104;

    private final Session session;
    private String user = "";
    private String applicationName = "";
    private String[] settings = new String[0];
    private Scram scram;

    StartUp(Session session) {
        this.session = session;
    }

    int message(Bytes data, int at, int end) {
        if (session.phase == Session.AUTHENTICATING) {
            return password(data, at, end);
        }
        if (end - at < 8) {
            return at;
        }
        int length = data.i32(at);
        int code = data.i32(at + 4);
        boolean isCancel = code == CANCEL && length == CANCEL_BYTES;
        if (session.server.isListening() && !isCancel && code != SSL && code != GSS) {
            session.defer();
            return at;
        }
        if (length < 8 || length > Session.LONGEST_SHORT) {
            session.fatal(SqlState.PROTOCOL_VIOLATION, "invalid length of startup packet");
            return end;
        }
        if (code == SSL || code == GSS) {
            session.connection.write(session.server.refusal, 0, 1);
            return at + 8;
        }
        if (end - at < length) {
            return at;
        }
        if (code == CANCEL) {
            if (isCancel) {
                session.server.cancel(data.i32(at + 8), data.i32(at + 12));
            }
            session.finish();
            return end;
        }
        if (code >> 16 != 3) {
            session.fatal(SqlState.FEATURE_NOT_SUPPORTED, "unsupported frontend protocol: server supports 3.0");
            return end;
        }
        begin(data, at + 8, at + length, code);
        return at + length;
    }

    private void begin(Bytes data, int from, int end, int version) {
        String[] pairs = new String[64];
        int count = 0;
        int at = from;
        while (at < end && data.u8(at) != 0 && count < pairs.length) {
            int zero = at;
            while (zero < end && data.u8(zero) != 0) {
                zero++;
            }
            pairs[count++] = Ascii.string(data, at, zero - at);
            at = zero + 1;
        }
        if (at >= end || (count & 1) != 0 || data.u8(at) != 0) {
            session.fatal(
                    SqlState.PROTOCOL_VIOLATION, "invalid startup packet layout: expected terminator as last byte");
            return;
        }
        settings = new String[count];
        System.arraycopy(pairs, 0, settings, 0, count);
        for (int i = 0; i < count; i += 2) {
            if (settings[i].equals("user")) {
                user = settings[i + 1].substring(0, Utf8.clipped(settings[i + 1], Statement.LONGEST_NAME));
            } else if (settings[i].equals("application_name")) {
                applicationName = settings[i + 1];
            }
        }
        if (user.isEmpty()) {
            session.fatal(SqlState.INVALID_AUTHORIZATION, "no PostgreSQL user name specified in startup packet");
        } else {
            negotiate(version);
            authenticate();
        }
    }

    /** Options of protocols to come, and of newer minor versions: none is known. */
    private void negotiate(int version) {
        TextBuffer out = session.server.text.clear();
        int options = 0;
        for (int i = 0; i < settings.length; i += 2) {
            if (settings[i].startsWith("_pq_.")) {
                options++;
            }
        }
        if (version == VERSION_3 && options == 0) {
            return;
        }
        out.put8('v').text("....").text("....").text("....");
        out.bytes.put32(5, 0);
        out.bytes.put32(9, options);
        for (int i = 0; i < settings.length; i += 2) {
            if (settings[i].startsWith("_pq_.")) {
                out.text(settings[i]).put8(0);
            }
        }
        out.bytes.put32(1, out.length - 1);
        write(out);
    }

    private void authenticate() {
        if (session.server.scramUser == null) {
            enter();
            return;
        }
        scram = new Scram(session.server, user);
        session.phase = Session.AUTHENTICATING;
        TextBuffer out = session.server.text.clear();
        out.put8('R').text("....");
        out.bytes.put32(5, 10);
        out.length = 9;
        out.text("SCRAM-SHA-256").put8(0).put8(0);
        out.bytes.put32(1, out.length - 1);
        write(out);
    }

    private int password(Bytes data, int at, int end) {
        if (end - at < 5) {
            return at;
        }
        int length = data.i32(at + 1);
        if (data.u8(at) != 'p' || length < 4 || length > Session.LONGEST_SHORT) {
            session.fatal(SqlState.PROTOCOL_VIOLATION, "expected SASL response");
            return end;
        }
        if (end - at < length + 1) {
            return at;
        }
        String reply = scram.answer(Ascii.string(data, at + 5, length - 4));
        if (reply == null) {
            String message = "password authentication failed for user \"" + user + "\"";
            session.fatal(
                    scram.isMalformed() ? SqlState.PROTOCOL_VIOLATION : SqlState.INVALID_PASSWORD,
                    scram.isMalformed() ? "malformed SCRAM message" : message);
            return end;
        }
        TextBuffer out = session.server.text.clear();
        out.put8('R').text("....");
        out.bytes.put32(5, scram.isDone() ? 12 : 11);
        out.length = 9;
        out.text(reply);
        out.bytes.put32(1, out.length - 1);
        write(out);
        if (scram.isDone()) {
            enter();
        }
        return at + length + 1;
    }

    private void write(TextBuffer out) {
        if (session.connection.write(out.bytes, 0, out.length) < out.length) {
            session.finish();
        }
    }

    /** The client is let in. */
    private void enter() {
        if (session.phase == Session.CLOSED) {
            return;
        }
        if (!session.server.hasRoom()) {
            session.fatal(SqlState.TOO_MANY_CONNECTIONS, "sorry, too many clients already");
            return;
        }
        if (!session.server.admit(session)) {
            session.fatal(SqlState.OUT_OF_MEMORY, "out of memory for one more connection");
            return;
        }
        Backend backend = session.backend;
        Settings own = backend.settings;
        own.begin(user, session.server.lockTimeoutMillis);
        for (int i = 0; i < settings.length; i += 2) {
            String name = Ascii.lowerCase(settings[i]);
            if (own.get(name) != null && own.set(name, settings[i + 1]) == Settings.OK) {
                own.keepAsBeginning(name);
            }
        }
        backend.limitStatements();
        session.phase = Session.READY;
        session.queries.open();
    }

    /** Opens the database, and waits for others' locks as a statement does; the result is one of Backend's. */
    int open() {
        Backend backend = session.backend;
        int code = backend.sql.open();
        if (code == SqlConnection.DONE) {
            // PostgreSQL's LIKE heeds case.
            code = backend.runOnce("PRAGMA case_sensitive_like = ON");
        }
        if ((code & SqlConnection.PRIMARY_CODE) == SqlConnection.BUSY && backend.transaction.mayWait()) {
            return Backend.WAITING;
        }
        if (code != SqlConnection.DONE) {
            String message = Utf8.bytesOf(backend.sql.errorMessage());
            session.fatal(SqlState.of(code, message), message);
            return Backend.FAILED;
        }
        backend.transaction.statementDone();
        greet(backend);
        return Backend.DONE;
    }

    private void greet(Backend backend) {
        Outbox out = backend.out;
        out.open('R');
        out.put32(0);
        out.close();
        backend.settings.report(out);
        out.open('K');
        out.put32(backend.processId);
        out.put32(backend.secretKey);
        out.close();
        out.ready('I');
    }

    void sendFatal(String state, String message) {
        TextBuffer out = session.server.text.clear();
        out.put8('E').text("....");
        out.text("SFATAL").put8(0).text("VFATAL").put8(0).put8('C').text(state).put8(0);
        out.put8('M').text(message).put8(0).put8(0);
        if (!out.overflown) {
            out.bytes.put32(1, out.length - 1);
            session.connection.write(out.bytes, 0, out.length);
        }
    }
}

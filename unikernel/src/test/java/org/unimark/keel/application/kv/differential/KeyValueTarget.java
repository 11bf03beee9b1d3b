// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv.differential;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** A server that takes commands from several clients, numbered from 0 on. */
interface KeyValueTarget extends AutoCloseable {
    /** Sends bytes as they are. */
    void send(int client, byte[] bytes);

    /** The next reply for the client, or null if there is none within {@code waitMillis}. */
    Reply receive(int client, int waitMillis);

    /** Ends the client's connection; the next use opens another. */
    void disconnect(int client);

    @Override
    void close();

    /** One command and its reply. */
    default Reply call(int client, List<String> arguments) {
        send(client, encode(arguments));
        Reply reply = receive(client, 10_000);
        if (reply == null) {
            throw new AssertionError(getClass().getSimpleName() + " does not reply to " + arguments);
        }
        return reply;
    }

    default Reply call(String... arguments) {
        return call(0, List.of(arguments));
    }

    static byte[] encode(List<String> arguments) {
        StringBuilder text = new StringBuilder("*" + arguments.size() + "\r\n");
        for (String argument : arguments) {
            text.append('$')
                    .append(argument.length())
                    .append("\r\n")
                    .append(argument)
                    .append("\r\n");
        }
        return text.toString().getBytes(StandardCharsets.ISO_8859_1);
    }
}

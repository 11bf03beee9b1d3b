// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.net.tcp;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.net.socket.CloseReason;
import org.unimark.keel.net.socket.Connection;
import org.unimark.keel.net.socket.ConnectionHandler;

/** An application that does what a test tells it and writes down what it hears. */
final class RecordingHandler implements ConnectionHandler {
    /** Consumes at most so many bytes of each presentation. */
    int appetite = Integer.MAX_VALUE;

    /** Runs inside {@link #received}. */
    Runnable onReceived = () -> {};

    final StringBuilder received = new StringBuilder();
    final List<String> events = new ArrayList<>();
    String lastPresented = "";
    long receivedBytes;
    boolean keepsText = true;

    @Override
    public int received(Connection connection, Bytes data, int offset, int length) {
        int consumed = Math.min(appetite, length);
        receivedBytes += consumed;
        if (keepsText) {
            byte[] presented = new byte[length];
            data.copyTo(offset, presented, 0, length);
            lastPresented = new String(presented, StandardCharsets.ISO_8859_1);
            received.append(lastPresented, 0, consumed);
        }
        onReceived.run();
        return consumed;
    }

    @Override
    public void writable(Connection connection) {
        events.add("writable");
    }

    @Override
    public void peerFinished(Connection connection) {
        events.add("finished");
    }

    @Override
    public void closed(Connection connection, CloseReason reason) {
        events.add("closed " + reason);
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.unimark.keel.application.kv.ScriptedServer;

/** The application in this JVM, without a network. */
final class ScriptedTarget implements KeyValueTarget {
    private final ScriptedServer server;
    private final List<ReplyDecoder> decoders = new ArrayList<>();

    ScriptedTarget(long seed) {
        server = new ScriptedServer(seed);
    }

    private ReplyDecoder decoder(int client) {
        while (decoders.size() <= client) {
            decoders.add(new ReplyDecoder());
        }
        byte[] sent = server.take(client);
        decoders.get(client).add(sent, sent.length);
        return decoders.get(client);
    }

    @Override
    public void send(int client, byte[] bytes) {
        server.send(client, bytes);
    }

    @Override
    public Reply receive(int client, int waitMillis) {
        long deadline = System.nanoTime() + waitMillis * 1_000_000L;
        Reply reply = decoder(client).next();
        while (reply == null && System.nanoTime() < deadline) {
            LockSupport.parkNanos(500_000L);
            reply = decoder(client).next();
        }
        return reply;
    }

    @Override
    public void disconnect(int client) {
        server.disconnect(client);
        decoders.set(client, new ReplyDecoder());
    }

    @Override
    public void close() {
        server.close();
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

/** Decides about the commands of clients in some special mode. */
final class Gate {
    private final KvServer server;

    Gate(KvServer server) {
        this.server = server;
    }

    /** Whether the command is to be executed now; if not, it has been answered, queued, or passed over. */
    boolean admits(KvClient client, Command command) {
        if ((client.modes & KvClient.WRITES_PAUSED) != 0 && mayWrite(client, command)) {
            client.postpone();
            return false;
        }
        muteIfAsked(client);
        if ((client.modes & KvClient.STRANGER) != 0 && !command.has(Command.NO_AUTH)) {
            server.dispatcher.refuse(client, "NOAUTH Authentication required.");
            return false;
        }
        if ((client.modes & KvClient.SUBSCRIBED) != 0 && !client.isResp3 && !server.pubSub.admits(command)) {
            server.dispatcher.refuseListener(client, command);
            return false;
        }
        return (client.modes & KvClient.IN_TRANSACTION) == 0 || !server.transactions.queues(client, command);
    }

    private boolean mayWrite(KvClient client, Command command) {
        int flags = server.transactions.isExec(command) ? client.transaction.flags() : command.flags;
        return (flags & (Command.WRITE | Command.MAY_REPLICATE)) != 0;
    }

    /** {@code CLIENT REPLY}: none at all, or not that of the next command. */
    private void muteIfAsked(KvClient client) {
        int modes = client.modes & ~KvClient.SKIPPING;
        if ((modes & KvClient.SKIP_REPLY) != 0) {
            modes = modes & ~KvClient.SKIP_REPLY | KvClient.SKIPPING;
        }
        client.modes = modes;
        server.reply.setMuted(client.isMuted());
    }
}

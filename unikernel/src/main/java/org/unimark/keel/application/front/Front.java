// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.front;

import org.unimark.keel.application.Platform;
import org.unimark.keel.application.http.HttpMessages;
import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Counter;
import org.unimark.keel.net.socket.Connection;
import org.unimark.keel.net.socket.ConnectionHandler;
import org.unimark.keel.net.socket.Network;

/** The listening server, and what its clients and the two connections behind it share. */
final class Front implements Network.Acceptor {
    /** Longest value that is passed on. */
    static final int LONGEST_VALUE = 4096;

    private static final int BACKLOG = 128;

    final Platform platform;
    final FrontApplication.Settings settings;
    final HttpMessages messages;
    /** A response or a request while it is composed. */
    final Bytes scratch;

    final CacheLink cache;
    final StorePool store;
    final Counter hits;
    final Counter misses;
    final Counter failures;
    final Counter timeouts;

    private int clients;
    private FrontClient freeClients;
    private Question freeQuestions;
    /** Of clients that wait and of those that gave up, and what the cache is being told. */
    private int questions;

    Front(Platform platform, FrontApplication.Settings settings) {
        this.platform = platform;
        this.settings = settings;
        messages = new HttpMessages(platform);
        scratch = platform.allocate(HttpMessages.LONGEST_HEAD + LONGEST_VALUE);
        hits = platform.counters().counter("front.hits");
        misses = platform.counters().counter("front.misses");
        failures = platform.counters().counter("front.failures");
        timeouts = platform.counters().counter("front.timeouts");
        cache = new CacheLink(this);
        store = new StorePool(this);
    }

    boolean start() {
        cache.connect();
        store.connect();
        return platform.network().listen(settings.port(), BACKLOG, this) != null;
    }

    @Override
    public ConnectionHandler accepted(Connection connection) {
        if (clients >= settings.connections()) {
            return null;
        }
        clients++;
        FrontClient client = freeClients;
        if (client == null) {
            client = new FrontClient(this);
        } else {
            freeClients = client.next;
        }
        client.begin(connection);
        return client;
    }

    void forget(FrontClient client) {
        clients--;
        client.next = freeClients;
        freeClients = client;
    }

    /** Whether one more may be asked: what nobody waits for any more is bounded, too. */
    boolean mayAsk() {
        return questions < 2 * settings.connections();
    }

    Question question(FrontClient client, int item) {
        questions++;
        Question question = freeQuestions;
        if (question == null) {
            question = new Question();
        } else {
            freeQuestions = question.next;
        }
        question.next = null;
        question.client = client;
        question.item = item;
        question.tells = false;
        return question;
    }

    void release(Question question) {
        questions--;
        question.client = null;
        question.next = freeQuestions;
        freeQuestions = question;
    }

    /** Asks the cache, or the store if the cache cannot be asked now. */
    void ask(Question question) {
        if (!cache.ask(question)) {
            store.ask(question);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.front;

/** Connections to the store, each with one question at a time; no more questions wait than there are clients. */
final class StorePool {
    private final Front front;
    private final StoreLink[] links;
    private final Question.Queue waiting = new Question.Queue();

    StorePool(Front front) {
        this.front = front;
        links = new StoreLink[front.settings.storeConnections()];
        for (int i = 0; i < links.length; i++) {
            links[i] = new StoreLink(front);
        }
    }

    void connect() {
        for (StoreLink link : links) {
            link.connect();
        }
    }

    /** Without any connection that is answered at once: there is nothing to wait for. */
    void ask(Question question) {
        boolean isThere = false;
        for (StoreLink link : links) {
            if (link.isFree()) {
                link.ask(question);
                return;
            }
            isThere |= link.isReady();
        }
        if (isThere) {
            waiting.add(question);
        } else {
            fail(question);
        }
    }

    /** A connection has nothing to do. */
    void offer(StoreLink link) {
        while (!waiting.isEmpty() && link.isFree()) {
            Question question = waiting.remove();
            if (question.client == null) {
                front.release(question);
            } else {
                link.ask(question);
            }
        }
    }

    /** A connection is gone; if it was the last one, nobody is left waiting. */
    void lost() {
        for (StoreLink link : links) {
            if (link.isReady()) {
                return;
            }
        }
        while (!waiting.isEmpty()) {
            fail(waiting.remove());
        }
    }

    void fail(Question question) {
        front.failures.increment();
        if (question.client != null) {
            question.client.answer(FrontClient.BAD_GATEWAY, "the store does not answer\n");
        }
        front.release(question);
    }
}

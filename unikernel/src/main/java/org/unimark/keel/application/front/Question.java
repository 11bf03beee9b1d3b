// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.front;

/** What one client wants to know, on its way through cache and store; pooled. */
final class Question {
    /** Who waits for the answer, or null if nobody does: the client is gone, or nothing was asked but told. */
    FrontClient client;

    int item;
    /** Tells the cache something instead of asking. */
    boolean tells;

    Question next;

    /** First in, first out. */
    static final class Queue {
        private Question first;
        private Question last;

        boolean isEmpty() {
            return first == null;
        }

        Question first() {
            return first;
        }

        void add(Question question) {
            question.next = null;
            if (first == null) {
                first = question;
            } else {
                last.next = question;
            }
            last = question;
        }

        Question remove() {
            Question question = first;
            first = question.next;
            question.next = null;
            return question;
        }
    }
}

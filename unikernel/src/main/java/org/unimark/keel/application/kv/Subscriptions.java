// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Rare;

/**
 * Who listens to what, in cells of {@link Slabs}. A topic is a channel or a pattern that somebody listens to, or a key that
 * somebody waits for or watches; who came first is told first:
 *
 * <pre>
 * topic:        0 next of its bucket   4, 8 first and last subscription   12 subscriptions   16 space   20 next {@link #arm
 *               armed}   24 length   28 the name
 * subscription: 0, 4 next and previous of its topic   8, 12 next and previous of its client   16 topic   20 client
 * </pre>
 */
@Rare
final class Subscriptions {
    static final int CHANNELS = 0;
    static final int PATTERNS = 1;
    /** Their space is the number of the database; that of the others is 0. */
    static final int KEYS = 2;

    /** The same. */
    static final int WATCHED = 3;

    static final int KINDS = 4;

    /** What {@link #add} says. */
    static final int ADDED = 0;

    static final int HAD_IT = 1;
    static final int NO_MEMORY = 2;
    static final int TOO_MANY = 3;

    private static final int MAXIMUM_TOPICS = 65_536;
    /** Every message is compared with every pattern. */
    private static final int MAXIMUM_PATTERNS = 1024;

    /** Patterns are in bucket 0, the others behind it: together one segment of the table. */
    private static final int BUCKETS = 4095;

    static final int NEXT = 0;
    private static final int PREVIOUS = 4;
    private static final int FIRST = 4;
    private static final int LAST = 8;
    private static final int COUNT = 12;
    private static final int SPACE = 16;
    private static final int NEXT_ARMED = 20;
    private static final int LENGTH = 24;
    static final int NAME = 28;
    private static final int CLIENT_NEXT = 8;
    private static final int CLIENT_PREVIOUS = 12;
    private static final int TOPIC = 16;
    private static final int CLIENT = 20;
    private static final int SUBSCRIPTION_BYTES = 24;

    /** {@link #NEXT_ARMED} of the last one; 0 is that of a topic that is not armed. */
    private static final int END = -1;

    private final Slabs slabs;
    private final Bytes memory;
    private final KeyHash hash;
    private final IntTable buckets;
    private final int[] topics = new int[KINDS];
    private int firstArmed = END;
    private int lastArmed = END;

    Subscriptions(Slabs slabs, KeyHash hash) {
        this.slabs = slabs;
        this.hash = hash;
        memory = slabs.memory();
        buckets = new IntTable(slabs);
    }

    /** How many channels or patterns somebody listens to. */
    int topics(int kind) {
        return topics[kind];
    }

    /** The topic of that name, or 0. */
    int find(int kind, int space, Bytes data, int at, int length) {
        if (topics[kind] == 0) {
            return 0;
        }
        int topic = buckets.get(bucket(kind, data, at, length));
        while (topic != 0 && !isNamed(topic, space, data, at, length)) {
            topic = memory.i32Little(topic + NEXT);
        }
        return topic;
    }

    private boolean isNamed(int topic, int space, Bytes data, int at, int length) {
        return memory.i32Little(topic + LENGTH) == length
                && memory.i32Little(topic + SPACE) == space
                && memory.matches(topic + NAME, data, at, length);
    }

    private int bucket(int kind, Bytes data, int at, int length) {
        return kind == PATTERNS ? 0 : 1 + (hash.of(data, at, length) >>> 1) % BUCKETS;
    }

    /** The first topic after {@code topic}, or of all if that is 0; 0 behind the last one. */
    int next(int kind, int topic) {
        if (topics[kind] == 0) {
            return 0;
        }
        int next = topic == 0 ? 0 : memory.i32Little(topic + NEXT);
        if (kind == PATTERNS) {
            return topic == 0 ? buckets.get(0) : next;
        }
        int bucket = topic == 0 ? 0 : bucket(kind, memory, topic + NAME, length(topic));
        while (next == 0 && ++bucket <= BUCKETS) {
            next = buckets.get(bucket);
        }
        return next;
    }

    int length(int topic) {
        return memory.i32Little(topic + LENGTH);
    }

    int space(int topic) {
        return memory.i32Little(topic + SPACE);
    }

    /** Clients that listen to a topic; 0 is none. */
    int listeners(int topic) {
        return topic == 0 ? 0 : memory.i32Little(topic + COUNT);
    }

    /** The first subscription to a topic, or 0; {@link #NEXT} leads to the others. */
    int first(int topic) {
        return topic == 0 ? 0 : memory.i32Little(topic + FIRST);
    }

    /** The number of the client that has the subscription. */
    int client(int subscription) {
        return memory.i32Little(subscription + CLIENT);
    }

    /** The client's subscription after this one, or 0. */
    int nextOfClient(int subscription) {
        return memory.i32Little(subscription + CLIENT_NEXT);
    }

    int topic(int subscription) {
        return memory.i32Little(subscription + TOPIC);
    }

    int add(KvClient client, int kind, int space, Bytes data, int at, int length) {
        int topic = find(kind, space, data, at, length);
        if (subscription(client, kind, topic) != 0) {
            return HAD_IT;
        }
        if (topic == 0 && topics[kind] >= (kind == PATTERNS ? MAXIMUM_PATTERNS : MAXIMUM_TOPICS)) {
            return TOO_MANY;
        }
        int subscription = slabs.allocate(SUBSCRIPTION_BYTES);
        if (subscription == 0) {
            return NO_MEMORY;
        }
        topic = topic == 0 ? addTopic(kind, space, data, at, length) : topic;
        if (topic == 0) {
            slabs.free(subscription, SUBSCRIPTION_BYTES);
            return NO_MEMORY;
        }
        memory.put32Little(subscription + TOPIC, topic);
        memory.put32Little(subscription + CLIENT, client.number);
        appendTo(topic, subscription);
        memory.put32Little(topic + COUNT, listeners(topic) + 1);
        int following = client.subscriptions[kind];
        memory.put32Little(subscription + CLIENT_NEXT, following);
        memory.put32Little(subscription + CLIENT_PREVIOUS, 0);
        if (following != 0) {
            memory.put32Little(following + CLIENT_PREVIOUS, subscription);
        }
        client.subscriptions[kind] = subscription;
        client.subscriptionCounts[kind]++;
        return ADDED;
    }

    private void appendTo(int topic, int subscription) {
        int last = memory.i32Little(topic + LAST);
        memory.put32Little(subscription + NEXT, 0);
        memory.put32Little(subscription + PREVIOUS, last);
        memory.put32Little(last == 0 ? topic + FIRST : last + NEXT, subscription);
        memory.put32Little(topic + LAST, subscription);
    }

    private int addTopic(int kind, int space, Bytes data, int at, int length) {
        if (!buckets.reach(BUCKETS + 1)) {
            return 0;
        }
        int topic = slabs.allocate(NAME + length);
        if (topic == 0) {
            return 0;
        }
        int bucket = bucket(kind, data, at, length);
        memory.put32Little(topic + NEXT, buckets.get(bucket));
        memory.put32Little(topic + FIRST, 0);
        memory.put32Little(topic + LAST, 0);
        memory.put32Little(topic + COUNT, 0);
        memory.put32Little(topic + SPACE, space);
        memory.put32Little(topic + NEXT_ARMED, 0);
        memory.put32Little(topic + LENGTH, length);
        memory.copyFrom(topic + NAME, data, at, length);
        buckets.set(bucket, topic);
        topics[kind]++;
        return topic;
    }

    /** The client's subscription to a topic, or 0: looked for in the shorter of the two lists that it would be in. */
    int subscription(KvClient client, int kind, int topic) {
        if (topic == 0) {
            return 0;
        }
        boolean byClient = client.subscriptionCounts[kind] < listeners(topic);
        int subscription = byClient ? client.subscriptions[kind] : first(topic);
        while (subscription != 0 && (byClient ? topic(subscription) != topic : client(subscription) != client.number)) {
            subscription = memory.i32Little(subscription + (byClient ? CLIENT_NEXT : NEXT));
        }
        return subscription;
    }

    /** Ends a subscription of the client, and the topic if nobody else listens. */
    void remove(KvClient client, int kind, int subscription) {
        int topic = topic(subscription);
        int following = memory.i32Little(subscription + NEXT);
        unlink(subscription, following, NEXT, PREVIOUS);
        int before = memory.i32Little(subscription + PREVIOUS);
        if (before == 0) {
            memory.put32Little(topic + FIRST, following);
        }
        if (following == 0) {
            memory.put32Little(topic + LAST, before);
        }
        int clientFollowing = memory.i32Little(subscription + CLIENT_NEXT);
        unlink(subscription, clientFollowing, CLIENT_NEXT, CLIENT_PREVIOUS);
        if (memory.i32Little(subscription + CLIENT_PREVIOUS) == 0) {
            client.subscriptions[kind] = clientFollowing;
        }
        client.subscriptionCounts[kind]--;
        slabs.free(subscription, SUBSCRIPTION_BYTES);
        memory.put32Little(topic + COUNT, listeners(topic) - 1);
        if (listeners(topic) == 0 && memory.i32Little(topic + NEXT_ARMED) == 0) {
            removeTopic(kind, topic);
        }
    }

    private void unlink(int subscription, int following, int next, int previous) {
        int before = memory.i32Little(subscription + previous);
        if (before != 0) {
            memory.put32Little(before + next, following);
        }
        if (following != 0) {
            memory.put32Little(following + previous, before);
        }
    }

    private void removeTopic(int kind, int topic) {
        int bucket = bucket(kind, memory, topic + NAME, length(topic));
        int following = memory.i32Little(topic + NEXT);
        int before = buckets.get(bucket);
        if (before == topic) {
            buckets.set(bucket, following);
        } else {
            while (memory.i32Little(before + NEXT) != topic) {
                before = memory.i32Little(before + NEXT);
            }
            memory.put32Little(before + NEXT, following);
        }
        slabs.free(topic, NAME + length(topic));
        topics[kind]--;
        if (topics[CHANNELS] + topics[PATTERNS] + topics[KEYS] + topics[WATCHED] == 0) {
            buckets.shrink(0);
        }
    }

    /** Remembers that something happened to a topic, until {@link #disarm} asks. */
    void arm(int topic) {
        if (memory.i32Little(topic + NEXT_ARMED) != 0) {
            return;
        }
        memory.put32Little(topic + NEXT_ARMED, END);
        if (lastArmed == END) {
            firstArmed = topic;
        } else {
            memory.put32Little(lastArmed + NEXT_ARMED, topic);
        }
        lastArmed = topic;
    }

    /** The topic that has been armed for the longest time, or 0; it is armed until {@link #disarm}. */
    int firstArmed() {
        return firstArmed == END ? 0 : firstArmed;
    }

    /** The first armed topic is armed no longer, and goes if nobody listens any more. */
    void disarm(int kind) {
        int topic = firstArmed;
        firstArmed = memory.i32Little(topic + NEXT_ARMED);
        if (firstArmed == END) {
            lastArmed = END;
        }
        memory.put32Little(topic + NEXT_ARMED, 0);
        if (listeners(topic) == 0) {
            removeTopic(kind, topic);
        }
    }

    /** Ends all subscriptions of a client of one kind without a word. */
    void end(KvClient client, int kind) {
        while (client.subscriptions[kind] != 0) {
            remove(client, kind, client.subscriptions[kind]);
        }
    }
}

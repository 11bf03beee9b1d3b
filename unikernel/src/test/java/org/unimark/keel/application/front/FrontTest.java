// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.front;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.unimark.keel.application.kv.KvApplication;
import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.net.socket.CloseReason;
import org.unimark.keel.net.socket.Connection;
import org.unimark.keel.net.socket.ConnectionHandler;
import org.unimark.keel.simulation.Arena;
import org.unimark.keel.simulation.Impairments;
import org.unimark.keel.simulation.JvmPlatform;
import org.unimark.keel.simulation.ScriptedClient;
import org.unimark.keel.simulation.SimulatedHost;
import org.unimark.keel.simulation.Simulation;

/** The front between a client, the real key-value store as its cache, and a store whose answers the test decides. */
class FrontTest {
    private static final long SECONDS = 1_000_000_000L;
    private static final long MILLIS = 1_000_000L;

    private final Simulation simulation = new Simulation(11);
    private final FakeStore store = new FakeStore();
    private SimulatedHost front;
    private SimulatedHost client;

    /** Speaks as much of PostgreSQL's protocol as the front asks for. */
    private static final class FakeStore {
        private final Deque<String> asked = new ArrayDeque<>();
        private boolean answers = true;
        private boolean fails;

        private ConnectionHandler accept(Connection connection) {
            return new ConnectionHandler() {
                private boolean isOpen;

                @Override
                public int received(Connection from, Bytes data, int offset, int length) {
                    String text = latin(data, offset, length);
                    if (!isOpen) {
                        isOpen = true;
                        send(from, "R\0\0\0\u0008\0\0\0\0Z\0\0\0\u0005I");
                    } else {
                        String query = text.substring(5, text.length() - 1);
                        asked.add(query);
                        if (answers) {
                            answer(from, query);
                        }
                    }
                    return length;
                }

                @Override
                public void writable(Connection from) {
                    // Little is written.
                }

                @Override
                public void peerFinished(Connection from) {
                    from.close();
                }

                @Override
                public void closed(Connection from, CloseReason reason) {
                    // Another comes.
                }
            };
        }

        private void answer(Connection to, String query) {
            int item = Integer.parseInt(query.substring(query.lastIndexOf(' ') + 1));
            if (fails) {
                send(to, "E\0\0\0\u0005\0Z\0\0\0\u0005I");
            } else if (item > 100) {
                send(to, "C\0\0\0\rSELECT 0\0Z\0\0\0\u0005I");
            } else {
                String value = "item " + item;
                send(
                        to,
                        "D\0\0\0" + (char) (10 + value.length()) + "\0\u0001\0\0\0" + (char) value.length() + value
                                + "C\0\0\0\rSELECT 1\0Z\0\0\0\u0005I");
            }
        }

        private static void send(Connection to, String text) {
            byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
            try (Arena arena = new Arena()) {
                assertThat(to.write(arena.copyOf(bytes), 0, bytes.length)).isEqualTo(bytes.length);
            }
        }

        private static String latin(Bytes data, int at, int length) {
            byte[] bytes = new byte[length];
            data.copyTo(at, bytes, 0, length);
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }
    }

    @BeforeEach
    void start() {
        front = simulation.host(1);
        SimulatedHost cache = simulation.host(2);
        SimulatedHost database = simulation.host(3);
        client = simulation.host(4);
        new KvApplication().start(new JvmPlatform(cache).withResource("kv.properties", "maxmemory 4mb\n"));
        database.network().listen(5432, 16, store::accept);
        simulation.run(100 * MILLIS);
    }

    private void startFront(String more) {
        String settings = "cache=198.18.0.2\nstore=198.18.0.3\nstore_connections=2\n" + more;
        new FrontApplication().start(new JvmPlatform(front).withResource("front.properties", settings));
        simulation.run(100 * MILLIS);
    }

    @AfterEach
    void stop() {
        simulation.close();
    }

    private String get(String path) {
        ScriptedClient one = ScriptedClient.connect(client, front.address(), 80);
        one.send("GET " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        one.awaitEnd();
        String text = one.text();
        one.close();
        return text.substring(9, 12) + " "
                + text.substring(text.indexOf("\r\n\r\n") + 4).strip();
    }

    @Test
    void asksTheStoreOnceAndThenTheCache() {
        startFront("");
        assertThat(get("/item/7")).isEqualTo("200 item 7");
        assertThat(get("/item/7")).isEqualTo("200 item 7");
        assertThat(store.asked).containsExactly("SELECT name FROM items WHERE id = 7");
        assertThat(front.count("front.hits")).isOne();
        assertThat(front.count("front.misses")).isOne();
        simulation.run(61 * SECONDS);
        assertThat(get("/item/7")).isEqualTo("200 item 7");
        assertThat(store.asked).hasSize(2);
    }

    @Test
    void answersManyOnOneConnectionInTheirOrder() {
        startFront("");
        StringBuilder requests = new StringBuilder();
        StringBuilder expected = new StringBuilder();
        for (int i = 1; i <= 40; i++) {
            requests.append("GET /item/").append(i % 5 + 1).append(" HTTP/1.1\r\nHost: a\r\n");
            requests.append(i == 40 ? "Connection: close\r\n\r\n" : "\r\n");
            expected.append("item ").append(i % 5 + 1).append(';');
        }
        ScriptedClient one = ScriptedClient.connect(client, front.address(), 80);
        one.send(requests.toString());
        one.awaitEnd();
        String bodies = one.text().replaceAll("(?s)HTTP/1.1 200 OK\r\n.*?\r\n\r\n(item \\d)", "$1;");
        assertThat(bodies).isEqualTo(expected.toString());
        one.close();
    }

    @Test
    void refusesWhatIsNoItem() {
        startFront("");
        assertThat(get("/item/101")).isEqualTo("404 no such item");
        assertThat(get("/item/0")).startsWith("404");
        assertThat(get("/item/007")).startsWith("404");
        assertThat(get("/item/1234567890")).startsWith("404");
        assertThat(get("/item/1?x")).startsWith("404");
        assertThat(get("/")).startsWith("404");
        assertThat(get("/item/1 HTTP/1.1\r\nBad header:\r\n\r\n")).startsWith("400");
        assertThat(store.asked).hasSize(1);
    }

    @Test
    void passesOnThatTheStoreFails() {
        startFront("");
        store.fails = true;
        assertThat(get("/item/3")).isEqualTo("502 the store does not answer");
        store.fails = false;
        assertThat(get("/item/3")).isEqualTo("200 item 3");
    }

    @Test
    void givesUpOnAStoreThatSaysNothingAndComesBack() {
        startFront("timeout_ms=1000\n");
        store.answers = false;
        assertThat(get("/item/4")).isEqualTo("504 no answer in time");
        assertThat(get("/item/5")).isEqualTo("504 no answer in time");
        // Both connections are busy; a third question waits and is given up, too.
        assertThat(get("/item/6")).isEqualTo("504 no answer in time");
        // What says nothing is given up, and asked anew.
        store.answers = true;
        simulation.run(3 * SECONDS);
        assertThat(get("/item/8")).isEqualTo("200 item 8");
    }

    @Test
    void worksWithoutItsCache() {
        String settings = "cache=198.18.0.77\nstore=198.18.0.3\n";
        new FrontApplication().start(new JvmPlatform(front).withResource("front.properties", settings));
        simulation.run(100 * MILLIS);
        assertThat(get("/item/9")).isEqualTo("200 item 9");
        assertThat(get("/item/9")).isEqualTo("200 item 9");
        assertThat(store.asked).hasSize(2);
    }

    @Test
    void saysWhatIsWrongWithItsConfiguration() {
        JvmPlatform platform = new JvmPlatform(front).withResource("front.properties", "cache=198.18.0.2\nstore=x\n");
        new FrontApplication().start(platform);
        assertThat(platform.exitStatus()).isOne();
        assertThat(front.logged().toString()).contains("store must be an address");
    }

    @Test
    void losesNoAnswerOverABadWire() {
        startFront("");
        simulation
                .wire()
                .impair(Impairments.NONE.withLoss(0.05).withReordering(0.1).withDuplication(0.02));
        for (int i = 1; i <= 30; i++) {
            assertThat(get("/item/" + i)).isEqualTo("200 item " + i);
        }
        simulation.wire().impair(Impairments.NONE);
        simulation.run(200 * SECONDS);
    }
}

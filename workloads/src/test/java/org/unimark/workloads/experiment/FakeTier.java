// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.experiment;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.unimark.baselines.Instance;
import org.unimark.baselines.Service;
import org.unimark.baselines.SystemUnderTest;
import org.unimark.baselines.counter.InstructionCounter;
import org.unimark.workloads.load.ScriptedServer;

/**
 * One of three tiers inside the test's JVM. A front in earnest would ask the others; this one looks into the memory that they
 * share, and says what each of them would have executed.
 */
final class FakeTier implements SystemUnderTest {
    private static final String PROBE = "GET /item/1 ";

    /** What the tiers have in common, and how they misbehave. */
    static final class World {
        private final Set<Integer> cached = new HashSet<>();
        private final Map<String, CounterDouble> counters = new HashMap<>();
        private final Path directory;
        int keepsOut;
        int knowsWrong;
        boolean asksTheStoreAlways;
        /** To the front, without those of its probe, which tries again after half a second. */
        int loadConnections;

        int frontRequests;
        int open;

        World(Path directory) {
            this.directory = directory;
        }

        private synchronized void countLoadConnection() {
            loadConnections++;
        }

        private void work(String application, long instructions) {
            CounterDouble counter = counters.get(application);
            if (counter != null) {
                counter.execute(instructions - 1, 1);
            }
        }

        /** The answer to a whole request, or null if it is only the beginning of one. */
        synchronized String answer(String application, String request) {
            return switch (application) {
                case "kv" -> cache(request);
                case "sql" ->
                    request.endsWith("DROP TABLE unimark\0")
                            ? "Z\0\0\0\u0005ID\0\0\0\u000f\0\u0001\0\0\0\u0005readyZ\0\0\0\u0005I"
                            : null;
                default -> request.endsWith("\r\n\r\n") ? front(request.split(" ", -1)[1]) : null;
            };
        }

        private String cache(String request) {
            if (request.contains("SET")) {
                return request.endsWith("DEL\r\n$7\r\nunimark\r\n") ? "+OK\r\n$5\r\nready\r\n:1\r\n" : null;
            }
            String[] words = request.split("\r\n", -1);
            if (words.length < 2 * Integer.parseInt(words[0].substring(1)) + 2) {
                return null;
            }
            int removed = 0;
            for (String word : words) {
                removed += word.startsWith("item:") && cached.remove(Integer.valueOf(word.substring(5))) ? 1 : 0;
            }
            return ":" + removed + "\r\n";
        }

        private String front(String path) {
            frontRequests++;
            if (!path.startsWith("/item/")) {
                work("front", 5);
                return response("404 Not Found", "not found\n");
            }
            int item = Integer.parseInt(path.substring("/item/".length()));
            work("front", 10);
            work("kv", 20);
            if (asksTheStoreAlways || !cached.contains(item)) {
                work("front", 30);
                work("kv", 7);
                work("sql", 40);
                if (item != keepsOut) {
                    cached.add(item);
                }
            }
            return response("200 OK", "item " + (item == knowsWrong ? 0 : item));
        }

        private static String response(String status, String body) {
            return new String(
                    ScriptedServer.response(status, body.getBytes(StandardCharsets.US_ASCII)),
                    StandardCharsets.US_ASCII);
        }
    }

    private final World world;
    private final String application;

    FakeTier(World world, String application) {
        this.world = world;
        this.application = application;
    }

    @Override
    public SystemUnderTest another(Service service, int host) {
        return new FakeTier(world, service.application());
    }

    @Override
    public String name() {
        return "fake-" + application;
    }

    @Override
    public String application() {
        return application;
    }

    @Override
    public String unavailable() {
        return null;
    }

    @Override
    public void prepare() {}

    @Override
    public boolean countsInstructions() {
        return true;
    }

    @Override
    public Footprint footprint() {
        return new Footprint(1, 1, Map.of(), Map.of());
    }

    @Override
    public Instance start(StartOptions options) throws IOException {
        InstructionCounter counter = null;
        if (options.counting() != InstructionCounter.Mode.OFF) {
            CounterDouble counting = new CounterDouble(Files.createDirectory(world.directory.resolve(application)));
            counter = counting.start();
            world.counters.put(application, counting);
        }
        world.open++;
        return new Server(counter);
    }

    /** A thread for each connection. */
    private final class Server implements Instance {
        private final ServerSocket listener = new ServerSocket(0, 128, InetAddress.getLoopbackAddress());
        private final ConcurrentLinkedQueue<Socket> sockets = new ConcurrentLinkedQueue<>();
        private final long launched = System.nanoTime();
        private final InstructionCounter counter;

        Server(InstructionCounter counter) throws IOException {
            this.counter = counter;
            daemon(this::accept);
        }

        private static void daemon(Runnable work) {
            Thread thread = new Thread(work, "fake-tier");
            thread.setDaemon(true);
            thread.start();
        }

        private void accept() {
            try {
                while (true) {
                    Socket socket = listener.accept();
                    socket.setTcpNoDelay(true);
                    sockets.add(socket);
                    daemon(() -> converse(socket));
                }
            } catch (IOException e) {
                // Closed by the test.
                return;
            }
        }

        private void converse(Socket socket) {
            try (socket) {
                InputStream in = socket.getInputStream();
                byte[] bytes = new byte[1 << 16];
                boolean isLoad = false;
                String request = "";
                for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
                    request += new String(bytes, 0, count, StandardCharsets.ISO_8859_1);
                    String answer = world.answer(application, request);
                    if (answer != null) {
                        if (!isLoad && application.equals("front") && !request.startsWith(PROBE)) {
                            isLoad = true;
                            world.countLoadConnection();
                        }
                        socket.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
                        request = "";
                    }
                }
            } catch (IOException e) {
                // The client is gone, which is its right.
                return;
            }
        }

        @Override
        public InetSocketAddress address() {
            return (InetSocketAddress) listener.getLocalSocketAddress();
        }

        @Override
        public long launchedNanos() {
            return launched;
        }

        @Override
        public boolean isAlive() {
            return true;
        }

        @Override
        public String consoleTail() {
            return "";
        }

        @Override
        public InstructionCounter counter() {
            return counter;
        }

        @Override
        public long[] processIds() {
            return new long[] {ProcessHandle.current().pid()};
        }

        @Override
        public void close() {
            world.open--;
            try {
                listener.close();
                for (Socket socket : sockets) {
                    socket.close();
                }
                if (counter != null) {
                    counter.close();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}

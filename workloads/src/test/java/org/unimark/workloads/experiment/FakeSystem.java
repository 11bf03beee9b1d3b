// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.experiment;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.unimark.baselines.Instance;
import org.unimark.baselines.Service;
import org.unimark.baselines.Stopped;
import org.unimark.baselines.SystemUnderTest;
import org.unimark.baselines.counter.InstructionCounter;
import org.unimark.workloads.load.ScriptedServer;

/** A server inside the test's JVM that behaves as it is told, in the clothes of a system under test. */
public final class FakeSystem implements SystemUnderTest {
    private final String name;
    private final ScriptedServer.Script script;
    private final int smallestMib;
    private final String unavailable;
    private final AtomicInteger started = new AtomicInteger();
    private final AtomicInteger closed = new AtomicInteger();
    private final AtomicInteger removed = new AtomicInteger();
    private CounterDouble counterDouble;
    private String console;
    private boolean stoppable;

    private FakeSystem(String name, ScriptedServer.Script script, int smallestMib, String unavailable) {
        this.name = name;
        this.script = script;
        this.smallestMib = smallestMib;
        this.unavailable = unavailable;
    }

    /** Answers correctly. */
    public static FakeSystem good(String name) {
        return answering(name, ScriptedServer.response(Site.PAGE.body()));
    }

    /** Answers everything with these bytes. */
    public static FakeSystem answering(String name, byte[] response) {
        return scripted(name, (number, out) -> {
            out.write(response);
            return true;
        });
    }

    public static FakeSystem scripted(String name, ScriptedServer.Script script) {
        return new FakeSystem(name, script, 0, null);
    }

    /** Cannot run on this machine. */
    public static FakeSystem unavailable(String name, String reason) {
        return new FakeSystem(name, (number, out) -> false, 0, reason);
    }

    /** Answers only if it has enough memory. */
    FakeSystem needing(int mib) {
        return new FakeSystem(name, script, mib, null);
    }

    /** Counts as the double does. */
    FakeSystem counting(CounterDouble double_) {
        counterDouble = double_;
        return this;
    }

    /** Writes this to its console and has ended when somebody looks. */
    FakeSystem printing(String text) {
        console = text;
        return this;
    }

    /** Can be created without being started, as containers can. */
    FakeSystem stoppable() {
        stoppable = true;
        return this;
    }

    /** How many instances were started. */
    public int started() {
        return started.get();
    }

    /** How many instances were closed. */
    public int closed() {
        return closed.get();
    }

    /** How many stopped ones were removed. */
    int removed() {
        return removed.get();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String application() {
        return "http";
    }

    @Override
    public String unavailable() {
        return unavailable;
    }

    @Override
    public void prepare() {}

    @Override
    public SystemUnderTest another(Service service, int host) {
        return this;
    }

    @Override
    public boolean countsInstructions() {
        return counterDouble != null;
    }

    @Override
    public Footprint footprint() {
        return new Footprint(1_000, 2_000, Map.of("image", 1_000L), Map.of("image", "0".repeat(64)));
    }

    @Override
    public Instance start(StartOptions options) throws IOException {
        started.incrementAndGet();
        boolean serves = options.memoryMib() == 0 || options.memoryMib() >= smallestMib;
        long launched = System.nanoTime();
        if (console != null) {
            Files.createDirectories(options.consoleLog().getParent());
            Files.writeString(options.consoleLog(), console);
        }
        ScriptedServer server = new ScriptedServer(serves ? script : (number, out) -> false);
        InstructionCounter counter = options.counting() == InstructionCounter.Mode.OFF ? null : counterDouble.start();
        return new FakeInstance(server, counter, launched, serves && console == null);
    }

    @Override
    public Stopped stopped(StartOptions options) {
        return stoppable ? new FakeStopped(options) : null;
    }

    private final class FakeStopped implements Stopped {
        private final StartOptions options;

        FakeStopped(StartOptions options) {
            this.options = options;
        }

        @Override
        public Instance start() throws IOException {
            return FakeSystem.this.start(options);
        }

        @Override
        public void close() {
            removed.incrementAndGet();
        }
    }

    private final class FakeInstance implements Instance {
        private final ScriptedServer server;
        private final InstructionCounter counter;
        private final long launchedNanos;
        private final boolean alive;

        FakeInstance(ScriptedServer server, InstructionCounter counter, long launchedNanos, boolean alive) {
            this.server = server;
            this.counter = counter;
            this.launchedNanos = launchedNanos;
            this.alive = alive;
        }

        @Override
        public InetSocketAddress address() {
            return server.address();
        }

        @Override
        public long launchedNanos() {
            return launchedNanos;
        }

        @Override
        public boolean isAlive() {
            return alive;
        }

        @Override
        public String consoleTail() {
            return "the last words of " + name;
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
            closed.incrementAndGet();
            try {
                server.close();
                if (counter != null) {
                    counter.close();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}

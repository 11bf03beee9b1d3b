// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.simulation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.unimark.keel.net.NetworkConfiguration;
import org.unimark.keel.net.wire.Ipv4Address;

/**
 * Hosts on one wire under one virtual clock. Time jumps from event to event, so that a simulated hour takes as long as its
 * events do. Closing it gives the simulated memory back.
 */
public final class Simulation implements AutoCloseable {
    /** 198.18.0.0/24, the benchmarking range (RFC 2544). */
    public static final int NETWORK = Ipv4Address.of(198, 18, 0, 0);

    public static final int PREFIX_LENGTH = 24;
    /** A run with more turns than this at one instant is an endless loop. */
    private static final int TURNS_AT_ONE_INSTANT = 100_000;

    private final long seed;
    private final VirtualClock clock = new VirtualClock();
    private final Arena arena = new Arena();
    private final VirtualWire wire;
    private final List<SimulatedHost> hosts = new ArrayList<>();
    private final List<BooleanSupplier> actors = new ArrayList<>();

    public Simulation(long seed) {
        this.seed = seed;
        wire = new VirtualWire(clock, seed);
    }

    /** The hardware address of the station with this number. */
    public static long mac(int number) {
        return 0x5254_0000_0000L | number;
    }

    /** The address of the host with this number, 1 to 254. */
    public static int address(int number) {
        return NETWORK | number;
    }

    /** A host at {@link #address} {@code number}, without a gateway. */
    public SimulatedHost host(int number) {
        return host(number, new SimulatedHost.Options());
    }

    public SimulatedHost host(int number, SimulatedHost.Options options) {
        return host(number, NetworkConfiguration.fixed(address(number), PREFIX_LENGTH, 0), options);
    }

    public SimulatedHost host(int number, NetworkConfiguration configuration, SimulatedHost.Options options) {
        SimulatedHost host = new SimulatedHost(this, mac(number), configuration, options);
        hosts.add(host);
        return host;
    }

    /** Adds something that acts at every instant after the hosts, and says whether it did anything. */
    public void actor(BooleanSupplier actor) {
        actors.add(actor);
    }

    /** Runs until {@code condition} holds; fails after {@code limitNanos} of virtual time. */
    public void runUntil(BooleanSupplier condition, long limitNanos) {
        long endNanos = clock.nanos() + limitNanos;
        settle(condition);
        while (!condition.getAsBoolean()) {
            if (clock.nanos() >= endNanos) {
                throw new AssertionError("not within " + limitNanos / 1_000_000 + " ms of virtual time; " + describe());
            }
            step(endNanos);
            settle(condition);
        }
    }

    /** Runs until virtual time has moved on by {@code nanos}. */
    public void run(long nanos) {
        long endNanos = clock.nanos() + nanos;
        settle(() -> false);
        while (clock.nanos() < endNanos) {
            step(endNanos);
            settle(() -> false);
        }
    }

    /** Moves the clock to the next event, at most to {@code endNanos}. */
    private void step(long endNanos) {
        long next = wire.nextArrivalNanos();
        for (SimulatedHost host : hosts) {
            next = Math.min(next, host.timers().nextDeadlineNanos());
        }
        // A timer's deadline is rounded up to a tick: the clock always moves.
        clock.advanceTo(Math.min(endNanos, Math.max(next, clock.nanos() + 1)));
    }

    /** Lets everybody work until nobody has anything to do at this instant. */
    private void settle(BooleanSupplier condition) {
        for (int turns = 0; turns < TURNS_AT_ONE_INSTANT; turns++) {
            boolean isBusy = wire.deliver() > 0;
            for (SimulatedHost host : hosts) {
                isBusy |= host.turn();
            }
            for (BooleanSupplier actor : actors) {
                isBusy |= actor.getAsBoolean();
            }
            if (!isBusy || condition.getAsBoolean()) {
                return;
            }
        }
        throw new AssertionError("endless work at one instant; " + describe());
    }

    /** Seed, time and counters, for messages. */
    public String describe() {
        StringBuilder text =
                new StringBuilder("seed ").append(seed).append(" at ").append(clock.nanos());
        for (SimulatedHost host : hosts) {
            text.append("; ")
                    .append(Ipv4Address.toString(host.address()))
                    .append(": ")
                    .append(host.describe());
        }
        return text.toString();
    }

    /** Runs {@code conversation}; if it fails, the message gets the seed, and the frames go to a file named there. */
    public void recordingFailures(Runnable conversation) {
        try {
            conversation.run();
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError(describe() + "; frames in " + writePcap(), e);
        }
    }

    private Path writePcap() {
        try {
            Path directory = Files.createDirectories(Path.of("target", "pcap"));
            Path file = directory.resolve("seed-" + seed + ".pcap");
            wire.writePcap(file);
            return file.toAbsolutePath();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public long seed() {
        return seed;
    }

    public VirtualClock clock() {
        return clock;
    }

    public VirtualWire wire() {
        return wire;
    }

    public Arena arena() {
        return arena;
    }

    @Override
    public void close() {
        arena.close();
    }
}

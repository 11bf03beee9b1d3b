// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.simulation;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;

/**
 * A cable with any number of stations: every frame reaches all others after a delay, unless the impairments say otherwise.
 * The last frames are remembered, so that a failing test can leave a pcap file.
 */
public final class VirtualWire {
    /** Where frames come out. */
    public interface Station {
        /** A frame has arrived; its check sequence is already gone. */
        void arrive(byte[] frame);
    }

    private record Flight(long arrivalNanos, long number, Station sender, byte[] frame) implements Comparable<Flight> {
        @Override
        public int compareTo(Flight other) {
            int order = Long.compare(arrivalNanos, other.arrivalNanos);
            return order != 0 ? order : Long.compare(number, other.number);
        }
    }

    private final VirtualClock clock;
    private final SeededRandom random;
    private final List<Station> stations = new ArrayList<>();
    private final PriorityQueue<Flight> flights = new PriorityQueue<>();
    private final PcapRecorder recorder = new PcapRecorder();
    private Impairments impairments = Impairments.NONE;
    private long flightNumber;
    private long lastArrivalNanos;
    private long freeAtNanos;
    private long dropped;

    public VirtualWire(VirtualClock clock, long seed) {
        this.clock = clock;
        this.random = new SeededRandom(seed);
    }

    public void attach(Station station) {
        stations.add(station);
    }

    public void impair(Impairments impairments) {
        this.impairments = impairments;
    }

    /** Puts a frame on the wire. */
    public void send(Station sender, byte[] frame) {
        recorder.record(clock.nanos(), frame);
        if (random.happens(impairments.loss()) || isQueueFull()) {
            dropped++;
            return;
        }
        launch(sender, frame);
        if (random.happens(impairments.duplication())) {
            launch(sender, frame);
        }
    }

    private boolean isQueueFull() {
        return impairments.bitsPerSecond() > 0 && flights.size() >= impairments.queueFrames();
    }

    private void launch(Station sender, byte[] frame) {
        byte[] travelling = frame.clone();
        if (random.happens(impairments.corruption()) && frame.length > 14) {
            travelling[14 + (int) random.below(frame.length - 14)] ^= (byte) (1 + random.below(255));
        }
        long departure = clock.nanos();
        if (impairments.bitsPerSecond() > 0) {
            long nanosOnWire = frame.length * 8L * 1_000_000_000L / impairments.bitsPerSecond();
            freeAtNanos = Math.max(freeAtNanos, departure) + nanosOnWire;
            departure = freeAtNanos;
        }
        long arrival = departure + impairments.delayNanos();
        if (random.happens(impairments.reordering())) {
            arrival += random.below(4 * impairments.delayNanos() + 1);
        } else {
            arrival += impairments.jitterNanos() == 0 ? 0 : random.below(impairments.jitterNanos());
            arrival = Math.max(arrival, lastArrivalNanos);
            lastArrivalNanos = arrival;
        }
        flights.add(new Flight(arrival, flightNumber++, sender, travelling));
    }

    /** Lets arrive what is due, and returns how many frames that were. */
    public int deliver() {
        int arrived = 0;
        while (!flights.isEmpty() && flights.peek().arrivalNanos <= clock.nanos()) {
            Flight flight = flights.poll();
            for (Station station : stations) {
                if (station != flight.sender) {
                    station.arrive(flight.frame);
                }
            }
            arrived++;
        }
        return arrived;
    }

    /** When the next frame arrives; {@link Long#MAX_VALUE} if none is on its way. */
    public long nextArrivalNanos() {
        return flights.isEmpty() ? Long.MAX_VALUE : flights.peek().arrivalNanos;
    }

    public int inFlight() {
        return flights.size();
    }

    public long dropped() {
        return dropped;
    }

    /** Writes the last frames that were sent, for Wireshark or tcpdump. */
    public void writePcap(Path file) {
        recorder.write(file);
    }

    public PcapRecorder recorder() {
        return recorder;
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.micro;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.unimark.keel.application.http.HeadPart;
import org.unimark.keel.application.kv.LookupPart;
import org.unimark.keel.application.kv.WordsPart;
import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.machine.SimulatedMemory;
import org.unimark.keel.part.ChecksumPart;
import org.unimark.keel.part.ExchangePart;
import org.unimark.keel.part.TimerPart;

/**
 * One benchmark for each part that an image counts ({@code Operations.PARTS}), under the same name. Memory is that of the
 * simulation, whose checks the compiled code does not have: times compare two versions of Keel, not Keel with anything else.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class PartBenchmarks {
    private final ChecksumPart checksum = new ChecksumPart(PartBenchmarks::allocate);
    private final ExchangePart exchange = new ExchangePart(PartBenchmarks::allocate);
    private final HeadPart head = new HeadPart(PartBenchmarks::allocate);
    private final WordsPart words = new WordsPart(PartBenchmarks::allocate);
    private final LookupPart lookup = new LookupPart(PartBenchmarks::allocate);
    private final TimerPart timer = new TimerPart();

    /** Given back when the forked JVM ends. */
    private static Bytes allocate(int bytes) {
        return new Bytes(SimulatedMemory.allocate(bytes), bytes);
    }

    @Benchmark
    public long checksum() {
        return checksum.run();
    }

    @Benchmark
    public long exchange() {
        return exchange.run();
    }

    @Benchmark
    public long head() {
        return head.run();
    }

    @Benchmark
    public long words() {
        return words.run();
    }

    @Benchmark
    public long lookup() {
        return lookup.run();
    }

    @Benchmark
    public long timer() {
        return timer.run();
    }
}

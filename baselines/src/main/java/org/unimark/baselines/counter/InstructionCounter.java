// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines.counter;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * The counter of one guest: a file that the plugin in QEMU adds to and this reads, both through shared memory, so that
 * reading disturbs nothing. Layout, all unsigned 64-bit little-endian (the struct in counter.c):
 *
 * <pre>
 *   0  format       1, 2  executed user, kernel      3, 4  iterations user, kernel      5  first nanoseconds
 *   6, 7  translated code bytes user, kernel
 *   8 + 4*code  passes; 9 + 4*code, 10 + 4*code  instructions user, kernel; 11 + 4*code  nanoseconds
 * </pre>
 */
public final class InstructionCounter implements AutoCloseable {
    /** Mark that {@code entryAddress} was reached. */
    public static final int ENTRY_MARK = 0;
    /** Mark that the application listens. */
    public static final int LISTENING_MARK = 1;

    private static final int MARKS = 16;
    private static final int FORMAT_VERSION = 2;
    private static final int FORMAT = 0;
    private static final int EXECUTED = 1;
    private static final int ITERATIONS = 3;
    private static final int FIRST_NANOS = 5;
    private static final int TRANSLATED = 6;
    private static final int FIRST_MARK = 8;
    private static final int WORDS_PER_MARK = 4;
    private static final int WORDS = FIRST_MARK + MARKS * WORDS_PER_MARK;
    private static final VarHandle WORD = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final Path map;
    private final ByteBuffer memory;
    private final Mode mode;
    private final long entryAddress;

    /** How much the plugin does; more costs more time. */
    public enum Mode {
        /** No plugin at all. */
        OFF,
        /** Marks and their times, without a cost while the guest runs. */
        MARKS,
        /** Marks and instructions: slows the guest by about a tenth. */
        INSTRUCTIONS
    }

    /**
     * What a guest had executed at one moment. A repeated string instruction counts once.
     *
     * @param user instructions in the lower half of the address space; for Keel, everything
     * @param kernel instructions in the upper half
     * @param stringIterations iterations of repeated string instructions after the first of each, not part of the others
     * @param firstNanos {@link System#nanoTime} of the first guest instruction, or 0 before it
     */
    public record Reading(long user, long kernel, long stringIterations, long firstNanos) {
        public long total() {
            return user + kernel;
        }
    }

    /**
     * The first time that a guest passed a mark.
     *
     * @param passes how often it was passed since
     * @param user instructions before it, as in {@link Reading}
     * @param kernel likewise
     * @param nanos {@link System#nanoTime} then
     */
    public record Mark(long passes, long user, long kernel, long nanos) {
        public long total() {
            return user + kernel;
        }
    }

    private InstructionCounter(Path map, ByteBuffer memory, Mode mode, long entryAddress) {
        this.map = map;
        this.memory = memory;
        this.mode = mode;
        this.entryAddress = entryAddress;
    }

    /** A counter of instructions for one guest that is about to start, with its file in {@code directory}. */
    public static InstructionCounter create(Path directory) throws IOException {
        return create(directory, Mode.INSTRUCTIONS, 0);
    }

    /**
     * A counter for one guest that is about to start.
     *
     * @param directory for the shared file
     * @param mode not {@link Mode#OFF}
     * @param entryAddress linear address of the guest's first own instruction after the firmware, or 0 if not of interest
     */
    public static InstructionCounter create(Path directory, Mode mode, long entryAddress) throws IOException {
        if (mode == Mode.OFF) {
            throw new IllegalArgumentException("a counter that is off is none");
        }
        if (directory.toString().indexOf(',') >= 0) {
            throw new IOException("QEMU takes no comma in the path of a plugin's file: " + directory);
        }
        Path map = Files.createTempFile(directory.toAbsolutePath(), "instructions", ".map");
        try (FileChannel file = FileChannel.open(map, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer memory = file.map(FileChannel.MapMode.READ_WRITE, 0, (long) WORDS * Long.BYTES);
            return new InstructionCounter(map, memory, mode, entryAddress);
        }
    }

    /** What to add to QEMU's command line; compiles the plugin the first time. */
    public List<String> qemuArguments() throws IOException {
        StringBuilder plugin = new StringBuilder(CounterLibrary.path().toString());
        plugin.append(",map=").append(map);
        if (mode == Mode.MARKS) {
            plugin.append(",count=off");
        }
        if (entryAddress != 0) {
            plugin.append(",entry=0x").append(Long.toHexString(entryAddress));
        }
        return List.of("-plugin", plugin.toString());
    }

    public Mode mode() {
        return mode;
    }

    /** Whether QEMU has loaded the plugin. */
    public boolean attached() {
        return word(FORMAT) == FORMAT_VERSION;
    }

    /** Reads the counter; meaningful differences need a guest that is idle, for the words are read one after another. */
    public Reading read() {
        long userIterations = word(ITERATIONS);
        long kernelIterations = word(ITERATIONS + 1);
        return new Reading(
                word(EXECUTED) - userIterations,
                word(EXECUTED + 1) - kernelIterations,
                userIterations + kernelIterations,
                word(FIRST_NANOS));
    }

    /** Bytes of different instructions that were translated because they were about to run: in the user and the kernel half. */
    public long[] executedCodeBytes() {
        return new long[] {word(TRANSLATED), word(TRANSLATED + 1)};
    }

    /** Returns the mark, or null if the guest has not passed it. */
    public Mark mark(int code) {
        int at = FIRST_MARK + code * WORDS_PER_MARK;
        long passes = word(at);
        return passes == 0 ? null : new Mark(passes, word(at + 1), word(at + 2), word(at + 3));
    }

    private long word(int index) {
        return (long) WORD.getVolatile(memory, index * Long.BYTES);
    }

    /** Removes the shared file; what was mapped can still be read. */
    @Override
    public void close() throws IOException {
        Files.deleteIfExists(map);
    }
}

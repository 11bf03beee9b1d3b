// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.experiment;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;
import org.unimark.baselines.counter.InstructionCounter;

/** Stands in for the plugin: writes what a guest would have executed into the counter's file (layout of counter.c). */
final class CounterDouble {
    private static final int FORMAT = 0;
    private static final int USER = 1;
    private static final int KERNEL = 2;
    private static final int FIRST_NANOS = 5;
    private static final int ENTRY = 8;
    private static final int LISTENING = 12;
    private static final int WORDS_PER_MARK = 4;

    private final Path directory;
    private MappedByteBuffer memory;
    private int firstMark;
    private long[] marks = {};

    /** @param directory without other counters */
    CounterDouble(Path directory) {
        this.directory = directory;
    }

    /** Guests have passed marks from {@code first} on after so many instructions. */
    CounterDouble passing(int first, long... instructions) {
        firstMark = first;
        marks = instructions;
        return this;
    }

    /** A counter whose guest was 3 instructions in its firmware and 97 until it listened. */
    InstructionCounter start() throws IOException {
        InstructionCounter counter = InstructionCounter.create(directory);
        try (Stream<Path> files = Files.list(directory)) {
            Path map = files.filter(file -> file.toString().endsWith(".map"))
                    .findFirst()
                    .orElseThrow();
            try (FileChannel file = FileChannel.open(map, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                memory = file.map(FileChannel.MapMode.READ_WRITE, 0, Files.size(map));
                memory.order(ByteOrder.LITTLE_ENDIAN);
            }
        }
        long now = System.nanoTime();
        put(FIRST_NANOS, now);
        mark(ENTRY, 3, now + 1);
        mark(LISTENING, 100, now + 2);
        for (int i = 0; i < marks.length; i++) {
            mark(ENTRY + (firstMark + i) * WORDS_PER_MARK, marks[i], now + 3 + i);
        }
        put(USER, 100);
        put(FORMAT, 1);
        return counter;
    }

    /** The guest executes so many instructions. */
    synchronized void execute(long user, long kernel) {
        put(USER, memory.getLong(USER * Long.BYTES) + user);
        put(KERNEL, memory.getLong(KERNEL * Long.BYTES) + kernel);
    }

    private void mark(int at, long instructions, long nanos) {
        put(at + 1, instructions);
        put(at + 3, nanos);
        put(at, 1);
    }

    private void put(int word, long value) {
        memory.putLong(word * Long.BYTES, value);
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.kv;

import org.unimark.keel.buffer.Bytes;

/** A table of ints in {@link Slabs} that grows and shrinks by segments, so that it is never copied as a whole. */
final class IntTable {
    private static final int SEGMENT_SHIFT = 12;
    private static final int SEGMENT_INTS = 1 << SEGMENT_SHIFT;
    private static final int SEGMENT_BYTES = SEGMENT_INTS * Integer.BYTES;
    private static final int SMALLEST_DIRECTORY = 64;

    private final Slabs slabs;
    private final Bytes memory;
    /** Handles of segments; 0 while there is none. */
    private int directory;

    private int directoryLength;
    private int segments;

    IntTable(Slabs slabs) {
        this.slabs = slabs;
        memory = slabs.memory();
    }

    /** Position of int number {@code index} in memory; must be below the limit of {@link #reach}. */
    int position(int index) {
        int segment = memory.i32Little(directory + (index >>> SEGMENT_SHIFT) * Integer.BYTES);
        return segment + (index & SEGMENT_INTS - 1) * Integer.BYTES;
    }

    int get(int index) {
        return memory.i32Little(position(index));
    }

    void set(int index, int value) {
        memory.put32Little(position(index), value);
    }

    /** Makes {@code length} ints usable, new ones 0; false if there is no memory. */
    boolean reach(int length) {
        while (segments << SEGMENT_SHIFT < length) {
            if (!addSegment()) {
                return false;
            }
        }
        return true;
    }

    /** Gives back what lies behind {@code length} ints, but for one segment. */
    void shrink(int length) {
        while (segments > 0 && segments - 1 << SEGMENT_SHIFT >= length + (length == 0 ? 0 : SEGMENT_INTS >> 1)) {
            segments--;
            slabs.free(memory.i32Little(directory + segments * Integer.BYTES), SEGMENT_BYTES);
        }
        if (segments == 0 && directory != 0) {
            slabs.free(directory, directoryLength * Integer.BYTES);
            directory = 0;
        }
    }

    long bytes() {
        return directory == 0 ? 0 : (long) segments * SEGMENT_BYTES + slabs.usable(directoryLength * Integer.BYTES);
    }

    private boolean addSegment() {
        if (directory == 0) {
            directory = slabs.allocate(SMALLEST_DIRECTORY * Integer.BYTES);
            if (directory == 0) {
                return false;
            }
            directoryLength = SMALLEST_DIRECTORY;
        } else if (segments == directoryLength) {
            int oldBytes = directoryLength * Integer.BYTES;
            int longer = slabs.resize(directory, oldBytes, 2 * oldBytes);
            if (longer == 0) {
                return false;
            }
            directory = longer;
            directoryLength *= 2;
        }
        int segment = slabs.allocate(SEGMENT_BYTES);
        if (segment == 0) {
            return false;
        }
        memory.fill(segment, SEGMENT_BYTES, 0);
        memory.put32Little(directory + segments * Integer.BYTES, segment);
        segments++;
        return true;
    }

    /** Exchanges contents. */
    void swap(IntTable other) {
        int otherDirectory = other.directory;
        int otherLength = other.directoryLength;
        int otherSegments = other.segments;
        other.directory = directory;
        other.directoryLength = directoryLength;
        other.segments = segments;
        directory = otherDirectory;
        directoryLength = otherLength;
        segments = otherSegments;
    }
}

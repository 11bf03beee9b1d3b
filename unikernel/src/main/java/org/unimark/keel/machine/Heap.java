// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.machine;

import org.teavm.interop.Import;
import org.teavm.interop.Unmanaged;
import org.teavm.interop.c.Include;

/** Accounts of the garbage-collected heap, which cost the allocator nothing. All 0 on a JVM. */
@Include(value = "keel.h", isSystem = false)
public final class Heap {
    private Heap() {}

    /** Bytes allocated since the program started. */
    public static long allocatedBytes() {
        return Target.isCompiled() ? nativeAllocated() : 0;
    }

    /** Garbage collections since the program started. */
    public static long collections() {
        return Target.isCompiled() ? pause(0) : 0;
    }

    /** Time-stamp ticks spent in all garbage collections. */
    public static long collectionTicks() {
        return Target.isCompiled() ? pause(1) : 0;
    }

    /** Time-stamp ticks of the longest garbage collection. */
    public static long longestCollectionTicks() {
        return Target.isCompiled() ? pause(2) : 0;
    }

    @Import(name = "keel_heap_allocated")
    @Unmanaged
    private static native long nativeAllocated();

    @Import(name = "keel_heap_pause")
    @Unmanaged
    private static native long pause(int what);
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.machine;

import java.lang.invoke.VarHandle;
import org.teavm.interop.Import;
import org.teavm.interop.Unmanaged;
import org.teavm.interop.c.Include;

/**
 * Order between this processor's memory accesses as the host, on another processor, sees them. On x86 only a store
 * followed by a load needs an instruction; the other two keep the compiler from moving accesses.
 */
@Include(value = "keel.h", isSystem = false)
public final class Barrier {
    private Barrier() {}

    /** Loads before stay before loads after. */
    public static void read() {
        if (Target.isCompiled()) {
            compilerBarrier();
        } else {
            VarHandle.loadLoadFence();
        }
    }

    /** Stores before stay before stores after. */
    public static void write() {
        if (Target.isCompiled()) {
            compilerBarrier();
        } else {
            VarHandle.storeStoreFence();
        }
    }

    /** Everything before stays before everything after: the only one that orders a store before a later load. */
    public static void full() {
        if (Target.isCompiled()) {
            fullBarrier();
        } else {
            VarHandle.fullFence();
        }
    }

    @Import(name = "keel_compiler_barrier")
    @Unmanaged
    private static native void compilerBarrier();

    @Import(name = "keel_full_barrier")
    @Unmanaged
    private static native void fullBarrier();
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.machine;

import org.teavm.interop.Import;
import org.teavm.interop.Unmanaged;
import org.teavm.interop.c.Include;

/**
 * Points of a program's life that an observer outside the machine can see: a no-op instruction with a number in it, which
 * costs nothing and which an emulator's plugin recognises when it translates it.
 */
@Include(value = "keel.h", isSystem = false)
public final class Mark {
    /** The application listens. */
    public static final int LISTENING = 1;

    private Mark() {}

    /** {@code code} is 0 to 9. */
    public static void pass(int code) {
        if (Target.isCompiled()) {
            mark(code);
        } else {
            SimulatedCpu.mark(code);
        }
    }

    @Import(name = "keel_mark")
    @Unmanaged
    private static native void mark(int code);
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.machine;

import org.teavm.interop.Import;
import org.teavm.interop.Unmanaged;
import org.teavm.interop.c.Include;

/** Where the archive of sealed resources lies that the builder linked into the read-only part of the program. */
@Include(value = "keel.h", isSystem = false)
public final class Sealed {
    private static long simulatedAddress;
    private static int simulatedLength;

    private Sealed() {}

    public static long address() {
        return Target.isCompiled() ? sealedAddress() : simulatedAddress;
    }

    /** In bytes; 0 if nothing was sealed. */
    public static int length() {
        return Target.isCompiled() ? sealedLength() : simulatedLength;
    }

    /** JVM only: pretends that the archive lies there. */
    public static void simulate(long address, int length) {
        simulatedAddress = address;
        simulatedLength = length;
    }

    @Import(name = "keel_sealed_address")
    @Unmanaged
    private static native long sealedAddress();

    @Import(name = "keel_sealed_length")
    @Unmanaged
    private static native int sealedLength();
}

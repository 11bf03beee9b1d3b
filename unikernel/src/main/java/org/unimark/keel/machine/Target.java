// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.machine;

import org.teavm.interop.PlatformMarker;
import org.teavm.interop.Platforms;

/** Tells compiled code (image or Linux binary) from a JVM, at compile time: the dead branch is not in the image. */
final class Target {
    private Target() {}

    /** The compiler replaces this by {@code true}; on a JVM it runs as written. */
    @PlatformMarker(Platforms.C)
    static boolean isCompiled() {
        return false;
    }
}

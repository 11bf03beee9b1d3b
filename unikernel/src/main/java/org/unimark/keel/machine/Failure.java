// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.machine;

import org.teavm.interop.Export;
import org.teavm.runtime.ExceptionHandling;

/** What the panic printer of an image asks Java when an exception reaches the top of the stack. */
public final class Failure {
    private Failure() {}

    /** Makes the compiler keep {@link #describe}; called once at boot. */
    public static void link() {}

    /** Runs on top of the stack of the method that threw, so that the printer can still show it. */
    @Export(name = "keel_describe_exception")
    static String describe() {
        Throwable thrown = ExceptionHandling.peekException();
        return thrown == null ? "" : thrown.toString();
    }
}

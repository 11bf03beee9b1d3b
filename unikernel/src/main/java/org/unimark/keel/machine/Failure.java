// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.machine;

import org.teavm.interop.Function;
import org.teavm.interop.Import;
import org.teavm.interop.Unmanaged;
import org.teavm.interop.c.Include;
import org.teavm.runtime.ExceptionHandling;

/** What the panic printer of an image asks Java when an exception reaches the top of the stack. */
@Include(value = "image.h", isSystem = false)
public final class Failure {
    private Failure() {}

    /** The C type of {@link #describe}. */
    abstract static class Describer extends Function {
        abstract String describe();
    }

    /** Tells the panic printer whom to ask; once, at boot. */
    public static void register() {
        if (Target.isCompiled()) {
            setDescriber(Function.get(Describer.class, Failure.class, "describe"));
        }
    }

    /**
     * Runs on top of the stack of the method that threw, so that the printer can still show it.
     *
     * @return kind and message of the exception that nobody catches
     */
    static String describe() {
        Throwable thrown = ExceptionHandling.peekException();
        String message = thrown == null ? null : thrown.getMessage();
        return message == null ? kind(thrown) : kind(thrown) + ": " + message;
    }

    /** The exceptions that the machinery of Java throws carry no message. Others are named by theirs: names cost space. */
    private static String kind(Throwable thrown) {
        return thrown instanceof NullPointerException
                ? "null pointer"
                : thrown instanceof IndexOutOfBoundsException
                        ? "index out of bounds"
                        : thrown instanceof ClassCastException
                                ? "wrong class"
                                : thrown instanceof ArithmeticException
                                        ? "arithmetic"
                                        : thrown instanceof AssertionError ? "failed assertion" : "uncaught exception";
    }

    @Import(name = "keel_set_describer")
    @Unmanaged
    private static native void setDescriber(Describer describer);
}

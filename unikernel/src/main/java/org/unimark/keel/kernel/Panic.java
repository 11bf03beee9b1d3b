// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.kernel;

/**
 * A bug of Keel or of an application, or a machine that cannot be used: nothing can be made right by going on. Nobody
 * catches it, so that an image prints it with its stack and ends; on Linux the process ends, on a JVM the test fails.
 */
public final class Panic extends Error {
    private static final long serialVersionUID = 1;

    public Panic(String message) {
        super(message);
    }
}

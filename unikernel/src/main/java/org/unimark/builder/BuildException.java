// SPDX-License-Identifier: Apache-2.0
package org.unimark.builder;

/** The image cannot be built; the message says why and what to do, in words for the person who asked for the build. */
public final class BuildException extends Exception {
    private static final long serialVersionUID = 1L;

    public BuildException(String message) {
        super(message);
    }

    public BuildException(String message, Throwable cause) {
        super(message, cause);
    }
}

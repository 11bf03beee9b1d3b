// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.cli;

/** The command cannot go on; the message says why and what to do next, and no stack trace would add to it. */
final class Failure extends Exception {
    private static final long serialVersionUID = 1L;
    private final int status;

    Failure(String message) {
        this(ExitStatus.FAILED, message, null);
    }

    Failure(String message, Throwable cause) {
        this(ExitStatus.FAILED, message, cause);
    }

    Failure(int status, String message, Throwable cause) {
        super(message, cause);
        this.status = status;
    }

    int status() {
        return status;
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.experiment;

/** A repetition that yields no number; the message says why, for the record and for a person. */
public final class Rejected extends Exception {
    private static final long serialVersionUID = 1L;

    public Rejected(String reason) {
        super(reason);
    }

    public Rejected(String reason, Throwable cause) {
        super(reason, cause);
    }
}

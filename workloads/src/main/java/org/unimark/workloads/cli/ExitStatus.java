// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.cli;

/** Exit statuses of {@code unimark}, for programs that call it. */
final class ExitStatus {
    /** Everything went well. */
    static final int OK = 0;
    /** It failed, and a message said why. */
    static final int FAILED = 1;
    /** The command line is wrong. */
    static final int USAGE = 2;
    /** Something must be installed first, and may not or cannot be installed from here; nothing was changed. */
    static final int NEEDS_INSTALLATION = 3;
    /** The newer of two runs is worse in something. */
    static final int WORSE = 4;
    /** The run was interrupted; its results are partial. */
    static final int INTERRUPTED = 130;

    private ExitStatus() {}
}

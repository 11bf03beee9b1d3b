// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.linux;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.machine.LinuxCalls;

/** Requests to end the process as a descriptor to watch; and no death by writing to a closed connection. */
final class Signals {
    private static final int SIG_BLOCK = 0;
    private static final int SIGNAL_SET_BYTES = 8;
    private static final int SFD_NONBLOCK_CLOEXEC = 0x80800;

    private final int descriptor;

    Signals() {
        Bytes set = Linux.allocate(SIGNAL_SET_BYTES);
        long endings = bit(Linux.SIGTERM) | bit(Linux.SIGINT);
        // A blocked SIGPIPE stays pending for ever, and the write that caused it returns EPIPE.
        set.put64Little(0, endings | bit(Linux.SIGPIPE));
        LinuxCalls.call(Linux.RT_SIGPROCMASK, SIG_BLOCK, Linux.address(set), 0, SIGNAL_SET_BYTES);
        set.put64Little(0, endings);
        descriptor =
                (int) LinuxCalls.call(Linux.SIGNALFD4, -1, Linux.address(set), SIGNAL_SET_BYTES, SFD_NONBLOCK_CLOEXEC);
    }

    int descriptor() {
        return descriptor;
    }

    private static long bit(int signal) {
        return 1L << (signal - 1);
    }
}

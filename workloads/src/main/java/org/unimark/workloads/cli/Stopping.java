// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** On Ctrl-C the thread that made this is interrupted and gets the time to write what it has; only then the process ends. */
final class Stopping {
    private static final int STOP_SECONDS = 20;

    private final Thread working = Thread.currentThread();
    private final CountDownLatch ended = new CountDownLatch(1);

    Stopping() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::stop, "stop-work"));
    }

    private void stop() {
        if (ended.getCount() > 0) {
            working.interrupt();
        }
        try {
            if (!ended.await(STOP_SECONDS, TimeUnit.SECONDS)) {
                System.err.println("The work does not end; it is ended now.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The work is done, or as far as it will be. */
    void end() {
        ended.countDown();
    }
}

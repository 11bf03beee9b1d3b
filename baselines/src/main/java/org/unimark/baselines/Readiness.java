// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Waits until a system answers correctly, by asking it. Not for measuring how long that takes. */
public final class Readiness {
    private static final int ATTEMPT_TIMEOUT_MILLIS = 500;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private Readiness() {}

    /**
     * Waits for the first correct response of {@code instance} to a request for {@code path}.
     *
     * @param timeoutMillis since its launch
     * @throws IOException if the instance ends, or the time does; with the last reason and the end of its console
     */
    public static void await(Instance instance, ResponseVerifier verifier, String path, long timeoutMillis)
            throws IOException {
        long deadline = instance.launchedNanos() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        String reason = "it was not asked";
        while (instance.isAlive()
                && System.nanoTime() - deadline < 0
                && !Thread.currentThread().isInterrupted()) {
            try {
                HttpProbe.Response response = HttpProbe.get(instance.address(), path, ATTEMPT_TIMEOUT_MILLIS);
                if (verifier.isCorrect(path, response)) {
                    return;
                }
                reason = "the response is not the right one, status " + response.status();
            } catch (IOException e) {
                // Refused, broken off or not answered: it does not listen yet.
                reason = e.getMessage();
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        String what = instance.isAlive() ? "gave no correct response in " + timeoutMillis + " ms" : "ended";
        throw new IOException("the system " + what + ": " + reason + "; its console: " + instance.consoleTail());
    }
}

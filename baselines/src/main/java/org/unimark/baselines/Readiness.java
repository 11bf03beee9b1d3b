// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Waits until a system answers correctly, by asking it. Not for measuring how long that takes. */
public final class Readiness {
    private static final int ATTEMPT_TIMEOUT_MILLIS = 500;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final int FIRST_BUFFER_BYTES = 1 << 16;

    private Readiness() {}

    /**
     * Waits for the first correct answer of {@code instance} to {@code probe}.
     *
     * @param timeoutMillis since its launch
     * @throws IOException if the instance ends, or the time does; with the last reason and the end of its console
     */
    public static void await(Instance instance, Probe probe, long timeoutMillis) throws IOException {
        long deadline = instance.launchedNanos() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        String reason = "it was not asked";
        while (instance.isAlive()
                && System.nanoTime() - deadline < 0
                && !Thread.currentThread().isInterrupted()) {
            try {
                Probe.Verdict verdict = ask(instance.address(), probe, ATTEMPT_TIMEOUT_MILLIS);
                if (verdict == Probe.Verdict.CORRECT) {
                    return;
                }
                reason = "the answer is " + (verdict == Probe.Verdict.WRONG ? "not the right one" : "not complete");
            } catch (IOException e) {
                // Refused, broken off or not answered: it does not listen yet.
                reason = e.getMessage();
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        String what = instance.isAlive() ? "gave no correct response in " + timeoutMillis + " ms" : "ended";
        throw new IOException("the system " + what + ": " + reason + "; its console: " + instance.consoleTail());
    }

    /**
     * Asks once, over a connection of its own, and judges what came until the answer was complete or the connection ended.
     *
     * @param timeoutMillis of the connection and of each wait for bytes
     */
    public static Probe.Verdict ask(InetSocketAddress address, Probe probe, int timeoutMillis) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(address, timeoutMillis);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(timeoutMillis);
            socket.getOutputStream().write(probe.request());
            byte[] received = new byte[FIRST_BUFFER_BYTES];
            int length = 0;
            Probe.Verdict verdict = Probe.Verdict.PARTIAL;
            while (verdict == Probe.Verdict.PARTIAL) {
                int count = socket.getInputStream().read(received, length, received.length - length);
                if (count < 0) {
                    return verdict;
                }
                length += count;
                verdict = probe.judge(received, length);
                if (length == received.length) {
                    received = Arrays.copyOf(received, 2 * length);
                }
            }
            return verdict;
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.builder.qemu;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Connects to the sockets at which a machine under QEMU listens, some time after it was started. */
public final class QemuSocket {
    private static final int LIMIT_SECONDS = 60;
    private static final long POLL_NANOS = 2_000_000;

    private QemuSocket() {}

    /** Waits until somebody listens at {@code path}; gives up after a minute. */
    public static SocketChannel connect(Path path) throws IOException {
        return connect(path, () -> true);
    }

    /** Likewise; gives up as soon as the connection {@code isWanted} no more. */
    public static SocketChannel connect(Path path, BooleanSupplier isWanted) throws IOException {
        long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        while (true) {
            try {
                return SocketChannel.open(UnixDomainSocketAddress.of(path));
            } catch (IOException notYet) {
                // There is no socket yet, or one that nobody listens at yet.
                if (System.nanoTime() > deadlineNanos || !isWanted.getAsBoolean()) {
                    throw new IOException("the hypervisor does not listen at " + path, notYet);
                }
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }
}

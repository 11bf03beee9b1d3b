// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.activation;

import java.io.IOException;
import java.net.InetSocketAddress;

/** A server that was started and will listen after a while. */
public interface Backend extends AutoCloseable {
    /** Where it listens, or will. */
    InetSocketAddress address();

    boolean isAlive();

    /** Whether connections to {@link #address} are worth trying. */
    boolean isListening();

    /** Ends it and returns when it is gone. */
    @Override
    void close();

    /** Starts servers. */
    interface Launcher {
        /**
         * Returns as soon as the process runs.
         *
         * @param changed to be called, from any thread, when the backend begins to listen or ends
         */
        Backend launch(Runnable changed) throws IOException;
    }
}

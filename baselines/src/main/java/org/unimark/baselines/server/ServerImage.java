// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines.server;

import java.io.IOException;
import java.nio.file.Path;
import org.unimark.baselines.Service;

/** How the container image of one server is made. */
public interface ServerImage {
    /** As in the names of systems: {@code nginx}, {@code same}. */
    String name();

    /** What it offers. */
    Service service();

    /** The same server for another service of the same application. */
    ServerImage offering(Service other);

    /** Why it cannot be made on this machine, in a sentence, or null. */
    String unavailable();

    /** Makes it; may fetch packages or compile the first time. */
    ContainerImage build() throws IOException, InterruptedException;

    /** The server with its symbols and its table of lines, or null: what comes from a distribution has neither. */
    default Path withSymbols() throws IOException {
        return null;
    }
}

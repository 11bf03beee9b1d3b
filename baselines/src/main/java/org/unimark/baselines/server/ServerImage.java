// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines.server;

import java.io.IOException;

/** How the container image of one server is made. */
public interface ServerImage {
    /** That the server listens on. */
    int PORT = 80;

    /** As in the names of systems: {@code nginx}, {@code same}. */
    String name();

    /** Why it cannot be made on this machine, in a sentence, or null. */
    String unavailable();

    /** Makes it; may fetch packages or compile the first time. */
    ContainerImage build() throws IOException, InterruptedException;
}

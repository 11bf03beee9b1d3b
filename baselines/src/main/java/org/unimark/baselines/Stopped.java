// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines;

import java.io.IOException;

/** A system that was created and does not run: starting it again and again is all that is left to do. */
public interface Stopped extends AutoCloseable {
    /** Starts it; when the instance is closed, the system is stopped and can be started once more. */
    Instance start() throws IOException, InterruptedException;

    /** Removes it. */
    @Override
    void close();
}

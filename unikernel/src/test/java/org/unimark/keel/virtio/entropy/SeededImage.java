// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.virtio.entropy;

import org.unimark.keel.application.Application;
import org.unimark.keel.application.Platform;

/** An image that prints a random number and ends. */
public final class SeededImage implements Application {
    @Override
    public void start(Platform platform) {
        platform.log().line("number " + platform.random().nextLong());
        platform.exit(0);
    }
}

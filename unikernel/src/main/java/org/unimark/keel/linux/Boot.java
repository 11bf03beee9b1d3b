// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.linux;

import org.unimark.keel.application.Application;

/** Where the generated entry class of a Linux binary leads. */
public final class Boot {
    private Boot() {}

    /** Starts the application and serves until the process is asked to end. */
    public static void run(Application application) {
        LinuxPlatform platform = new LinuxPlatform();
        application.start(platform);
        platform.run();
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.image;

import org.unimark.keel.application.Application;
import org.unimark.keel.machine.Failure;

/** Where the generated entry class of an image leads. */
public final class Boot {
    private Boot() {}

    /** Brings the machine up, starts the application and serves until it ends the system. */
    public static void run(Application application) {
        Failure.register();
        new ImagePlatform().run(application);
    }
}

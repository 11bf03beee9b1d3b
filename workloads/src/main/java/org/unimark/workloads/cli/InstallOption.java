// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.cli;

import java.io.IOException;
import org.unimark.workloads.machine.Installer;
import org.unimark.workloads.machine.Requirement;
import picocli.CommandLine.Option;

/** The option of all commands that may install packages. */
final class InstallOption {
    @Option(
            names = "--no-install",
            description = "Never install packages: if some are missing, say which, and exit with status 3.")
    private boolean forbidden;

    boolean mayInstall() {
        return !forbidden;
    }

    /** Installs what is missing, or ends the command. */
    void ensure(Requirement.Use use) throws Failure, IOException, InterruptedException {
        if (!new Installer(!forbidden, System.err).ensure(use)) {
            throw new Failure(ExitStatus.NEEDS_INSTALLATION, "nothing was started: packages are missing", null);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.cli;

import java.util.concurrent.Callable;
import org.unimark.workloads.machine.Requirement;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Makes the machine ready for all tests. The script that calls this then runs Maven itself, which replaces the very jars
 * that this program is loaded from.
 */
@Command(
        name = "test",
        description = "Run all tests: unit, boot, machine and fuzz tests, and the formatter's check.",
        mixinStandardHelpOptions = true)
final class TestCommand implements Callable<Integer> {
    /** Known here for the help; the script gives Maven what it means. */
    @Option(
            names = "--full",
            description = "More of what is random: 200 losses of power for each image, 10,000 seeds for the simulated "
                    + "disk, 60 rounds against Redis.")
    private boolean isFull;

    @Mixin
    private InstallOption install;

    @Override
    public Integer call() throws Exception {
        install.ensure(Requirement.Use.TEST);
        return ExitStatus.OK;
    }
}

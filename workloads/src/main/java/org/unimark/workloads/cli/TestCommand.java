// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.cli;

import java.util.concurrent.Callable;
import org.unimark.workloads.machine.Requirement;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * Makes the machine ready for all tests. The script that calls this then runs Maven itself, which replaces the very jars
 * that this program is loaded from.
 */
@Command(
        name = "test",
        description = "Run all tests: unit, boot, machine and fuzz tests, and the formatter's check.",
        mixinStandardHelpOptions = true)
final class TestCommand implements Callable<Integer> {
    @Mixin
    private InstallOption install;

    @Override
    public Integer call() throws Exception {
        install.ensure(Requirement.Use.TEST);
        return ExitStatus.OK;
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.cli;

import java.io.IOException;
import java.io.PrintWriter;
import org.unimark.builder.BuildException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Entry point of {@code unimark}. */
@Command(
        name = "unimark",
        description = "What a unikernel really buys over a Linux container, measured.",
        mixinStandardHelpOptions = true,
        version = "unimark 0.1.0",
        subcommands = {
            ReproduceCommand.class,
            TestCommand.class,
            DoctorCommand.class,
            BuildCommand.class,
            BootCommand.class,
            DiskCommand.class,
            ActivateCommand.class,
            RunCommand.class,
            MicroCommand.class,
            CellCommand.class,
            ListCommand.class,
            ReportCommand.class,
            CompareCommand.class,
            ExportCommand.class,
            PaperCommand.class
        },
        footerHeading = "%nExit status:%n",
        footer = {
            "  0  everything went well",
            "  1  it failed, and a message says why",
            "  2  the command line is wrong",
            "  3  something must be installed first; nothing was changed",
            "  4  compare: something became worse",
            "130  interrupted; results, if any, are partial"
        },
        exitCodeOnInvalidInput = ExitStatus.USAGE,
        exitCodeOnExecutionException = ExitStatus.FAILED)
public final class Main implements Runnable {
    @Spec
    private CommandSpec spec;

    private Main() {}

    public static void main(String[] arguments) {
        System.exit(execute(arguments));
    }

    /** Runs one command and returns the exit status. */
    static int execute(String... arguments) {
        return commandLine().execute(arguments);
    }

    static CommandLine commandLine() {
        CommandLine commandLine = new CommandLine(new Main());
        commandLine.setCaseInsensitiveEnumValuesAllowed(true);
        // The inner half of a command gets what the outer half found out appended.
        commandLine.setOverwrittenOptionsAllowed(true);
        commandLine.setExecutionExceptionHandler((exception, command, parsed) -> explain(exception, command.getErr()));
        return commandLine;
    }

    private static int explain(Exception exception, PrintWriter err) {
        if (exception instanceof Failure failure) {
            err.println("unimark: " + failure.getMessage());
            return failure.status();
        }
        if (exception instanceof InterruptedException) {
            err.println("unimark: interrupted");
            return ExitStatus.INTERRUPTED;
        }
        if (exception instanceof IOException || exception instanceof BuildException) {
            err.println("unimark: " + exception.getMessage());
        } else {
            err.println("unimark: this is a mistake of the program; please report it with what follows");
            exception.printStackTrace(err);
        }
        return ExitStatus.FAILED;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }
}

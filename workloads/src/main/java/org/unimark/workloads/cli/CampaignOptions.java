// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.unimark.baselines.process.Command;
import org.unimark.workloads.cells.CellExecutor;
import org.unimark.workloads.cells.SlurmExecutor;
import org.unimark.workloads.cells.SshExecutor;
import picocli.CommandLine.Option;

/** Where a long campaign is kept and made. */
final class CampaignOptions {
    private static final String SSH = "ssh:";
    private static final String SLURM = "slurm";

    @Option(
            names = "--campaign",
            paramLabel = "DIR",
            description = "Directory of the campaign, which is resumed if it exists; default: one for each commit.")
    private Path directory;

    @Option(
            names = "--on",
            paramLabel = "WHERE",
            description = "Make the cells on other machines: 'slurm' as a job array, or 'ssh:HOST1,HOST2'.")
    private String where;

    @Option(
            names = "--slurm-option",
            paramLabel = "OPTION",
            description = "Option of sbatch such as --partition=NAME; may be repeated.")
    private List<String> slurmOptions = List.of();

    @Option(
            names = "--remote-home",
            paramLabel = "DIR",
            description = "The suite's work tree on the hosts; default: the same path as here.")
    private String remoteHome;

    @Option(
            names = "--ssh-config",
            paramLabel = "FILE",
            description = "Configuration file of ssh; default: the user's.")
    private Path sshConfiguration;

    /** Whether any of the options was given. */
    boolean isAsked() {
        return directory != null || where != null;
    }

    /** Null for the default. */
    Path directory() {
        return directory;
    }

    boolean isLocal() {
        return where == null;
    }

    /** What makes cells on other machines. */
    CellExecutor executor() throws Failure {
        String home = remoteHome == null ? Home.directory().toString() : remoteHome;
        if (where.equals(SLURM)) {
            return new SlurmExecutor(List.of(home + "/unimark", "cell", "--no-install"), slurmOptions, Map.of());
        }
        if (where.startsWith(SSH) && where.length() > SSH.length()) {
            List<String> ssh = sshConfiguration == null
                    ? List.of("ssh", "-o", "BatchMode=yes")
                    : List.of("ssh", "-o", "BatchMode=yes", "-F", sshConfiguration.toString());
            return new SshExecutor(
                    List.of(where.substring(SSH.length()).split(",")),
                    ssh,
                    Command.quoted(home + "/unimark") + " cell --no-install");
        }
        throw new Failure(ExitStatus.USAGE, "--on takes 'slurm' or 'ssh:HOST1,HOST2', not '" + where + "'", null);
    }
}

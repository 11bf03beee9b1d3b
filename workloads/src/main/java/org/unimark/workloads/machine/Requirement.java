// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.machine;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.unimark.baselines.process.Command;

/**
 * A Debian package that something here needs.
 *
 * @param debianPackage its name
 * @param program by which it is recognised: a program, or an absolute path
 * @param reason what it is needed for
 * @param uses the commands that need it
 */
public record Requirement(String debianPackage, String program, String reason, Set<Use> uses) {
    /** What a person wants to do. */
    public enum Use {
        BUILD,
        BOOT,
        MEASURE,
        TEST,
        PAPER
    }

    private static final List<Requirement> ALL = List.of(
            new Requirement(
                    "gcc",
                    "gcc",
                    "compiles images and the instruction counter",
                    EnumSet.complementOf(EnumSet.of(Use.PAPER))),
            new Requirement(
                    "musl-tools",
                    "musl-gcc",
                    "C library of images and static binaries",
                    EnumSet.of(Use.BUILD, Use.BOOT, Use.MEASURE, Use.TEST)),
            new Requirement(
                    "libsqlite3-dev",
                    "/usr/lib/x86_64-linux-gnu/libsqlite3.a",
                    "the SQL engine of images and static binaries",
                    EnumSet.of(Use.BUILD, Use.BOOT, Use.MEASURE, Use.TEST)),
            new Requirement(
                    "qemu-system-x86",
                    "qemu-system-x86_64",
                    "the hypervisor",
                    EnumSet.of(Use.BOOT, Use.MEASURE, Use.TEST)),
            new Requirement("iproute2", "ip", "private network of a run", EnumSet.of(Use.MEASURE, Use.TEST)),
            new Requirement("docker.io", "dockerd", "containers on the host", EnumSet.of(Use.MEASURE, Use.TEST)),
            new Requirement("e2fsprogs", "mke2fs", "disks of Linux guests", EnumSet.of(Use.MEASURE, Use.TEST)),
            new Requirement(
                    "redis-tools", "redis-benchmark", "cross-check of the load generator", EnumSet.of(Use.TEST)),
            new Requirement("redis-server", "redis-server", "server of the cross-check", EnumSet.of(Use.TEST)),
            new Requirement(
                    "postgresql", "pg_lsclusters", "clients and server of the cross-check", EnumSet.of(Use.TEST)),
            new Requirement("wrk", "wrk", "cross-check of the load generator", EnumSet.of(Use.TEST)),
            new Requirement("apache2-utils", "ab", "another real client", EnumSet.of(Use.TEST)),
            new Requirement("sqlite3", "sqlite3", "what images' answers are compared with", EnumSet.of(Use.TEST)),
            new Requirement("curl", "curl", "another real client", EnumSet.of(Use.TEST)),
            new Requirement("nginx-light", "nginx", "server of the cross-check", EnumSet.of(Use.TEST)),
            new Requirement("iputils-ping", "ping", "another real client", EnumSet.of(Use.TEST)),
            new Requirement("slowhttptest", "slowhttptest", "a client that takes its time", EnumSet.of(Use.TEST)),
            new Requirement("openssh-server", "/usr/sbin/sshd", "campaigns on several hosts", EnumSet.of(Use.TEST)),
            new Requirement("openssh-client", "ssh", "campaigns on several hosts", EnumSet.of(Use.TEST)),
            new Requirement("slurmctld", "slurmctld", "campaigns under Slurm", EnumSet.of(Use.TEST)),
            new Requirement("slurmd", "slurmd", "campaigns under Slurm", EnumSet.of(Use.TEST)),
            new Requirement("slurm-client", "sbatch", "campaigns under Slurm", EnumSet.of(Use.TEST)),
            new Requirement("chromium", "chromium", "looks at the report", EnumSet.of(Use.TEST)),
            new Requirement("latexmk", "latexmk", "translates the paper", EnumSet.of(Use.PAPER)),
            new Requirement("texlive-latex-base", "pdflatex", "sets the paper", EnumSet.of(Use.PAPER)),
            new Requirement(
                    "texlive-latex-recommended",
                    "/usr/share/texlive/texmf-dist/tex/latex/booktabs/booktabs.sty",
                    "tables of the paper",
                    EnumSet.of(Use.PAPER)));

    /** All packages that {@code use} needs and that are not there. */
    public static List<Requirement> missing(Use use) {
        List<Requirement> missing = new ArrayList<>();
        for (Requirement requirement : ALL) {
            if (requirement.uses().contains(use) && !requirement.isMet()) {
                missing.add(requirement);
            }
        }
        return missing;
    }

    /** Everything that anything needs. */
    public static List<Requirement> all() {
        return ALL;
    }

    public boolean isMet() {
        return program.startsWith("/") ? Files.exists(Path.of(program)) : Command.exists(program);
    }
}

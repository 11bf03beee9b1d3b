// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.experiment;

import java.io.IOException;
import java.util.List;
import org.unimark.baselines.SystemUnderTest;
import org.unimark.baselines.counter.InstructionCounter;

/** Bytes that are deployed, and bytes that are executed, the Linux kernel included where there is one. */
final class ImageSize implements Experiment {
    private final String name;
    private final Subject subject;

    /** The experiment called {@code name}, on systems that offer {@code subject}. */
    ImageSize(String name, Subject subject) {
        this.name = name;
        this.subject = subject;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String description() {
        return "bytes deployed and bytes executed of " + subject.application() + " systems";
    }

    /** An image with the SQL server takes long to build. */
    @Override
    public boolean isExtensive() {
        return subject == Database.DISK;
    }

    @Override
    public List<Kind> kinds(Effort effort) {
        return List.of(new Kind("size", subject, InstructionCounter.Mode.OFF, 1, 0.1));
    }

    @Override
    public List<Outcome> measure(Kind kind, SystemUnderTest system, Bench bench) throws Rejected, IOException {
        SystemUnderTest.Footprint footprint = system.footprint();
        if (footprint.deployedBytes() <= 0 || footprint.executableBytes() <= 0) {
            throw new Rejected(system.name() + ": an image without bytes: " + footprint);
        }
        Outcome outcome = Outcome.of(0)
                .value("deployed_bytes", footprint.deployedBytes())
                .value("executable_bytes", footprint.executableBytes());
        footprint.parts().forEach((part, bytes) -> outcome.context("bytes of " + part, bytes));
        return List.of(outcome);
    }
}

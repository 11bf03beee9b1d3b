// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.cli;

import java.io.IOException;
import java.util.Locale;
import org.unimark.workloads.machine.AcceleratorProbe;

/** What {@code --accel} takes. */
enum Accelerator {
    /** Whatever the probe finds to be of use. */
    AUTO,
    KVM,
    TCG;

    AcceleratorProbe.Verdict resolve() throws IOException, InterruptedException {
        return this == AUTO
                ? AcceleratorProbe.run()
                : new AcceleratorProbe.Verdict(name().toLowerCase(Locale.ROOT), "chosen on the command line");
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}

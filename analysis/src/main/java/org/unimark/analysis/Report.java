// SPDX-License-Identifier: Apache-2.0
package org.unimark.analysis;

import java.io.IOException;
import java.nio.file.Path;
import org.unimark.analysis.report.ReportWriter;
import org.unimark.results.RunDirectory;

/** Writes the report of one run. */
public final class Report {
    private Report() {}

    /**
     * Writes {@code report.html}, {@code summary.json} and {@code plots/*.svg, *.png} of {@code run} into {@code out}.
     *
     * @return the page
     */
    public static Path write(Path run, Path out) throws IOException {
        return new ReportWriter(new RunDirectory(run)).write(out);
    }
}

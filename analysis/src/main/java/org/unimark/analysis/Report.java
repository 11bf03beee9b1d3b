// SPDX-License-Identifier: Apache-2.0
package org.unimark.analysis;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.unimark.analysis.plot.Plot;
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

    /** The plots that the report of {@code run} has. */
    public static List<Plot> plots(RunDirectory run) throws IOException {
        return new ReportWriter(run).plots();
    }
}

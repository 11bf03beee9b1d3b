// SPDX-License-Identifier: Apache-2.0
package org.unimark.analysis.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.unimark.analysis.ResultTable;
import org.unimark.analysis.Summary;
import org.unimark.analysis.plot.Plot;
import org.unimark.results.RunDirectory;

/** Fills the template and writes all files of a report. */
public final class ReportWriter {
    private final RunDirectory run;

    public ReportWriter(RunDirectory run) {
        this.run = run;
    }

    public List<Plot> plots() throws IOException {
        ReportModel model = model();
        model.build();
        return model.plots();
    }

    private ReportModel model() throws IOException {
        return new ReportModel(run.info(), new ResultTable(run.records()));
    }

    public Path write(Path out) throws IOException {
        ReportModel model = model();
        String page = Pages.fill("report.html", model.build());
        Path plots = Files.createDirectories(out.resolve("plots"));
        for (Plot plot : model.plots()) {
            Files.writeString(plots.resolve(plot.name() + ".svg"), plot.svg());
            plot.writePng(plots);
        }
        Files.writeString(out.resolve("summary.json"), Summary.json(run.path()) + "\n");
        Files.writeString(out.resolve("flaws.html"), Pages.fill("flaws.html", Map.of()));
        return Files.writeString(out.resolve("report.html"), page);
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.analysis.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
        ReportModel model = model(run.path());
        model.build();
        return model.plots();
    }

    private ReportModel model(Path out) throws IOException {
        return new ReportModel(run.info(), new ResultTable(run.records()), new Links(out, run.path()));
    }

    public Path write(Path out) throws IOException {
        Path plots = Files.createDirectories(out.resolve("plots"));
        ReportModel model = model(out);
        String page = Pages.fill("report.html", model.build());
        for (Plot plot : model.plots()) {
            Files.writeString(plots.resolve(plot.name() + ".svg"), plot.svg());
            plot.writePng(plots);
        }
        Files.writeString(out.resolve("summary.json"), Summary.json(run.path()) + "\n");
        Files.writeString(out.resolve("flaws.html"), FlawsPage.in(out));
        return Files.writeString(out.resolve("report.html"), page);
    }
}

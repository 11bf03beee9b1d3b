// SPDX-License-Identifier: Apache-2.0
package org.unimark.analysis.plot;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import org.knowm.xchart.style.AxesChartStyler;

/** One look for all plots. {@link #INK} and {@link #GRID} are placeholders that the page's theme replaces. */
final class Theme {
    static final Color INK = new Color(31, 35, 41);
    static final Color GRID = new Color(201, 206, 214);
    private static final Color CLEAR = new Color(255, 255, 255, 0);
    static final Font TEXT = new Font(Font.SANS_SERIF, Font.PLAIN, 13);

    private Theme() {}

    static void apply(AxesChartStyler styler) {
        styler.setBaseFont(TEXT)
                .setChartBackgroundColor(CLEAR)
                .setPlotBackgroundColor(CLEAR)
                .setPlotBorderVisible(false)
                .setChartFontColor(INK)
                .setChartTitleVisible(false)
                .setLegendVisible(false)
                .setLegendBackgroundColor(CLEAR)
                .setLegendBorderColor(CLEAR)
                .setLegendFont(TEXT)
                .setAnnotationTextFont(TEXT)
                .setAnnotationTextFontColor(INK);
        styler.setAxisTickLabelsFont(TEXT)
                .setAxisTitleFont(TEXT)
                .setAxisTickLabelsColor(INK)
                .setAxisTickMarksColor(GRID)
                .setPlotGridLinesColor(GRID)
                .setPlotGridLinesStroke(new BasicStroke(1f));
        styler.setXAxisTitleColor(INK);
        styler.setYAxisTitleColor(INK);
    }
}

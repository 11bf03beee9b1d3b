// SPDX-License-Identifier: Apache-2.0
package org.unimark.analysis.plot;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.util.ArrayList;
import java.util.List;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * A horizontal chart with one row a system, made of bars, points and intervals. XChart's own bars know neither asymmetric
 * intervals nor single repetitions, which a reader must see.
 */
final class RowChart extends XYChart {
    private record Label(int row, double x, String text) {}

    private static final int WIDTH = 860;
    private static final int ROW_HEIGHT = 58;
    private static final int FRAME_HEIGHT = 84;
    private static final int LABEL_RISE = 17;
    private static final int LABEL_DROP = 5;
    private static final int LABEL_GAP = 12;
    private static final float BAR_WIDTH = 18f;
    private static final float INTERVAL_WIDTH = 3f;
    /** Of the width, behind what is longest. */
    private static final int ROOM_FOR_TEXT = 172;
    /** Below it the names of a legend do not stand side by side. */
    private static final int NARROW = 600;

    /** Browsers draw with fonts that are wider than the one for which the legend is laid out. */
    private static final int LEGEND_GAP = 20;

    private final List<String> rows;
    private final List<Label> labels = new ArrayList<>();
    private double largest;
    private int seriesMade;

    /** @param rows labels from top to bottom */
    RowChart(String axisTitle, List<String> rows) {
        super(new XYChartBuilder()
                .width(WIDTH)
                .height(FRAME_HEIGHT + ROW_HEIGHT * rows.size())
                .xAxisTitle(axisTitle));
        this.rows = List.copyOf(rows);
        Theme.apply(getStyler());
        getStyler()
                .setYAxisMin(-0.5)
                .setYAxisMax(rows.size() - 0.35)
                .setXAxisMin(0.0)
                .setYAxisTicksVisible(false)
                .setPlotGridHorizontalLinesVisible(false)
                .setXAxisTickLabelsFormattingFunction(Quantity::compact);
        getStyler().setLegendPosition(Styler.LegendPosition.OutsideS);
        getStyler().setLegendPadding(LEGEND_GAP);
    }

    private double position(int row) {
        return rows.size() - 1.0 - row;
    }

    /** A bar in {@code row}; {@code legend} is shown once for each name, or not at all if null. */
    void bar(int row, double from, double to, Color color, String legend) {
        line(row, from, to, color, BAR_WIDTH, legend);
    }

    /** Interval as a thick line, median as a big point, repetitions as small ones. */
    void interval(int row, double low, double median, double high, double[] repetitions, Color color) {
        line(row, low, high, color, INTERVAL_WIDTH, null);
        points(row, repetitions, new Color(color.getRed(), color.getGreen(), color.getBlue(), 110), 6);
        points(row, new double[] {median}, color, 11);
    }

    /** Text behind the position {@code x} of a row. */
    void text(int row, double x, String text) {
        labels.add(new Label(row, x, text));
        reach(x);
    }

    private void reach(double x) {
        largest = Math.max(largest, x);
    }

    private void line(int row, double from, double to, Color color, float width, String legend) {
        XYSeries series = series(new double[] {from, to}, row, legend);
        series.setLineColor(color);
        series.setLineStyle(new BasicStroke(width, BasicStroke.CAP_BUTT, BasicStroke.JOIN_BEVEL));
        series.setMarker(SeriesMarkers.NONE);
        reach(to);
    }

    private void points(int row, double[] values, Color color, int size) {
        XYSeries series = series(values, row, null);
        series.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
        series.setMarker(new Dot(size));
        series.setMarkerColor(color);
        for (double value : values) {
            reach(value);
        }
    }

    private XYSeries series(double[] values, int row, String legend) {
        List<Double> x = new ArrayList<>();
        List<Double> y = new ArrayList<>();
        for (double value : values) {
            x.add(value);
            y.add(position(row));
        }
        boolean named = legend != null && getSeries(legend) == null;
        XYSeries series = addSeries(named ? legend : "row " + seriesMade++, x, y);
        series.setShowInLegend(named);
        if (named) {
            getStyler().setLegendVisible(true);
        }
        return series;
    }

    /** Row names stand above their rows: long names fit, also on a phone. */
    @Override
    public void paint(Graphics2D graphics, int width, int height) {
        getStyler().setXAxisMax(largest * width / (width - ROOM_FOR_TEXT));
        getStyler().setLegendLayout(width < NARROW ? Styler.LegendLayout.Vertical : Styler.LegendLayout.Horizontal);
        super.paint(graphics, width, height);
        graphics.setFont(Theme.TEXT);
        graphics.setColor(Theme.INK);
        float left = (float) getScreenXFromChart(0);
        for (int row = 0; row < rows.size(); row++) {
            graphics.drawString(rows.get(row), left, (float) getScreenYFromChart(position(row)) - LABEL_RISE);
        }
        for (Label label : labels) {
            graphics.drawString(
                    label.text(),
                    (float) getScreenXFromChart(label.x()) + LABEL_GAP,
                    (float) getScreenYFromChart(position(label.row())) + LABEL_DROP);
        }
    }

    /** XChart's circles have one size a chart; rows need two. */
    private static final class Dot extends Marker {
        private final int diameter;

        Dot(int diameter) {
            this.diameter = diameter;
        }

        @Override
        public void paint(Graphics2D graphics, double x, double y, int ignored) {
            graphics.fill(
                    new java.awt.geom.Ellipse2D.Double(x - diameter / 2.0, y - diameter / 2.0, diameter, diameter));
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.analysis.plot;

import de.erichseifert.vectorgraphics2d.Processors;
import de.erichseifert.vectorgraphics2d.VectorGraphics2D;
import de.erichseifert.vectorgraphics2d.util.PageSize;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;

/** A finished plot. */
public final class Plot {
    /** What people read lies outside of tags, and stays as it is. */
    private static final Pattern TAG = Pattern.compile("<[^<>]*>");

    private static final Pattern LONG_FRACTION = Pattern.compile("(\\d+\\.\\d)\\d+");

    private static final Pattern PROLOG = Pattern.compile("(?s)^.*?(?=<svg)");
    private static final int PRINT_DPI = 192;
    /** So narrow that its text has the size of a caption's when it is as wide as a column of the paper. */
    private static final int COLUMN_WIDTH = 480;

    private static final int COLUMN_SCALE = 4;
    private static final double COLUMN_HEIGHT = 0.8;
    /** For a legend whose names stand below each other. */
    private static final int COLUMN_LEGEND = 140;

    private final String name;
    private final String title;
    private final XYChart chart;

    Plot(String name, String title, XYChart chart) {
        this.name = name;
        this.title = title;
        this.chart = chart;
    }

    /** File name without an ending. */
    public String name() {
        return name;
    }

    public String title() {
        return title;
    }

    /** SVG to be written into an HTML page; ink and grid take the page's {@code --ink} and {@code --grid}. */
    public String inlineSvg() {
        String svg = PROLOG.matcher(svg()).replaceFirst("");
        svg = TAG.matcher(svg)
                .replaceAll(tag -> Matcher.quoteReplacement(
                        LONG_FRACTION.matcher(tag.group()).replaceAll("$1")));
        svg = svg.replace(rgb(Theme.INK), "var(--ink)").replace(rgb(Theme.GRID), "var(--grid)");
        String label = title.replace("&", "&amp;").replace("\"", "&quot;").replace("<", "&lt;");
        return svg.replaceFirst(
                "<svg",
                Matcher.quoteReplacement("<svg role=\"img\" aria-label=\"" + label + "\" viewBox=\"0 0 "
                        + chart.getWidth() + " " + chart.getHeight() + "\""));
    }

    private static String rgb(java.awt.Color color) {
        return String.format(Locale.ROOT, "rgb(%d,%d,%d)", color.getRed(), color.getGreen(), color.getBlue());
    }

    /** A stand-alone SVG document. */
    public String svg() {
        VectorGraphics2D graphics = new VectorGraphics2D();
        chart.paint(graphics, chart.getWidth(), chart.getHeight());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            Processors.get("svg")
                    .getDocument(graphics.getCommands(), new PageSize(0, 0, chart.getWidth(), chart.getHeight()))
                    .writeTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    /** Writes {@code NAME.png} on white, for slides and documents. */
    public void writePng(java.nio.file.Path directory) throws IOException {
        java.awt.Color background = chart.getStyler().getChartBackgroundColor();
        chart.getStyler().setChartBackgroundColor(java.awt.Color.WHITE);
        try {
            BitmapEncoder.saveBitmapWithDPI(
                    chart, directory.resolve(name).toString(), BitmapEncoder.BitmapFormat.PNG, PRINT_DPI);
        } finally {
            chart.getStyler().setChartBackgroundColor(background);
        }
    }

    /** Writes {@code NAME.png} on white, with fewer pixels to a line and the same text: for a column of a printed page. */
    public void writeColumn(java.nio.file.Path directory) throws IOException {
        int legend = chart.getStyler().isLegendVisible() ? COLUMN_LEGEND : 0;
        int height = (int) (COLUMN_HEIGHT * chart.getHeight()) + legend;
        BufferedImage image =
                new BufferedImage(COLUMN_SCALE * COLUMN_WIDTH, COLUMN_SCALE * height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setColor(java.awt.Color.WHITE);
        graphics.fillRect(0, 0, image.getWidth(), image.getHeight());
        graphics.scale(COLUMN_SCALE, COLUMN_SCALE);
        chart.paint(graphics, COLUMN_WIDTH, height);
        graphics.dispose();
        ImageIO.write(image, "png", directory.resolve(name + ".png").toFile());
    }
}

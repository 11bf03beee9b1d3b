// SPDX-License-Identifier: Apache-2.0
package org.unimark.analysis.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.unimark.analysis.Systems;
import org.unimark.analysis.plot.Quantity;
import org.unimark.results.Record;

/** Areas in proportion to bytes of code, all systems to the same scale: what is small beside Linux must look small. */
final class Treemap {
    private static final String CODE = "code of ";
    private static final double WIDTH = 860;
    private static final double LARGEST_HEIGHT = 430;
    private static final double TEXT_HEIGHT = 14;
    private static final double CHARACTER_WIDTH = 6.8;
    private static final Map<String, String> COLORS = Map.of(
            "application", "#0072b2",
            "Keel", "#56b4e9",
            "Java library", "#009e73",
            "TeaVM runtime", "#cc79a7",
            "C library", "#999999",
            "SQLite", "#f0e442",
            "Linux kernel", "#d55e00",
            "Linux modules", "#e69f00",
            "server", "#009e73");

    private record Tile(String name, double bytes) {}

    private final StringBuilder svg = new StringBuilder();

    private Treemap() {}

    /** One for each system whose records tell whose code it has. */
    static List<Map<String, String>> ofSystems(String experiment, List<Record> records) {
        TreeMap<String, List<Tile>> tiles = new TreeMap<>(Systems.ORDER);
        for (Record record : records) {
            if (record.valid() && record.experiment().equals(experiment)) {
                record.context().forEach((name, bytes) -> {
                    if (name.startsWith(CODE) && bytes > 0) {
                        tiles.computeIfAbsent(record.system(), unused -> new ArrayList<>())
                                .add(new Tile(name.substring(CODE.length()), bytes));
                    }
                });
            }
        }
        double largest = tiles.values().stream().mapToDouble(Treemap::sum).max().orElse(1);
        List<Map<String, String>> drawn = new ArrayList<>();
        tiles.forEach((system, parts) -> {
            double total = sum(parts);
            String own = new Treemap().draw(parts, LARGEST_HEIGHT, system);
            double percent = 100 * total / largest;
            drawn.add(Map.of(
                    "system",
                    Systems.label(system),
                    "svg",
                    own,
                    "scale",
                    String.format(Locale.ROOT, "%.2f", Math.max(0.2, Math.sqrt(percent / 100) * 100)),
                    "total",
                    Quantity.text(total, "bytes") + ", " + Quantity.text(percent) + " % of the largest"));
        });
        return drawn;
    }

    private static double sum(List<Tile> tiles) {
        return tiles.stream().mapToDouble(Tile::bytes).sum();
    }

    private String draw(List<Tile> parts, double height, String system) {
        List<Tile> sorted = parts.stream()
                .sorted(Comparator.comparingDouble(Tile::bytes).reversed())
                .toList();
        svg.append(String.format(
                Locale.ROOT,
                "<svg role=\"img\" aria-label=\"code of %s\" viewBox=\"0 0 %.0f %.0f\">",
                system,
                WIDTH,
                height));
        split(sorted, 0, 0, WIDTH, height);
        return svg.append("</svg>").toString();
    }

    /** Halves the tiles by weight along the longer side, again and again. */
    private void split(List<Tile> tiles, double x, double y, double width, double height) {
        if (tiles.size() == 1) {
            tile(tiles.get(0), x, y, width, height);
            return;
        }
        double total = sum(tiles);
        int cut = 1;
        double first = tiles.get(0).bytes();
        while (cut < tiles.size() - 1 && first + tiles.get(cut).bytes() / 2 < total / 2) {
            first += tiles.get(cut++).bytes();
        }
        double share = first / total;
        List<Tile> rest = tiles.subList(cut, tiles.size());
        if (width >= height) {
            split(tiles.subList(0, cut), x, y, width * share, height);
            split(rest, x + width * share, y, width * (1 - share), height);
        } else {
            split(tiles.subList(0, cut), x, y, width, height * share);
            split(rest, x, y + height * share, width, height * (1 - share));
        }
    }

    private void tile(Tile tile, double x, double y, double width, double height) {
        String origin = tile.name().replaceFirst("/.*", "");
        String part = tile.name().replaceFirst("^[^/]*/", "");
        String size = Quantity.text(tile.bytes(), "bytes");
        svg.append(String.format(
                Locale.ROOT,
                "<g><title>%s: %s, %s</title><rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\""
                        + " stroke=\"var(--page,#fff)\"/>",
                escaped(origin),
                escaped(part),
                size,
                x,
                y,
                width,
                height,
                COLORS.getOrDefault(origin, "#bbbbbb")));
        if (height > TEXT_HEIGHT + 2 && width > (part.length() + 1) * CHARACTER_WIDTH) {
            svg.append(String.format(
                    Locale.ROOT,
                    "<text x=\"%.1f\" y=\"%.1f\" font-size=\"11\" fill=\"#000\">%s</text>",
                    x + 3,
                    y + TEXT_HEIGHT - 1,
                    escaped(part)));
        }
        svg.append("</g>");
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;");
    }
}

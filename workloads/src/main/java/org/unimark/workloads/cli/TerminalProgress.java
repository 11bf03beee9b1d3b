// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.cli;

import java.io.PrintStream;
import java.util.Map;
import java.util.TreeMap;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.unimark.results.Record;
import org.unimark.workloads.campaign.Progress;

/** A bar with the time left on a terminal; elsewhere a line for each record. */
final class TerminalProgress implements Progress {
    private static final int PARTS = 100;
    private static final int REFRESH_MILLIS = 500;
    private static final int MESSAGE_CHARACTERS = 160;

    private final PrintStream out;
    private final ProgressBar bar;
    private String left = "";

    TerminalProgress(PrintStream out) {
        this.out = out;
        this.bar = System.console() == null
                ? null
                : new ProgressBarBuilder()
                        .setTaskName("unimark")
                        .setInitialMax(PARTS)
                        .setUpdateIntervalMillis(REFRESH_MILLIS)
                        .setStyle(ProgressBarStyle.ASCII)
                        .setConsumer(new ConsoleProgressBarConsumer(out))
                        .hideEta()
                        .build();
    }

    @Override
    public void stage(String what) {
        if (bar == null) {
            out.println(what);
        } else {
            bar.setExtraMessage(" " + (left.isEmpty() ? what : left + ", " + what));
        }
    }

    @Override
    public void repetition(String experiment, String system, double share, double secondsLeft) {
        left = secondsLeft < 90
                ? String.format("%.0f s left", Math.max(0, secondsLeft))
                : String.format("%.0f min left", secondsLeft / 60);
        if (bar != null) {
            bar.stepTo((long) (PARTS * share));
            bar.setExtraMessage(" " + left + ", " + experiment + " " + system);
        }
    }

    @Override
    public void recorded(Record record) {
        if (!record.valid()) {
            notice(record.experiment() + " " + record.system() + ": no number: " + shortened(record.problem()));
        } else if (bar == null) {
            out.printf("%s %s: %s (%s)%n", record.experiment(), record.system(), values(record), left);
        }
    }

    private static String shortened(String text) {
        String line = text.replaceAll("\\s+", " ");
        return line.length() <= MESSAGE_CHARACTERS ? line : line.substring(0, MESSAGE_CHARACTERS) + " ...";
    }

    private static String values(Record record) {
        StringBuilder text = new StringBuilder();
        for (Map.Entry<String, Double> value : new TreeMap<>(record.values()).entrySet()) {
            text.append(text.length() == 0 ? "" : ", ")
                    .append(value.getKey())
                    .append(' ')
                    .append(
                            value.getValue() >= 100
                                    ? String.format("%.0f", value.getValue())
                                    : String.format("%.3g", value.getValue()));
        }
        return text.toString();
    }

    @Override
    public void notice(String text) {
        // The bar overwrites its own line only.
        out.println((bar == null ? "" : "\r\u001b[K") + text);
    }

    @Override
    public void end() {
        if (bar != null) {
            bar.close();
        }
    }
}

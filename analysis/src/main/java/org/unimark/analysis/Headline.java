// SPDX-License-Identifier: Apache-2.0
package org.unimark.analysis;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The main quantity of an experiment: the first that its page plots with intervals. */
public final class Headline {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Headline() {}

    /** Name of the metric, or null if the experiment has no page or no such plot. */
    public static String metric(String experiment) {
        try (InputStream in = Headline.class.getResourceAsStream("experiments/" + experiment + ".json")) {
            if (in == null) {
                return null;
            }
            for (JsonNode plot : JSON.readTree(in).path("plots")) {
                if (plot.path("kind").asText().equals("intervals")) {
                    return plot.path("metric").asText();
                }
            }
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

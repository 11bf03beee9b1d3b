// SPDX-License-Identifier: Apache-2.0
package org.unimark.analysis.report;

import com.samskivert.mustache.Mustache;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** All pages: one look, one script, everything in one file that needs no network. */
public final class Pages {
    private Pages() {}

    /** The template of that name, filled with {@code model}, the common style and the common script. */
    public static String fill(String template, Map<String, Object> model) throws IOException {
        Map<String, Object> all = new LinkedHashMap<>(model);
        all.put("style", resource("style.css"));
        all.put("script", resource("sort.js"));
        return Mustache.compiler().nullValue("").compile(resource(template)).execute(all);
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = Pages.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException("the report has no " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}

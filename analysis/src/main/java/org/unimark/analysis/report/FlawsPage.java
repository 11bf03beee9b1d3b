// SPDX-License-Identifier: Apache-2.0
package org.unimark.analysis.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The page on flaws of published artifacts, whose paths are links where the code lies above the page: in the repository. */
final class FlawsPage {
    private static final Pattern CODE = Pattern.compile("<code>([^<]+)</code>");

    private FlawsPage() {}

    static String in(Path out) throws IOException {
        String page = Pages.fill("flaws.html", Map.of());
        Path directory = out.toRealPath();
        for (Path root = directory; root != null; root = root.getParent()) {
            if (hasAll(page, root)) {
                Links links = new Links(directory, root);
                return CODE.matcher(page)
                        .replaceAll(path -> Matcher.quoteReplacement(
                                "<a href=\"" + links.to(path.group(1)) + "\">" + path.group() + "</a>"));
            }
        }
        return page;
    }

    private static boolean hasAll(String page, Path root) {
        return CODE.matcher(page).results().allMatch(path -> Files.exists(root.resolve(path.group(1))));
    }
}

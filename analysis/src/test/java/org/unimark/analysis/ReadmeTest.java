// SPDX-License-Identifier: Apache-2.0
package org.unimark.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.unimark.results.RunDirectory;

class ReadmeTest {
    private static final Pattern TABLE = Pattern.compile("(?s)<!-- table of (\\S+) -->\n(.*?)<!-- end -->");

    @Test
    void theResultTableIsTheReferenceRuns() throws IOException {
        Path home = Path.of("..");
        Matcher table = TABLE.matcher(Files.readString(home.resolve("README.md")));
        assertThat(table.find()).as("the README has a table of results").isTrue();
        RunDirectory run = new RunDirectory(home.resolve(table.group(1)));
        assertThat(table.group(2).strip())
                .as("./unimark report --markdown " + table.group(1) + " prints the right one")
                .isEqualTo(ReadmeTable.of(new ResultTable(run.records())).strip());
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.analysis.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unimark.analysis.claims.Claim;
import org.unimark.analysis.claims.Ledger;

class FlawsTest {
    @TempDir
    Path directory;

    private static final Pattern CODE = Pattern.compile("<code>([^<]+)</code>");

    @Test
    void everyPathLeadsToCode() throws IOException {
        Matcher paths = CODE.matcher(Pages.fill("flaws.html", Map.of()));
        int found = 0;
        while (paths.find()) {
            assertThat(Path.of("..", paths.group(1))).exists();
            found++;
        }
        assertThat(found).isGreaterThan(15);
    }

    @Test
    void pathsAreLinksWhereThePageIsInTheRepository() throws IOException {
        Path within = Files.createDirectories(Path.of("target", "flaws", "report"));
        Matcher links = Pattern.compile("<a href=\"([^\"]+)\"><code>").matcher(FlawsPage.in(within));
        int found = 0;
        while (links.find()) {
            assertThat(within.toRealPath().resolve(links.group(1))).isRegularFile();
            found++;
        }
        assertThat(found).isGreaterThan(15);
        assertThat(FlawsPage.in(directory)).doesNotContain("<a href=\"../").contains("<code>");
    }

    @Test
    void theLedgerIsComplete() {
        List<Claim> claims = Ledger.claims();
        assertThat(claims).extracting(Claim::id).doesNotHaveDuplicates();
        for (int number = 1; number <= 9; number++) {
            String id = "C" + number;
            assertThat(claims).anyMatch(claim -> claim.id().split(" ")[0].equals(id));
        }
        assertThat(claims).allSatisfy(claim -> {
            assertThat(claim.rule()).isNotBlank();
            assertThat(claim.source()).isNotBlank();
            assertThat(claim.tests().isEmpty())
                    .as(claim.id() + " has tests or says why not")
                    .isEqualTo(claim.notTestable() != null);
        });
        assertThat(Ledger.version()).isPositive();
    }
}

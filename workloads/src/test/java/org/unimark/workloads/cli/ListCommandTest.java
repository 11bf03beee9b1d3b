// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.unimark.analysis.claims.Claim;
import org.unimark.analysis.claims.Ledger;
import picocli.CommandLine;

class ListCommandTest {
    private static String list(String... options) {
        StringWriter out = new StringWriter();
        CommandLine commandLine = Main.commandLine();
        commandLine.setOut(new PrintWriter(out, true));
        assertThat(commandLine.execute(
                        Stream.concat(Stream.of("list"), Stream.of(options)).toArray(String[]::new)))
                .isZero();
        return out.toString();
    }

    /** Without where lines break, which may be within an address. */
    private static String joined(String text) {
        return text.replaceAll("\\s+", "");
    }

    @Test
    void saysOfEachClaimWhatItIsMeasuredAgainst() {
        String text = list();
        assertThat(text.lines()).allMatch(line -> line.length() <= 120).noneMatch(line -> line.endsWith(" "));
        String joined = joined(text);
        for (Claim claim : Ledger.claims()) {
            assertThat(joined)
                    .contains(joined(claim.claim() + " published: " + claim.published() + " source: " + claim.source()))
                    .contains(joined("setup: " + claim.setup()))
                    .contains(joined("rule: " + claim.rule()));
            for (Claim.Test test : claim.tests()) {
                assertThat(joined)
                        .contains(joined("tested by " + test.experiment() + ": "))
                        .contains(joined(test.label()));
            }
        }
    }

    @Test
    void namesEverySystemOnce() {
        List<String> lines = list().lines().toList();
        List<String> systems = lines.subList(lines.indexOf("systems") + 1, lines.indexOf("profiles"));
        for (String name :
                List.of("keel", "guest-same", "guest-nginx", "docker-redis", "guest-sqlite3", "guest-postgres")) {
            assertThat(systems)
                    .filteredOn(line -> line.startsWith("  " + name + " "))
                    .as(name)
                    .hasSize(1);
        }
        assertThat(systems).anyMatch(line -> line.matches("  keel +.*http.*kv.*sql.*"));
    }

    @Test
    void programsReadTheSame() throws Exception {
        JsonNode all = new ObjectMapper().readTree(list("--json"));
        assertThat(all.fieldNames())
                .toIterable()
                .containsExactly("experiments", "systems", "profiles", "applications", "claims");
        JsonNode claim = all.get("claims").get(0);
        Claim first = Ledger.claims().get(0);
        assertThat(claim.get("name").asText()).isEqualTo(first.id());
        assertThat(claim.get("description").asText()).isEqualTo(first.claim());
        assertThat(claim.get("source").asText()).isEqualTo(first.source());
        assertThat(claim.get("setup").asText()).isEqualTo(first.setup());
        assertThat(claim.get("rule").asText()).isEqualTo(first.rule());
        assertThat(claim.get("tests")).hasSize(first.tests().size());
        assertThat(claim.get("tests").get(0).get("experiment").asText())
                .isEqualTo(first.tests().get(0).experiment());
    }
}

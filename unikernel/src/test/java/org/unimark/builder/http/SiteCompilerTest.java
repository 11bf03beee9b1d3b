// SPDX-License-Identifier: Apache-2.0
package org.unimark.builder.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unimark.keel.application.http.SiteFormat;

class SiteCompilerTest {
    @TempDir
    Path root;

    @Test
    void isReproducible() {
        byte[] first = TestSites.compile(root.resolve("a"), TestSites.standard(), "");
        byte[] second = TestSites.compile(root.resolve("b"), TestSites.standard(), "");
        assertThat(second).isEqualTo(first);
    }

    @Test
    void takesTheStandardConfigurationWithoutAFile() throws IOException {
        TestSites.write(root, TestSites.standard());
        Map<String, byte[]> resources = SiteCompiler.compile(root, null);
        assertThat(resources).containsOnlyKeys(SiteFormat.RESOURCE);
    }

    @Test
    void refusesAMetricsPageInPlaceOfAFile() {
        Map<String, byte[]> files = new LinkedHashMap<>(TestSites.standard());
        files.put("metrics", new byte[1]);
        assertThatThrownBy(() -> TestSites.compile(root, files, ""))
                .isInstanceOf(SiteException.class)
                .hasMessageContaining("the site has a file /metrics");
    }

    @Test
    void refusesAnErrorPageThatIsNotThere() {
        assertThatThrownBy(() -> TestSites.compile(root, TestSites.standard(), "\nerror_page.404 = /lost.html"))
                .isInstanceOf(SiteException.class)
                .hasMessage("http.properties:2: the site has no file /lost.html");
    }

    @Test
    void refusesHeadsThatDoNotFit() {
        assertThatThrownBy(() -> TestSites.compile(root, TestSites.standard(), "header.X = " + "x".repeat(900)))
                .isInstanceOf(SiteException.class)
                .hasMessageContaining("more than " + SiteFormat.MAXIMUM_HEAD_BYTES);
    }

    @Test
    void refusesWhatIsNoDirectory() {
        assertThatThrownBy(() -> SiteCompiler.compile(root.resolve("nothing"), null))
                .isInstanceOf(SiteException.class)
                .hasMessageContaining("is not a directory");
    }

    @Test
    void compressesOnlyWhatShrinks() {
        Map<String, byte[]> noise = Map.of("a.txt", TestSites.noise(5000));
        Map<String, byte[]> text = Map.of("a.txt", "text ".repeat(1000).getBytes(StandardCharsets.US_ASCII));
        int noisy = TestSites.compile(root.resolve("a"), noise, "").length;
        int plain = TestSites.compile(root.resolve("b"), text, "gzip = off").length;
        int packed = TestSites.compile(root.resolve("c"), text, "").length;
        assertThat(noisy).isBetween(plain - 64, plain + 64);
        assertThat(packed).isBetween(plain + 100, plain + 1000);
    }

    @Test
    void benchmarkPageIsAsLongAsItSays() throws IOException {
        assertThat(BenchmarkSite.index()).hasSize(BenchmarkSite.INDEX_BYTES);
        BenchmarkSite.writeIndex(root);
        assertThat(Files.size(root.resolve("index.html"))).isEqualTo(612);
        SiteConfiguration.parse("benchmark", BenchmarkSite.configuration());
    }

    @Test
    void theSiteThatComesWithKeelIsSmall() throws IOException {
        Path site = Path.of("src/main/site");
        assertThat(SiteCompiler.compile(site, null).get(SiteFormat.RESOURCE)).hasSizeLessThan(16 * 1024);
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unimark.baselines.Cache;
import org.unimark.baselines.process.Command;

/** A user without any rights measures in the same way, inside a user namespace; tested by root, who can become one. */
@Tag("machine")
class RootlessTest {
    private static final int TIMEOUT_SECONDS = 120;

    @TempDir
    Path directory;

    @Test
    void servesFromAUserNamespace() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "the other tests are rootless already");
        SystemsTest.prepared(SystemsTest.makeSite(directory), "guest-nginx");
        Path script = directory.resolve("as-nobody.sh");
        Files.write(
                script, RootlessTest.class.getResourceAsStream("as-nobody.sh").readAllBytes());
        Path work = Files.createDirectory(directory.resolve("work"));
        Command.run("chmod", "-R", "a+rX", directory.toString());

        List<String> command = new ArrayList<>(List.of("unshare", "--mount", "sh", script.toString()));
        command.addAll(List.of(work.toString(), Cache.directory("").toString(), System.getProperty("java.class.path")));
        command.addAll(List.of(
                RunEndsTest.Launcher.class.getName(), directory.resolve("site").toString(), "guest-nginx"));
        Command.Result result = Command.attempt(null, TIMEOUT_SECONDS, command);

        assertThat(result.output()).contains("root of a user namespace", "verified guest-nginx", "links left: 2");
        assertThat(result.status()).isZero();
    }
}

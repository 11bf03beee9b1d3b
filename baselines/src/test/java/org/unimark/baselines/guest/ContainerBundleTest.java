// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines.guest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.unimark.baselines.files.FileTree;
import org.unimark.baselines.server.ContainerImage;

class ContainerBundleTest {
    private static String configuration() throws Exception {
        ContainerImage image = ContainerImage.of(
                "test", new FileTree().text("etc/name", ""), List.of("/server", "a \"quoted\" word"), List.of());
        FileTree bundle = ContainerBundle.of(image);
        assertThat(bundle.nodes()).containsKeys("config.json", "rootfs/etc/name");
        FileTree.RegularFile file = (FileTree.RegularFile) bundle.nodes().get("config.json");
        return new String(file.content(), StandardCharsets.UTF_8);
    }

    @Test
    void fillsEveryPlaceOfTheTemplate() throws Exception {
        assertThat(configuration())
                .doesNotContain("@")
                .contains("\"args\": [\"/server\", \"a \\\"quoted\\\" word\"]")
                .contains("\"limit\": 268435456");
    }

    @Test
    void allowsWhatServersNeedAndNotWhatDockerForbids() throws Exception {
        assertThat(configuration())
                .contains("\"epoll_wait\"", "\"sendfile\"", "\"accept4\"", "\"CAP_NET_BIND_SERVICE\"")
                .doesNotContain("\"init_module\"", "\"umount2\"", "\"bpf\"", "\"CAP_SYS_ADMIN\"");
    }
}

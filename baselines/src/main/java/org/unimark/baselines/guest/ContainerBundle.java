// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines.guest;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.unimark.baselines.files.FileTree;
import org.unimark.baselines.server.ContainerImage;

/**
 * The OCI bundle of a server: its root file system and a configuration with what Docker sets by default: namespaces,
 * capabilities, system call filter, devices, masked paths, memory limit. One thing differs: the container shares the
 * guest's network namespace (Docker's {@code --network host}), which spares it a bridge and address translation.
 */
final class ContainerBundle {
    /** The limit of the container's memory; guests for which it is too much are limited by their own. */
    static final long MEMORY_LIMIT_BYTES = 256L << 20;

    private static final List<String> CAPABILITIES = List.of(
            "CAP_CHOWN",
            "CAP_DAC_OVERRIDE",
            "CAP_FSETID",
            "CAP_FOWNER",
            "CAP_MKNOD",
            "CAP_NET_RAW",
            "CAP_SETGID",
            "CAP_SETUID",
            "CAP_SETFCAP",
            "CAP_SETPCAP",
            "CAP_NET_BIND_SERVICE",
            "CAP_SYS_CHROOT",
            "CAP_KILL",
            "CAP_AUDIT_WRITE");

    /** What the guest's init has mounted there: a disk, or memory. */
    private static final String DATA_MOUNT =
            "{\"destination\": \"/data\", \"type\": \"bind\", \"source\": \"/data\", \"options\": [\"bind\", \"rw\"]},\n    ";

    private ContainerBundle() {}

    /** A tree with {@code config.json} and {@code rootfs}. */
    static FileTree of(ContainerImage image) throws IOException {
        String configuration = resource("config.json")
                .replace("@COMMAND@", quoted(image.command()))
                .replace("@CAPABILITIES@", quoted(CAPABILITIES))
                .replace("@USER@", Integer.toString(image.user()))
                .replace("@DATA@", image.hasData() ? DATA_MOUNT : "")
                .replace("@MEMORY@", Long.toString(MEMORY_LIMIT_BYTES))
                .replace("@SYSTEM_CALLS@", quoted(allowedSystemCalls()));
        return new FileTree().text("config.json", configuration).add("rootfs", image.root());
    }

    static String resource(String name) throws IOException {
        try (InputStream in = ContainerBundle.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException(name + " is not on the class path");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    static List<String> allowedSystemCalls() throws IOException {
        List<String> names = new ArrayList<>();
        for (String line : resource("allowed-system-calls.txt").split("\n", -1)) {
            if (!line.isBlank() && !line.startsWith("#")) {
                names.addAll(List.of(line.strip().split(" ", -1)));
            }
        }
        return names;
    }

    private static String quoted(List<String> values) {
        return values.stream()
                .map(value -> "\"" + value.replace("\\", "\\\\").replace("\"", "\\\"") + "\"")
                .collect(Collectors.joining(", "));
    }
}

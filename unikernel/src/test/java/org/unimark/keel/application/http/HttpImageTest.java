// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.http;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.unimark.builder.Target;
import org.unimark.builder.qemu.Machine;
import org.unimark.builder.qemu.QemuCommand;

/** The application as a unikernel under QEMU, reached through its user network. */
@Tag("boot")
class HttpImageTest extends CompiledServerContract {
    private static final int GUEST_PORT = 80;

    @Override
    ServerProcess start(Path program, int port, Path log) throws IOException {
        QemuCommand command = new QemuCommand(Machine.Q35)
                .kernel(program)
                .memoryMebibytes(64)
                .userNetwork("127.0.0.1", port, GUEST_PORT, "")
                .consoleFile(log.resolveSibling("guest.log"));
        return ServerProcess.startAnswering(command.arguments(), port, log);
    }

    @Override
    Target target() {
        return Target.IMAGE;
    }

    @Override
    int configuredPort(int port) {
        return GUEST_PORT;
    }

    /** QEMU's user network opens two descriptors for each. */
    @Override
    int attackers() {
        return 200;
    }
}

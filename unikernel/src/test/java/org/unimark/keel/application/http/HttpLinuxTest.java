// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.http;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.unimark.builder.Target;

/** The application as a static binary on Linux. */
@Tag("boot")
class HttpLinuxTest extends CompiledServerContract {
    @Override
    ServerProcess start(Path program, int port, Path log) throws IOException {
        return ServerProcess.start(List.of(program.toString()), port, log);
    }

    @Override
    Target target() {
        return Target.LINUX;
    }

    @Override
    int configuredPort(int port) {
        return port;
    }

    @Override
    int attackers() {
        return 1000;
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.campaign;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.unimark.results.RunDirectory;
import org.unimark.results.RunInfo;
import org.unimark.workloads.machine.HostFacts;

/** The provenance of a run. */
final class RunFacts {
    private static final DateTimeFormatter NAME = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");
    private static final int LEAST_CORES = 3;

    private RunFacts() {}

    static RunInfo describe(Request request) throws InterruptedException {
        ZonedDateTime now = ZonedDateTime.now(ZoneOffset.UTC);
        List<String> notices = new ArrayList<>();
        if (request.accelerator().equals("tcg")) {
            notices.add("Guests ran under emulation (TCG): their times compare with each other, not with containers on"
                    + " the host or with other machines.");
        }
        if (Runtime.getRuntime().availableProcessors() < LEAST_CORES) {
            notices.add("Load generator, hypervisor and guest shared "
                    + Runtime.getRuntime().availableProcessors() + " cores: they are not isolated.");
        }
        WorkTree tree = WorkTree.of(request.home());
        return new RunInfo(
                RunInfo.FORMAT_VERSION,
                NAME.format(now) + "-" + request.profile().label(),
                now.toInstant().toString(),
                request.profile().label(),
                request.seed(),
                tree.commit(),
                tree.isDirty(),
                request.accelerator(),
                request.acceleratorReason(),
                HostFacts.host(),
                HostFacts.versions(),
                Map.of(),
                request.arguments(),
                notices);
    }

    /** Makes a directory that did not exist: another run may have started in the same second. */
    static RunDirectory createDirectory(Path runs, RunInfo info) throws IOException {
        String id = info.id();
        for (int i = 2; ; i++) {
            try {
                return RunDirectory.create(runs.resolve(id), renamed(info, id));
            } catch (FileAlreadyExistsException e) {
                id = info.id() + "-" + i;
            }
        }
    }

    private static RunInfo renamed(RunInfo info, String id) {
        return new RunInfo(
                info.formatVersion(),
                id,
                info.start(),
                info.profile(),
                info.seed(),
                info.commit(),
                info.dirty(),
                info.accelerator(),
                info.acceleratorReason(),
                info.host(),
                info.versions(),
                info.images(),
                info.arguments(),
                info.notices());
    }

    static double loadAverage() {
        return HostFacts.loadAverage();
    }
}

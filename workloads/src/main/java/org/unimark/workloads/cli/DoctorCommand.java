// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.unimark.workloads.machine.Diagnosis;
import org.unimark.workloads.machine.Finding;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What this machine can do, and what follows from it. */
@Command(
        name = "doctor",
        description = "Say what this machine can do, and what follows from it. Changes nothing.",
        mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {
    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        List<Finding> findings = Diagnosis.findings();
        if (json) {
            List<Map<String, String>> list = new ArrayList<>();
            for (Finding finding : findings) {
                Map<String, String> entry = new LinkedHashMap<>();
                entry.put("subject", finding.subject());
                entry.put("grade", finding.grade().label());
                entry.put("fact", finding.fact());
                entry.put("consequence", finding.consequence());
                list.add(entry);
            }
            System.out.println(Json.text(list));
        } else {
            for (Finding finding : findings) {
                System.out.printf("%-8s %-12s %s%n", finding.grade().label(), finding.subject(), finding.fact());
                if (!finding.consequence().isEmpty()) {
                    System.out.printf("%-8s %-12s   %s%n", "", "", finding.consequence());
                }
            }
        }
        return status(findings);
    }

    private static int status(List<Finding> findings) {
        if (findings.stream().anyMatch(finding -> finding.grade() == Finding.Grade.IMPOSSIBLE)) {
            return ExitStatus.FAILED;
        }
        boolean missing = findings.stream().anyMatch(finding -> finding.grade() == Finding.Grade.MISSING);
        return missing ? ExitStatus.NEEDS_INSTALLATION : ExitStatus.OK;
    }
}

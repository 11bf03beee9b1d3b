// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.unimark.builder.BuiltImage;
import org.unimark.builder.Target;
import org.unimark.workloads.machine.Requirement;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Makes an image. */
@Command(
        name = "build",
        description = "Compile an application and its content to one bootable image.",
        mixinStandardHelpOptions = true)
final class BuildCommand implements Callable<Integer> {
    @Mixin
    private BuildOptions build;

    @Option(
            names = "--target",
            description = "${COMPLETION-CANDIDATES}: bootable image (default) or static Linux program.")
    private Target target = Target.IMAGE;

    @Option(names = "--output", paramLabel = "DIR", description = "Where the result goes; default: ${DEFAULT-VALUE}.")
    private Path output = Path.of("build");

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Mixin
    private InstallOption install;

    @Override
    public Integer call() throws Exception {
        install.ensure(Requirement.Use.BUILD);
        BuiltImage image = build.build(target, output);
        if (json) {
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("elf", image.elf().toString());
            facts.put("elfWithSymbols", image.elfWithSymbols().toString());
            facts.put("bytes", image.bytes());
            facts.put("sourceHash", image.hash());
            facts.put("cached", image.cached());
            System.out.println(Json.text(facts));
        } else {
            System.out.println(image.report().strip());
            System.out.printf(
                    "%s: %,d bytes (%s)%n",
                    image.elf(), image.bytes(), target.name().toLowerCase(Locale.ROOT));
        }
        return ExitStatus.OK;
    }
}

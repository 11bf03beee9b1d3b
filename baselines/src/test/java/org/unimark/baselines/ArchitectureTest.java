// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Which package of this module may use which. */
@AnalyzeClasses(packages = "org.unimark.baselines", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule noCycles =
            slices().matching("org.unimark.baselines.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule nobodyUsesTheCatalogue = noClasses()
            .that()
            .resideOutsideOfPackage("..catalogue..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("..catalogue..");

    @ArchTest
    static final ArchRule guestsKnowNoOtherPlacement = placement("guest", "docker", "keel");

    @ArchTest
    static final ArchRule containersKnowNoOtherPlacement = placement("docker", "guest", "keel");

    @ArchTest
    static final ArchRule unikernelsKnowNoOtherPlacement = placement("keel", "guest", "docker");

    @ArchTest
    static final ArchRule toolsKnowNoSystems = noClasses()
            .that()
            .resideInAnyPackage("..process..", "..files..", "..debian..", "..net..", "..counter..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("..server..", "..hypervisor..", "..guest..", "..docker..", "..keel..");

    @ArchTest
    static final ArchRule onlyDockerUsesTestcontainers = noClasses()
            .that()
            .resideOutsideOfPackage("..docker..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.testcontainers..", "com.github.dockerjava..");

    private static ArchRule placement(String name, String other, String third) {
        return noClasses()
                .that()
                .resideInAPackage("org.unimark.baselines." + name)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.unimark.baselines." + other, "org.unimark.baselines." + third);
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The rings of docs/architecture.md: a package imports lower rings only. */
@AnalyzeClasses(packages = "org.unimark", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String KEEL = "org.unimark.keel..";
    private static final String MACHINE = "org.unimark.keel.machine..";
    private static final String BUFFER = "org.unimark.keel.buffer..";
    private static final String KERNEL = "org.unimark.keel.kernel..";

    @ArchTest
    static final ArchRule onlyTheFenceUsesInterop = noClasses()
            .that(resideInAPackage(KEEL).and(resideOutsideOfPackage(MACHINE)))
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.teavm..");

    @ArchTest
    static final ArchRule theFenceImportsNothingOfOurs = classes()
            .that()
            .resideInAPackage(MACHINE)
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(MACHINE, "java..", "org.teavm.interop..", "org.teavm.runtime..");

    @ArchTest
    static final ArchRule buffersKnowOnlyMemory = noClasses()
            .that()
            .resideInAPackage(BUFFER)
            .should()
            .dependOnClassesThat(
                    resideInAPackage(KEEL).and(resideOutsideOfPackage(BUFFER)).and(resideOutsideOfPackage(MACHINE)));

    @ArchTest
    static final ArchRule onlyHardwarePackagesUseTheFence = noClasses()
            .that(resideInAPackage(KEEL)
                    .and(not(resideInAnyPackage(
                            MACHINE,
                            BUFFER,
                            "org.unimark.keel.memory..",
                            "org.unimark.keel.cpu..",
                            "org.unimark.keel.pci..",
                            "org.unimark.keel.virtio..",
                            "org.unimark.keel.sqlite..",
                            "org.unimark.keel.image..",
                            "org.unimark.keel.linux.."))))
            .should()
            .dependOnClassesThat()
            .resideInAPackage(MACHINE);

    @ArchTest
    static final ArchRule wireIsPure = classes()
            .that()
            .resideInAPackage("org.unimark.keel.net.wire..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("org.unimark.keel.net.wire..", BUFFER, "java.lang..", "java.util");

    @ArchTest
    static final ArchRule theKernelKnowsNoProtocolAndNoDevice = noClasses()
            .that()
            .resideInAPackage(KERNEL)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.unimark.keel.net..",
                    "org.unimark.keel.storage..",
                    "org.unimark.keel.virtio..",
                    "org.unimark.keel.pci..",
                    "org.unimark.keel.application..");

    @ArchTest
    static final ArchRule protocolsKnowNoHardware = noClasses()
            .that()
            .resideInAPackage("org.unimark.keel.net..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.unimark.keel.pci..",
                    "org.unimark.keel.virtio..",
                    "org.unimark.keel.cpu..",
                    "org.unimark.keel.memory..",
                    "org.unimark.keel.application..");

    @ArchTest
    static final ArchRule driversKnowNoProtocol = noClasses()
            .that()
            .resideInAnyPackage("org.unimark.keel.pci..", "org.unimark.keel.virtio..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.unimark.keel.net",
                    "org.unimark.keel.net.wire..",
                    "org.unimark.keel.net.socket..",
                    "org.unimark.keel.net.ethernet..",
                    "org.unimark.keel.net.arp..",
                    "org.unimark.keel.net.ipv4..",
                    "org.unimark.keel.net.icmp..",
                    "org.unimark.keel.net.udp..",
                    "org.unimark.keel.net.tcp..",
                    "org.unimark.keel.net.dhcp..",
                    "org.unimark.keel.application..");

    @ArchTest
    static final ArchRule applicationsSeeNoHardwareAndNoOtherApplication = noClasses()
            .that()
            .resideInAPackage("org.unimark.keel.application..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.unimark.keel.pci..",
                    "org.unimark.keel.virtio..",
                    "org.unimark.keel.cpu..",
                    "org.unimark.keel.memory..",
                    "org.unimark.keel.net.device..",
                    "org.unimark.keel.net.tcp..",
                    "org.unimark.keel.image..",
                    "org.unimark.keel.linux..");

    @ArchTest
    static final ArchRule nobodyImportsTheOutermostRing = noClasses()
            .that(resideInAPackage("org.unimark..")
                    .and(resideOutsideOfPackage("org.unimark.keel.image.."))
                    .and(resideOutsideOfPackage("org.unimark.keel.linux..")))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.unimark.keel.image..", "org.unimark.keel.linux..");

    @ArchTest
    static final ArchRule keelKnowsNoTools = noClasses()
            .that()
            .resideInAPackage(KEEL)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.unimark.builder..");

    @ArchTest
    static final ArchRule timeAndChanceAreParameters = noClasses()
            .that(resideInAPackage(KEEL))
            .should()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(Thread.class, "sleep", long.class)
            .orShould()
            .callConstructor(java.util.Random.class);

    @ArchTest
    static final ArchRule noThreadsAndNoLocks = noClasses()
            .that(resideInAPackage(KEEL).and(resideOutsideOfPackage(MACHINE)))
            .should()
            .dependOnClassesThat()
            .haveNameMatching("java\\.(lang\\.Thread|util\\.concurrent\\..*)");

    @ArchTest
    static final ArchRule noPackageCycles =
            slices().matching("org.unimark.keel.(**)").should().beFreeOfCycles();
}

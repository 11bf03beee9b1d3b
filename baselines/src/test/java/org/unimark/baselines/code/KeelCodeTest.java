// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines.code;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unimark.baselines.FrontTier;
import org.unimark.baselines.server.ApplicationBuild;
import org.unimark.builder.BuiltImage;
import org.unimark.builder.Target;

/** What is said of an image's surface is read off the image. */
class KeelCodeTest {
    private static final String KEEL = "org/unimark/keel/";

    @TempDir
    Path directory;

    @Test
    void eachDeviceIsADriverAndNothingElseIs() {
        assertThat(Drivers.of(Set.of(
                        KEEL + "virtio/net/VirtioNetworkDevice.java",
                        KEEL + "virtio/net/ReceiveQueue.java",
                        KEEL + "virtio/sound/VirtioSound.java",
                        KEEL + "virtio/ring/Virtqueue.java",
                        KEEL + "virtio/VirtioDevice.java",
                        KEEL + "virtio/transport/DeviceFinder.java",
                        KEEL + "virtio/transport/PciTransport.java",
                        KEEL + "virtio/transport/MmioTransport.java",
                        KEEL + "pci/PciBus.java",
                        KEEL + "pci/PciFunction.java",
                        KEEL + "cpu/IoApic.java",
                        KEEL + "cpu/RealTimeClock.java",
                        KEEL + "cpu/Idle.java",
                        KEEL + "net/tcp/TcpEngine.java",
                        "/build/keel/native/image/panic.c",
                        "/build/keel/native/image/runtime.c")))
                .containsExactly(
                        "cpu/IoApic",
                        "cpu/RealTimeClock",
                        "panic",
                        "pci",
                        "virtio/net",
                        "virtio/sound",
                        "virtio/transport/MmioTransport",
                        "virtio/transport/PciTransport");
        assertThat(Drivers.isVirtioDevice("virtio/net")).isTrue();
        assertThat(Drivers.isVirtioDevice("virtio/transport/PciTransport")).isFalse();
        assertThat(Drivers.isVirtioDevice("cpu/IoApic")).isFalse();
    }

    @Test
    void findsTheInstructionsThatCallAKernel() throws Exception {
        String code = """

                program:     file format elf64-x86-64


                Disassembly of section .text:

                0000000000401000 <_start>:
                  401000:\tmov    $0x3c,%eax
                  401005:\tsyscall
                  401007:\tint    $0x80
                  401009:\tint3
                  40100a:\tsysretq
                  40100d:\tcall   401020 <interrupt>
                  401012:\tiretq
                """;
        assertThat(SystemCallInstructions.count(code)).isEqualTo(3);
        assertThatThrownBy(() -> SystemCallInstructions.count("program: file format elf64-x86-64\n"))
                .isInstanceOf(IOException.class);
    }

    @Tag("boot")
    @Test
    void anImageHasTheDriversOfItsMachineAndNoSystemCalls() throws Exception {
        FrontTier service = new FrontTier(41, 42);
        BuiltImage image = ApplicationBuild.of(service, Target.IMAGE, directory);
        CodeInventory code = KeelCode.of(image.elfWithSymbols(), image.elf());
        assertThat(code.facts())
                .containsEntry("system_calls_available", 0L)
                .containsEntry("device_drivers", 2L)
                .containsEntry("all_device_drivers", 11L)
                .containsEntry("files_for_a_loader", 0L)
                .containsEntry("writable_executable_bytes", 0L);
        BuiltImage onLinux = ApplicationBuild.of(service, Target.LINUX, directory);
        assertThat(SystemCallInstructions.count(onLinux.elfWithSymbols())).isPositive();
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines.hypervisor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.unimark.baselines.SystemUnderTest.StartOptions;
import org.unimark.baselines.counter.InstructionCounter;
import org.unimark.baselines.net.NamespaceLauncher;
import org.unimark.baselines.net.RunNetwork;
import org.unimark.baselines.net.SystemAddress;
import org.unimark.baselines.process.Command;

/**
 * Starts virtual machines that differ in nothing but what they boot: one virtual CPU of the same model, the same memory
 * and the same virtual network card on the same kind of tap.
 */
public final class Hypervisor {
    /** What guests get unless told otherwise. */
    public static final int DEFAULT_MEMORY_MIB = 256;

    private static final String PROGRAM = "qemu-system-x86_64";

    private final String accelerator;

    /** Uses {@code accelerator}: {@code tcg} or {@code kvm}. */
    public Hypervisor(String accelerator) {
        this.accelerator = accelerator;
    }

    /** Why it cannot run, in a sentence, or null. */
    public static String unavailable() {
        return Command.exists(PROGRAM) ? null : "There is no " + PROGRAM + "; install the package qemu-system-x86.";
    }

    public String accelerator() {
        return accelerator;
    }

    /** The counter needs the translations of TCG. */
    public boolean countsInstructions() {
        return accelerator.equals("tcg");
    }

    /**
     * What a machine boots.
     *
     * @param machine QEMU's machine type
     * @param kernel for {@code -kernel}
     * @param initialFiles for {@code -initrd}, or null
     * @param commandLine of the kernel
     * @param entryAddress of the guest's first own instruction, for the counter, or 0
     */
    public record Payload(String machine, Path kernel, Path initialFiles, String commandLine, long entryAddress) {}

    /** Starts a machine for {@code system} whose application listens on {@code port}. */
    public VirtualMachine start(Payload payload, SystemAddress system, int port, StartOptions options)
            throws IOException, InterruptedException {
        String tap = RunNetwork.addTap(system);
        InstructionCounter counter = null;
        try {
            if (options.counting() != InstructionCounter.Mode.OFF && countsInstructions()) {
                counter = InstructionCounter.create(
                        NamespaceLauncher.runDirectory(), options.counting(), payload.entryAddress());
            }
            List<String> command = command(payload, system, tap, options);
            if (counter != null) {
                command.addAll(counter.qemuArguments());
            }
            Files.write(options.consoleLog(), new byte[0]);
            return VirtualMachine.launch(command, system, port, counter, options.consoleLog());
        } catch (IOException e) {
            RunNetwork.remove(system);
            if (counter != null) {
                counter.close();
            }
            throw e;
        }
    }

    private List<String> command(Payload payload, SystemAddress system, String tap, StartOptions options) {
        int memoryMib = options.memoryMib() == 0 ? DEFAULT_MEMORY_MIB : options.memoryMib();
        boolean microvm = payload.machine().startsWith("microvm");
        String card = microvm ? "virtio-net-device" : "virtio-net-pci,romfile=";
        List<String> command = new ArrayList<>(List.of(PROGRAM, "-M", payload.machine(), "-accel", accelerator));
        command.addAll(List.of("-cpu", "max,erms=off,fsrm=off", "-smp", "1", "-m", memoryMib + "M"));
        command.addAll(List.of("-nodefaults", "-no-user-config", "-no-reboot", "-display", "none"));
        command.addAll(List.of("-kernel", payload.kernel().toString(), "-append", payload.commandLine()));
        if (payload.initialFiles() != null) {
            command.addAll(List.of("-initrd", payload.initialFiles().toString()));
        }
        command.addAll(List.of("-netdev", "tap,id=network,ifname=" + tap + ",script=no,downscript=no,vhost=off"));
        command.addAll(List.of("-device", card + ",netdev=network,mac=" + system.mac()));
        command.addAll(List.of("-serial", "file:" + options.consoleLog()));
        return command;
    }
}

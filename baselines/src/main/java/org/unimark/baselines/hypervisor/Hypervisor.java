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
import org.unimark.builder.qemu.Machine;
import org.unimark.builder.qemu.QemuCommand;

/**
 * Starts virtual machines that differ in nothing but what they boot: one virtual CPU of the same model, the same memory
 * and the same virtual network card on the same kind of tap.
 */
public final class Hypervisor {
    /** Variant: {@code off} takes the event index from the network card, so that it notifies and is notified more often. */
    public static final String EVENT_INDEX = "event_idx";
    /** Variant: the file that {@link DeviceTrace} reads. Notifications are delivered one by one then, never merged. */
    public static final String DEVICE_TRACE = "device_trace";
    /** Variant: the path of a socket on which {@link Monitor} talks to the hypervisor. */
    public static final String MONITOR = "monitor";
    /** Variant: the directory in which a {@link DelayLine} connects; no frame reaches the guest before. */
    public static final String DELAY_LINE = "delay_line";

    /** What guests get unless told otherwise. */
    public static final int DEFAULT_MEMORY_MIB = 256;

    /**
     * The same for every system. A run's files are in memory, where the host's cache cannot be bypassed: a flush costs its
     * whole way to the hypervisor and back, and no time of a physical disk, which differs from machine to machine.
     */
    private static final String DISK_CACHE = "writeback";

    private final String accelerator;

    /** Uses {@code accelerator}: {@code tcg} or {@code kvm}. */
    public Hypervisor(String accelerator) {
        this.accelerator = accelerator;
    }

    /** Why it cannot run, in a sentence, or null. */
    public static String unavailable() {
        return Command.exists(QemuCommand.PROGRAM)
                ? null
                : "There is no " + QemuCommand.PROGRAM + "; install the package qemu-system-x86.";
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
     * @param machine type
     * @param machineOptions properties of the machine, or empty
     * @param kernel for {@code -kernel}
     * @param initialFiles for {@code -initrd}, or null
     * @param commandLine of the kernel
     * @param entryAddress of the guest's first own instruction, for the counter, or 0
     * @param disk of this start, which is deleted when it ends, or null
     */
    public record Payload(
            Machine machine,
            String machineOptions,
            Path kernel,
            Path initialFiles,
            String commandLine,
            long entryAddress,
            Path disk) {}

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
            QemuCommand command = command(payload, system, tap, options);
            if (counter != null) {
                command.extra(counter.qemuArguments());
            }
            Files.write(options.consoleLog(), new byte[0]);
            return VirtualMachine.launch(
                    command.arguments(), system, port, counter, payload.disk(), options.consoleLog());
        } catch (IOException e) {
            RunNetwork.remove(system);
            if (counter != null) {
                counter.close();
            }
            if (payload.disk() != null) {
                Files.deleteIfExists(payload.disk());
            }
            throw e;
        }
    }

    private QemuCommand command(Payload payload, SystemAddress system, String tap, StartOptions options) {
        QemuCommand command = new QemuCommand(payload.machine())
                .accelerator(accelerator)
                .machineOptions(payload.machineOptions())
                .memoryMebibytes(options.memoryMib() == 0 ? DEFAULT_MEMORY_MIB : options.memoryMib())
                .kernel(payload.kernel())
                .commandLine(payload.commandLine())
                .consoleFile(options.consoleLog())
                .tap(tap, system.mac(), cardOptions(payload.machine(), options));
        String trace = options.variant().get(DEVICE_TRACE);
        if (trace != null) {
            command.extra(DeviceTrace.arguments(Path.of(trace)));
            if (payload.machine() == Machine.MICROVM) {
                command.extra("-global", "virtio-mmio.ioeventfd=off");
            }
        }
        String monitor = options.variant().get(MONITOR);
        if (monitor != null) {
            command.extra(Monitor.arguments(monitor));
        }
        String delayLine = options.variant().get(DELAY_LINE);
        if (delayLine != null) {
            command.extra(DelayLine.arguments(Path.of(delayLine), QemuCommand.FIRST_NETWORK));
        }
        if (payload.disk() != null) {
            command.drive(payload.disk(), DISK_CACHE);
        }
        return payload.initialFiles() == null ? command : command.initialDisk(payload.initialFiles());
    }

    private static String cardOptions(Machine machine, StartOptions options) {
        List<String> all = new ArrayList<>();
        if (options.variant().containsKey(EVENT_INDEX)) {
            all.add("event_idx=" + options.variant().get(EVENT_INDEX));
        }
        if (options.variant().containsKey(DEVICE_TRACE) && machine != Machine.MICROVM) {
            all.add("ioeventfd=off");
        }
        return String.join(",", all);
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.builder.qemu;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The command that runs a guest under QEMU: one virtual processor, no firmware settings of the user, nothing but the
 * devices that are asked for. The same for every system that is compared, so that they differ in the guest only.
 */
public final class QemuCommand {
    /** The program that is run. */
    public static final String PROGRAM = "qemu-system-x86_64";
    /**
     * All features that the accelerator has, but no fast string instructions: TCG counts and runs an iteration of them as
     * one cheap instruction, which would flatter whoever copies with them.
     */
    public static final String PROCESSOR = "max,erms=off,fsrm=off";
    /** Status of QEMU after a panic of Keel: {@code isa-debug-exit} makes it 0x55 << 1 | 1. */
    public static final int PANIC_STATUS = 171;

    /** For Keel's command line: the address that {@link #userNetwork} expects, without asking for it. */
    public static final String USER_NETWORK_ADDRESS = "keel.ip=10.0.2.15/24 keel.gateway=10.0.2.2";

    private static final String NETWORK = "network";
    /** What QEMU calls the first network that was asked for. */
    public static final String FIRST_NETWORK = NETWORK + 0;

    private static final String DEBUG_EXIT = "isa-debug-exit,iobase=0xf4,iosize=0x04";

    private final Machine machine;
    private final List<String> devices = new ArrayList<>();
    private final List<String> extra = new ArrayList<>();
    private String accelerator = "tcg";
    private String machineOptions = "";
    private String memory = "16M";
    private String console = "stdio";
    private String firmware;
    private Path kernel;
    private Path initialDisk;
    private String commandLine = "";
    private int networks;
    private int disks;

    public QemuCommand(Machine machine) {
        this.machine = machine;
    }

    /** {@code tcg} (default) or {@code kvm}. */
    public QemuCommand accelerator(String name) {
        accelerator = name;
        return this;
    }

    public QemuCommand memoryMebibytes(int mebibytes) {
        memory = mebibytes + "M";
        return this;
    }

    /** Kilobytes, for the search of the least that is enough. */
    public QemuCommand memoryKibibytes(int kibibytes) {
        memory = kibibytes + "K";
        return this;
    }

    /** Further properties of the machine, for instance {@code pic=off,pit=off,rtc=off,isa-serial=on}. */
    public QemuCommand machineOptions(String options) {
        machineOptions = options;
        return this;
    }

    /** An image of Keel, or a Linux kernel. */
    public QemuCommand kernel(Path file) {
        kernel = file;
        return this;
    }

    public QemuCommand initialDisk(Path file) {
        initialDisk = file;
        return this;
    }

    public QemuCommand commandLine(String text) {
        commandLine = text;
        return this;
    }

    /** Another firmware than the machine's own, by file name. */
    public QemuCommand firmware(String file) {
        firmware = file;
        return this;
    }

    /** The serial port goes to this file instead of standard output. */
    public QemuCommand consoleFile(Path file) {
        console = "file:" + escape(file.toString());
        return this;
    }

    /** Nobody listens to the serial port. */
    public QemuCommand noConsole() {
        console = "null";
        return this;
    }

    /**
     * A network card behind QEMU's user-mode network, where the guest is 10.0.2.15 and the host 10.0.2.2, with one port of
     * the host forwarded to one of the guest.
     *
     * @param options of the card, for instance {@code mrg_rxbuf=off}; may be empty
     */
    public QemuCommand userNetwork(String hostAddress, int hostPort, int guestPort, String options) {
        return network("user,restrict=on,hostfwd=tcp:" + hostAddress + ":" + hostPort + "-:" + guestPort, options);
    }

    /** A network card on a tap interface that exists. */
    public QemuCommand tap(String interfaceName, String macAddress, String options) {
        String all = "mac=" + macAddress + (options.isEmpty() ? "" : "," + options);
        return network("tap,ifname=" + interfaceName + ",script=no,downscript=no", all);
    }

    /** A network card behind any of QEMU's network backends. */
    public QemuCommand network(String backend, String options) {
        String name = NETWORK + networks++;
        int comma = backend.indexOf(',');
        String kind = comma < 0 ? backend : backend.substring(0, comma);
        devices.add("-netdev");
        devices.add(kind + ",id=" + name + (comma < 0 ? "" : backend.substring(comma)));
        return device(machine.networkDevice() + ",netdev=" + name + (options.isEmpty() ? "" : "," + options));
    }

    /**
     * A disk in a raw file, as a virtio block device.
     *
     * @param cache QEMU's cache mode: {@code writeback} honours flushes and uses the host's page cache, {@code none}
     *     bypasses it
     */
    public QemuCommand drive(Path file, String cache) {
        return drive(file, cache, "");
    }

    /** Likewise, with options of the device such as {@code write-cache=off}; may be empty. */
    public QemuCommand drive(Path file, String cache, String options) {
        String name = "disk" + disks++;
        devices.add("-drive");
        devices.add("id=" + name + ",if=none,format=raw,cache=" + cache + ",file=" + escape(file.toString()));
        return device(machine.blockDevice() + ",drive=" + name + (options.isEmpty() ? "" : "," + options));
    }

    /** A source of random numbers from the host. */
    public QemuCommand entropy() {
        return device(machine.entropyDevice());
    }

    public QemuCommand device(String description) {
        devices.add("-device");
        devices.add(description);
        return this;
    }

    /** Further arguments, put last: plug-ins, debugging. */
    public QemuCommand extra(String... arguments) {
        extra.addAll(List.of(arguments));
        return this;
    }

    public QemuCommand extra(List<String> arguments) {
        extra.addAll(arguments);
        return this;
    }

    /** The program and its arguments. */
    public List<String> arguments() {
        List<String> arguments = new ArrayList<>(List.of(PROGRAM, "-nodefaults", "-no-user-config"));
        add(arguments, "-machine", machine.qemuName() + (machineOptions.isEmpty() ? "" : "," + machineOptions));
        add(arguments, "-accel", accelerator);
        add(arguments, "-cpu", PROCESSOR);
        add(arguments, "-smp", "1");
        add(arguments, "-m", memory);
        add(arguments, "-display", "none");
        arguments.add("-no-reboot");
        add(arguments, "-serial", console);
        add(arguments, "-device", DEBUG_EXIT);
        if (firmware != null) {
            add(arguments, "-bios", firmware);
        }
        if (kernel != null) {
            add(arguments, "-kernel", kernel.toString());
        }
        if (initialDisk != null) {
            add(arguments, "-initrd", initialDisk.toString());
        }
        if (!commandLine.isEmpty()) {
            add(arguments, "-append", commandLine);
        }
        arguments.addAll(machine.arguments());
        arguments.addAll(devices);
        arguments.addAll(extra);
        return arguments;
    }

    private static void add(List<String> arguments, String option, String value) {
        arguments.add(option);
        arguments.add(value);
    }

    /** QEMU's option parser takes a doubled comma for one. */
    private static String escape(String text) {
        return text.replace(",", ",,");
    }
}

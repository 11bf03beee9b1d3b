// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.activation;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.unimark.builder.qemu.Machine;
import org.unimark.builder.qemu.QemuCommand;

/** Boots an image for each launch, behind QEMU's user-mode network on a port of loopback. */
public final class GuestLauncher implements Backend.Launcher {
    private static final String LISTENING = "listening on port ";
    private static final int END_SECONDS = 5;

    private final Path image;
    private final Machine machine;
    private final String accelerator;
    private final int memoryMebibytes;
    private final int guestPort;
    private final Consumer<String> console;

    /** {@code console} hears every line of the guests' consoles, from threads of their own. */
    public GuestLauncher(
            Path image,
            Machine machine,
            String accelerator,
            int memoryMebibytes,
            int guestPort,
            Consumer<String> console) {
        this.image = image;
        this.machine = machine;
        this.accelerator = accelerator;
        this.memoryMebibytes = memoryMebibytes;
        this.guestPort = guestPort;
        this.console = console;
    }

    @Override
    public Backend launch(Runnable changed) throws IOException {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), freePort());
        List<String> command = new ArrayList<>();
        // The hypervisor ends with this process, however this process ends.
        command.addAll(List.of("setpriv", "--pdeathsig", "KILL"));
        command.addAll(new QemuCommand(machine)
                .accelerator(accelerator)
                .memoryMebibytes(memoryMebibytes)
                .kernel(image)
                .commandLine(QemuCommand.USER_NETWORK_ADDRESS)
                .userNetwork(address.getAddress().getHostAddress(), address.getPort(), guestPort, "")
                .arguments());
        Process process = new ProcessBuilder(command)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .start();
        Guest guest = new Guest(process, address);
        Thread reader = new Thread(() -> guest.read(console, changed), "guest-console");
        reader.setDaemon(true);
        reader.start();
        return guest;
    }

    /** The kernel does not give the same port to somebody else at once, so it is still free when QEMU binds it. */
    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static final class Guest implements Backend {
        private final Process process;
        private final InetSocketAddress address;
        private volatile boolean listening;

        Guest(Process process, InetSocketAddress address) {
            this.process = process;
            this.address = address;
        }

        void read(Consumer<String> console, Runnable changed) {
            try (BufferedReader lines =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII))) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    if (line.startsWith(LISTENING)) {
                        listening = true;
                        changed.run();
                    }
                    console.accept(line);
                }
            } catch (IOException ended) {
                // Its console ends with it.
            }
            changed.run();
        }

        @Override
        public InetSocketAddress address() {
            return address;
        }

        @Override
        public boolean isAlive() {
            return process.isAlive();
        }

        @Override
        public boolean isListening() {
            return listening;
        }

        @Override
        public void close() {
            process.destroyForcibly();
            boolean interrupted = false;
            try {
                process.waitFor(END_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.virtio.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.unimark.builder.qemu.Machine;
import org.unimark.builder.qemu.QemuCommand;

/**
 * The part of {@link LoadTest} that runs in a network namespace of its own, as a process of its own: makes a tap, boots the
 * image on it, loads it, and prints {@code SUCCESS} and the metrics.
 */
public final class LoadedGuest {
    private static final String HOST = "198.18.0.1";
    private static final String GUEST = "198.18.0.2";
    private static final int PORT = 80;
    private static final int CONNECTIONS = 30;
    /** Enough for ten thousand connections. */
    private static final int MEMORY_MEBIBYTES = 64;
    /** Descriptors of the process that loads the guest: more than connections in a test. */
    private static final int DESCRIPTORS = 15_000;

    private static final long BOOT_LIMIT_NANOS = 30_000_000_000L;
    private static final int FLAPS = 4;
    /** Longer than a guest needs to notice, shorter than a connection lives without answers. */
    private static final int FLAP_MILLIS = 300;

    private final Path directory;
    private final InetSocketAddress server = new InetSocketAddress(GUEST, PORT);

    private LoadedGuest(Path directory) {
        this.directory = directory;
    }

    /** What happens to the guest. */
    enum Scene {
        /** Requests on connections that stay. */
        STEADY,
        /** The same while the cable is pulled and plugged in again. */
        FLAP,
        /** A connection for each request; the accounts are printed before the last quarter and at the end. */
        CHURN,
        /** That many connections at once, most of the time idle, and requests on others meanwhile. */
        CROWD
    }

    /** Arguments: directory, image, machine, options of the card, number of requests, {@link Scene}. */
    public static void main(String[] arguments) throws Exception {
        LoadedGuest guest = new LoadedGuest(Path.of(arguments[0]));
        guest.run(
                Path.of(arguments[1]),
                Machine.valueOf(arguments[2]),
                arguments[3],
                Integer.parseInt(arguments[4]),
                Scene.valueOf(arguments[5]));
    }

    private void run(Path image, Machine machine, String options, int requests, Scene scene) throws Exception {
        shell("ip link set lo up");
        shell("ip tuntap add tap0 mode tap");
        shell("ip addr add " + HOST + "/24 dev tap0");
        shell("ip link set tap0 up");
        QemuCommand command = new QemuCommand(machine)
                .kernel(image)
                .memoryMebibytes(MEMORY_MEBIBYTES)
                .commandLine("keel.ip=" + GUEST + "/24")
                .consoleFile(directory.resolve("console.txt"))
                .tap("tap0", "52:54:00:12:34:56", options)
                .extra("-qmp", "unix:" + control() + ",server=on,wait=off");
        Process qemu = new ProcessBuilder(command.arguments())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("qemu.txt").toFile())
                .start();
        try {
            awaitAnswer(qemu);
            load(requests, scene);
            System.out.println(metrics());
            System.out.println(qemu.isAlive() ? "SUCCESS" : "FAILURE: the guest ended");
        } finally {
            qemu.destroy();
            qemu.waitFor(5, TimeUnit.SECONDS);
            qemu.destroyForcibly().waitFor();
        }
    }

    private Path control() {
        return directory.resolve("control");
    }

    private static void shell(String command) throws Exception {
        Process process = new ProcessBuilder(command.split(" ")).inheritIO().start();
        if (process.waitFor() != 0) {
            throw new IOException(command + " failed");
        }
    }

    private void awaitAnswer(Process qemu) throws Exception {
        long deadline = System.nanoTime() + BOOT_LIMIT_NANOS;
        while (true) {
            try (Socket socket = new Socket()) {
                socket.connect(server, 1_000);
                return;
            } catch (IOException notYet) {
                if (!qemu.isAlive() || System.nanoTime() > deadline) {
                    throw new IOException(
                            Files.readString(directory.resolve("qemu.txt"))
                                    + Files.readString(directory.resolve("console.txt")),
                            notYet);
                }
            }
        }
    }

    private void load(int requests, Scene scene) throws Exception {
        byte[] large = Files.readAllBytes(directory.resolve(LoadTest.LARGE));
        byte[] page = Files.readAllBytes(directory.resolve(LoadTest.PAGE));
        KeepAliveLoad pages = new KeepAliveLoad(server, "/" + LoadTest.PAGE, page);
        switch (scene) {
            case STEADY -> steady(pages, large, requests);
            case FLAP -> {
                Thread flapping = new Thread(this::pullCable);
                flapping.start();
                steady(pages, large, requests);
                flapping.join();
            }
            case CHURN -> churn(pages, requests);
            case CROWD -> {
                try (IdleCrowd crowd = new IdleCrowd(server, requests)) {
                    crowd.askEach("/" + LoadTest.PAGE, page);
                    pages.run(CONNECTIONS, requests);
                    System.out.println(metrics());
                }
            }
        }
    }

    private void steady(KeepAliveLoad pages, byte[] large, int requests) throws Exception {
        new KeepAliveLoad(server, "/" + LoadTest.LARGE, large).run(4, 12);
        pages.run(CONNECTIONS, requests);
    }

    /** Half of the connections are ended by the server, which then has to wait, half by the client. */
    private void churn(KeepAliveLoad pages, int requests) throws Exception {
        pages.runShort(CONNECTIONS, requests * 3 / 4);
        System.out.println(metrics());
        pages.runShort(CONNECTIONS, requests / 4);
    }

    private void pullCable() {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(control()));
            converse(channel, "{\"execute\":\"qmp_capabilities\"}");
            for (int i = 0; i < 2 * FLAPS; i++) {
                converse(
                        channel,
                        "{\"execute\":\"set_link\",\"arguments\":{\"name\":\"network0\",\"up\":" + (i % 2 == 1) + "}}");
                TimeUnit.MILLISECONDS.sleep(FLAP_MILLIS);
            }
        } catch (IOException | InterruptedException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private static void converse(SocketChannel channel, String command) throws IOException {
        channel.write(ByteBuffer.wrap((command + "\n").getBytes(StandardCharsets.US_ASCII)));
        channel.read(ByteBuffer.allocate(4096));
    }

    private String metrics() throws IOException {
        try (Socket socket = new Socket(GUEST, PORT)) {
            socket.setSoTimeout(5_000);
            String request = "GET /metrics HTTP/1.1\r\nHost: keel\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    /** How such a process is started. */
    static List<String> command(List<String> arguments) {
        List<String> command = new java.util.ArrayList<>(
                List.of("unshare", "--net", "--pid", "--mount", "--fork", "--kill-child", "--mount-proc"));
        command.addAll(List.of("prlimit", "--nofile=" + DESCRIPTORS));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx512m", "-cp", System.getProperty("java.class.path"), LoadedGuest.class.getName()));
        command.addAll(arguments);
        return command;
    }
}

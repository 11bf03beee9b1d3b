// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines.net;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.unimark.baselines.process.Command;

/**
 * The bridge that all systems are attached to, in the network namespace of this process; made once, gone with the
 * namespace. Only for processes that {@link NamespaceLauncher} started: elsewhere it refuses, so that the network of the
 * machine is never changed.
 */
public final class RunNetwork {
    private static final String BRIDGE = "br0";
    private static final String BRIDGE_MAC = "52:54:00:12:00:01";
    private static final Path TUN = Path.of("/dev/net/tun");
    private static final int TIMEOUT_SECONDS = 20;
    private static boolean ready;

    private RunNetwork() {}

    /** Makes the bridge unless it is there. */
    public static synchronized void ensure() throws IOException, InterruptedException {
        if (ready) {
            return;
        }
        if (!NamespaceLauncher.isInside()) {
            throw new IllegalStateException("the network of a run exists only inside its namespaces");
        }
        // Nothing but the traffic of a run: no router solicitations, no multicast queries.
        writeSetting("ipv6/conf/all/disable_ipv6", "1");
        writeSetting("ipv6/conf/default/disable_ipv6", "1");
        // A connection for each request uses up the default range of ports within its TIME_WAIT.
        writeSetting("ipv4/ip_local_port_range", "1024 65535");
        writeSetting("ipv4/tcp_tw_reuse", "1");
        ip("link", "set", "lo", "up");
        // Without an address of its own a bridge takes that of a port, changes it with them, and forgets its
        // neighbours.
        ip("link", "add", BRIDGE, "address", BRIDGE_MAC, "type", "bridge");
        ip("link", "set", BRIDGE, "type", "bridge", "stp_state", "0", "forward_delay", "0", "mcast_snooping", "0");
        ip("address", "add", SystemAddress.GATEWAY + "/" + SystemAddress.PREFIX_LENGTH, "dev", BRIDGE);
        ip("link", "set", BRIDGE, "up");
        makeTunDevice();
        ready = true;
    }

    /** Makes the tap of {@code system}, attached and up, for a hypervisor that opens it by its name. */
    public static String addTap(SystemAddress system) throws IOException, InterruptedException {
        ensure();
        ip("tuntap", "add", "dev", system.port(), "mode", "tap", "vnet_hdr");
        attach(system);
        return system.port();
    }

    /**
     * Connects the network namespace at {@code namespace}, a path, to the bridge: inside it an interface {@code eth0} has
     * the address of {@code system}.
     */
    public static void addVirtualEthernet(SystemAddress system, Path namespace)
            throws IOException, InterruptedException {
        ensure();
        String inside = "inside" + system.host();
        ip("link", "add", system.port(), "type", "veth", "peer", "name", inside, "address", system.mac());
        ip("link", "set", inside, "netns", namespace.toString());
        String script = "ip link set " + inside + " name eth0 && ip address add " + system.ipWithPrefix()
                + " dev eth0 && ip link set eth0 up && ip route add default via " + SystemAddress.GATEWAY;
        Command.run("nsenter", "--net=" + namespace, "sh", "-c", script);
        attach(system);
    }

    /** Removes the port of {@code system}, if it is there. */
    public static void remove(SystemAddress system) throws IOException, InterruptedException {
        attemptIp("neighbour", "delete", system.ip(), "dev", BRIDGE);
        // A container's port goes by itself when its namespace ends, perhaps at this moment.
        Command.Result deletion = attemptIp("link", "delete", "dev", system.port());
        if (exists(system)) {
            throw new IOException("cannot remove " + system.port() + ": " + deletion.output());
        }
    }

    /** Whether {@code system} has a port now. */
    public static boolean exists(SystemAddress system) throws IOException, InterruptedException {
        return attemptIp("link", "show", "dev", system.port()).succeeded();
    }

    private static void attach(SystemAddress system) throws IOException, InterruptedException {
        ip("link", "set", "dev", system.port(), "master", BRIDGE, "up");
        // Linux repeats a question for an address only every second: too coarse to see when a system comes up.
        ip("neighbour", "replace", system.ip(), "lladdr", system.mac(), "dev", BRIDGE, "nud", "permanent");
    }

    private static void ip(String... arguments) throws IOException, InterruptedException {
        Command.Result result = attemptIp(arguments);
        if (!result.succeeded()) {
            throw new IOException("'ip " + String.join(" ", arguments) + "' failed: " + result.output());
        }
    }

    private static Command.Result attemptIp(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(arguments));
        return Command.attempt(null, TIMEOUT_SECONDS, command);
    }

    /** Absent settings are those of features that the kernel does not have. */
    private static void writeSetting(String name, String value) throws IOException {
        Path file = Path.of("/proc/sys/net", name);
        if (Files.isWritable(file)) {
            Files.writeString(file, value);
        }
    }

    private static void makeTunDevice() throws IOException, InterruptedException {
        if (!Files.exists(TUN)) {
            Files.createDirectories(TUN.getParent());
            Command.run("mknod", TUN.toString(), "c", "10", "200");
        }
    }
}
